// The emulator as a process of its own, and the settings that lead Rollcall to it.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline/promises';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../dist/emulator/main.js', import.meta.url));

/** Lends the settings of a generated tenant, described by the emulator's own flags. */
export async function withEmulator(flags, home, work) {
  const child = spawn(process.execPath, [MAIN, '--home', home, ...flags], { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = new Promise((resolve) => child.once('close', resolve));
  try {
    return await work(await settings(child));
  } finally {
    child.kill();
    await closed;
  }
}

async function settings(child) {
  for await (const line of createInterface({ input: child.stdout })) {
    const { url, tenantId, clientId, clientSecret, certificateFile } = JSON.parse(line);
    return {
      AZURE_TENANT_ID: tenantId,
      AZURE_CLIENT_ID: clientId,
      AZURE_CLIENT_SECRET: clientSecret,
      AZURE_AUTHORITY_HOST: url,
      GRAPH_BASE_URL: url,
      NODE_EXTRA_CA_CERTS: certificateFile,
    };
  }
  throw new Error('the emulator ended before it was ready');
}
