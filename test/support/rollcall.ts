import { spawn, type ChildProcess } from 'node:child_process';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createContext } from '../../src/cli/context.js';
import { explaining } from '../../src/cli/explain.js';
import { createProgram } from '../../src/cli/program.js';
import type { Emulator, TenantData } from '../../src/emulator/index.js';

import { learnSecrets, refuseSecrets } from './secrets.js';

const MAIN = fileURLToPath(new URL('../../dist/bundle/main.js', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves once standard error has this text. */
  saysOnErr(text: string): Promise<void>;
}

type Environment = Record<string, string>;

/** The variable by which test/support/left-behind.mjs finds what the suite has started. */
const MARK = 'ROLLCALL_TEST_RUN';

/** Those of this file that have not ended. */
const running = new Set<Running>();

/** Ends whatever a test that failed in the middle has left running. */
export async function endStarted(): Promise<void> {
  for (const { child } of running) child.kill('SIGKILL');
  await Promise.allSettled([...running].map(({ ended }) => ended));
}

/** Starts the program as its user would: another process, with an environment of these variables and the mark of the suite. */
export function start(args: readonly string[], environment: Environment, cwd = tmpdir()): Running {
  learnSecrets(environment);
  const { PATH = '', [MARK]: mark = '' } = process.env;
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { PATH, [MARK]: mark, ...environment },
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  const waiting: { text: string; resolve: () => void }[] = [];
  child.stdout.on('data', (chunk) => (out += String(chunk)));
  child.stderr.on('data', (chunk) => {
    err += String(chunk);
    for (const each of waiting) if (err.includes(each.text)) each.resolve();
  });
  const ended = new Promise<Ended>((resolve) =>
    child.on('close', (code, signal) => resolve({ code, signal, out, err })),
  ).then((end) => {
    refuseSecrets(out + err, `the output of \`rollcall ${args.join(' ')}\``);
    return end;
  });
  const started: Running = {
    child,
    ended,
    async saysOnErr(text) {
      const said = new Promise<void>((resolve) => {
        waiting.push({ text, resolve });
        if (err.includes(text)) resolve();
      });
      const dead = ended.then(() =>
        Promise.reject(new Error(`it ended without saying ${JSON.stringify(text)}:\n${err}`)),
      );
      await Promise.race([said, dead]);
    },
  };
  running.add(started);
  child.on('close', () => running.delete(started));
  return started;
}

export const run = (args: readonly string[], environment: Environment, cwd?: string): Promise<Ended> =>
  start(args, environment, cwd).ended;

/** A folder for a test's files, and the variables that lead a process to an emulator. */
export async function settingsFor(emulator: Emulator, tenant: TenantData) {
  const home = await mkdtemp(join(tmpdir(), 'rollcall-cli-'));
  const certificateFile = join(home, 'ca.pem');
  await writeFile(certificateFile, emulator.certificate);
  const [application] = tenant.applications.values();
  const environment: Environment = {
    AZURE_TENANT_ID: tenant.tenantId,
    AZURE_CLIENT_ID: application!.clientId,
    AZURE_CLIENT_SECRET: application!.secrets[0]!.value,
    AZURE_AUTHORITY_HOST: emulator.url,
    GRAPH_BASE_URL: emulator.url,
    NODE_EXTRA_CA_CERTS: certificateFile,
    ROLLCALL_HOME: join(home, 'data'),
  };
  return { environment, home, remove: () => rm(home, { recursive: true, force: true }) };
}

/** The same within this process, which spares its start. What a worker logs does not come with it. */
export async function runHere(args: readonly string[], environment: Environment): Promise<Ended> {
  learnSecrets(environment);
  const out = new PassThrough();
  const err = new PassThrough();
  let code = 0;
  const context = createContext({
    environment,
    out,
    // A stream that is no terminal.
    err: err as unknown as NodeJS.WriteStream,
    signal: new AbortController().signal,
    setExitCode: (given) => {
      code = given;
    },
  });
  await explaining(context, () => createProgram(context).parseAsync(args, { from: 'user' }));
  out.end();
  err.end();
  const said = { out: await text(out), err: await text(err) };
  refuseSecrets(said.out + said.err, `the output of \`rollcall ${args.join(' ')}\``);
  return { code, signal: null, ...said };
}
