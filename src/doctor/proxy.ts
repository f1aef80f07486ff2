import { connect } from 'node:net';
import type { Config } from '../settings/config.js';
import { systemCode } from '../errors.js';
import { ok, problem, type Finding } from './finding.js';

const CHECK = 'proxy';
const TIMEOUT_MS = 10_000;

/** Checks that the proxy answers. What it lets through shows in the checks of the login and Graph. Prints only its host. */
export async function checkProxy({ proxy }: Config): Promise<Finding> {
  if (proxy === undefined) return ok(CHECK, 'none');
  const { hostname, host, port, protocol } = new URL(proxy.url);
  const except = proxy.except === '' ? '' : `, except to ${proxy.except}`;
  const found = `the login and Graph are reached through ${host}${except}`;
  const number = port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
  const failure = await connectFailure(hostname.replaceAll(/^\[|\]$/g, ''), number);
  if (failure === undefined) return ok(CHECK, found);
  return problem(
    CHECK,
    `${found}, which does not answer: ${failure}`,
    'Correct HTTPS_PROXY, start the proxy, or unset HTTPS_PROXY if this machine reaches the login and Graph without it.',
  );
}

function connectFailure(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: TIMEOUT_MS });
    const end = (failure: string | undefined) => {
      resolve(failure);
      socket.destroy();
    };
    socket.on('connect', () => end(undefined));
    socket.on('timeout', () => end('ETIMEDOUT'));
    socket.on('error', (error) => end(systemCode(error) ?? 'no reason was given'));
  });
}
