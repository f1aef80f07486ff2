// Outlives the run of the suite that started it, by whatever signal that ends: standard input is a pipe that breaks then.
// Whatever the run has left behind is ended, and its folders are removed. A run that ends well has done both itself.
import { rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { endAll } from './left-behind.mjs';

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});

let run;
for await (const line of createInterface({ input: process.stdin })) run = JSON.parse(line);
if (run !== undefined) {
  await endAll(run);
  for (const folder of run.folders) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}
