import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createCertificate } from '../../src/emulator/certificate.js';
import type { Ended } from '../support/rollcall.js';
import type { FaultCase, Scene, TaskName } from './fault-case.js';
import { TOKEN } from './lists.js';

const EVERY_TASK: Partial<Record<TaskName, string>> = {
  'hr-roster': 'graph_unreachable',
  'application-discovery': 'graph_unreachable',
  'sso-roster': 'graph_unreachable',
  'sso-access': 'graph_unreachable',
};

/** The login of the emulator knows no Graph but its own: it gives any token. */
const ANY_TOKEN = {
  path: TOKEN,
  times: 'always',
  action: {
    kind: 'reply',
    status: 200,
    body: { token_type: 'Bearer', expires_in: 3599, ext_expires_in: 3599, access_token: 'any' },
  },
} as const;

/** A server whose certificate nobody here trusts. It must never hear a request. */
async function untrustedServer(scene: Scene): Promise<string> {
  const { cert, key } = await createCertificate();
  const server = createServer({ cert, key }, (_, response) => response.end('{}'));
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  scene.onEnd(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  const { port } = server.address() as AddressInfo;
  return `https://localhost:${port}`;
}

const untrusted =
  (variable: string) =>
  async (scene: Scene): Promise<Ended> =>
    scene.sync({ [variable]: await untrustedServer(scene) });

const NO_REPEATS = { GRAPH_RETRIES: '0' } as const;

export const network: readonly FaultCase[] = [
  {
    fault: 'DNS failure',
    where: 'Graph',
    settings: { ...NO_REPEATS, GRAPH_BASE_URL: 'https://graph.invalid' },
    strikes: () => [ANY_TOKEN],
    fails: EVERY_TASK,
  },
  {
    fault: 'DNS failure',
    where: 'the login',
    settings: { ...NO_REPEATS, AZURE_AUTHORITY_HOST: 'https://login.invalid' },
    refuses: 'No token from the login at login.invalid',
  },
  {
    fault: 'TLS failure (a foreign certificate)',
    where: 'Graph',
    settings: NO_REPEATS,
    strikes: () => [ANY_TOKEN],
    story: untrusted('GRAPH_BASE_URL'),
    fails: EVERY_TASK,
  },
  {
    fault: 'TLS failure (a foreign certificate)',
    where: 'the login',
    settings: NO_REPEATS,
    story: untrusted('AZURE_AUTHORITY_HOST'),
    refuses: 'that the certificate is trusted',
  },
];
