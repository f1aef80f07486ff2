import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseCommand } from './command.js';
import { startEmulator } from './emulator.js';

// The emulator as a process of its own. One line of JSON on standard output says that it is ready and how to reach it.
const { options, tenant, home } = parseCommand(process.argv.slice(2));
const emulator = await startEmulator(options);

const folder = home === undefined ? await mkdtemp(join(tmpdir(), 'rollcall-emulator-')) : resolve(home);
await mkdir(folder, { recursive: true });
const certificateFile = join(folder, 'emulator-certificate.pem');
await writeFile(certificateFile, emulator.certificate);

const [application] = tenant.applications.values();
const ready = {
  url: emulator.url,
  tenantId: tenant.tenantId,
  clientId: application?.clientId,
  clientSecret: application?.secrets[0]?.value,
  certificateFile,
};
process.stdout.write(`${JSON.stringify(ready)}\n`);

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => void emulator.close().then(() => process.exit(0)));
}
