import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FaultAction } from '../../src/emulator/index.js';
import type { FaultCase, Scene, TaskName } from './fault-case.js';
import { EVERYWHERE, LONG_LISTS, POSITIONS, refusal, strike, type ListName } from './lists.js';

const EXPIRED = refusal(
  400,
  'Directory_ExpiredPageToken',
  'The specified page token value has expired and can no longer be included in your request.',
);
/** As the audit log says it. */
const NOT_FOUND = refusal(400, 'UnknownError', 'Token not found: token is either invalid or expired');
const NULL_TOKEN = refusal(400, '', 'Invalid Skip Token, skip token is null');

const expired = (position: 'middle' | 'last', times: number | 'always') =>
  LONG_LISTS.map((list) => strike(list, position, list === 'signIns' ? NOT_FOUND : EXPIRED, times));

const pageExpired: Partial<Record<TaskName, string>> = {
  'hr-roster': 'graph_page_expired',
  'application-discovery': 'graph_page_expired',
  'sso-roster': 'graph_page_expired',
  'sso-access': 'graph_page_expired',
};

const expiredTokens: readonly FaultCase[] = [
  ...(['middle', 'last'] as const).map((position): FaultCase => ({
    fault: 'expired page token, once',
    where: EVERYWHERE[position],
    strikes: () => expired(position, 1),
  })),
  { fault: 'expired page token, twice', where: EVERYWHERE.middle, strikes: () => expired('middle', 2) },
  {
    fault: 'expired page token, for ever',
    where: EVERYWHERE.middle,
    // Who does not find out who has access never asks for members.
    strikes: () => expired('middle', 'always').filter(({ path }) => !String(path).includes('members')),
    fails: pageExpired,
    also: async ({ emulator }) => {
      const starts = emulator.requests.filter(({ path }) => /\/users\?(?!.*skiptoken)/.test(path)).length;
      return starts === 6 ? [] : [`the users were begun ${starts} times, not 6`];
    },
  },
  {
    fault: 'expired page token, once',
    where: 'sign-ins of the first read, 30 days back',
    start: 'empty',
    strikes: () => [strike('signIns', 'middle', NOT_FOUND)],
  },
  {
    fault: 'page token that is null, once',
    where: 'sign-ins of the first read, 30 days back',
    start: 'empty',
    strikes: () => [strike('signIns', 'middle', NULL_TOKEN)],
  },
];

const badRequest = (list: ListName, task: TaskName): FaultCase => ({
  fault: '400 for a request of ours',
  where: list,
  strikes: () => [strike(list, 'first', refusal(400, 'Request_BadRequest', 'Could not find a property'), 'always')],
  fails: { [task]: 'graph_bad_request' },
});

const emptyPages: FaultAction = { kind: 'empty-page' };

/** Hears whoever follows a link that leads away from Graph. */
async function stranger(scene: Scene): Promise<{ origin: string; heard: () => number }> {
  let connections = 0;
  const server = createServer();
  server.on('connection', (socket) => {
    connections += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  scene.onEnd(() => new Promise((resolve) => void server.close(() => resolve())));
  const { port } = server.address() as AddressInfo;
  return { origin: `//localhost:${port}`, heard: () => connections };
}

const leadsAway = (scheme: string): FaultCase => ({
  fault: `a nextLink to another ${scheme === 'https:' ? 'host' : 'scheme'}`,
  where: 'users, a middle page',
  async story(scene) {
    const { origin, heard } = await stranger(scene);
    scene.emulator.faults.add(strike('users', 'middle', { kind: 'foreign-link', origin: scheme + origin }, 'always'));
    const ended = await scene.sync();
    if (heard() > 0) throw new Error('somebody followed the link');
    return ended;
  },
  fails: { 'hr-roster': 'graph_foreign_link' },
});

export const paging: readonly FaultCase[] = [
  ...expiredTokens,
  badRequest('users', 'hr-roster'),
  badRequest('organization', 'application-discovery'),
  badRequest('members', 'sso-roster'),
  badRequest('signIns', 'sso-access'),
  ...POSITIONS.map((position): FaultCase => ({
    fault: 'empty pages with a nextLink, twice in a row',
    where: EVERYWHERE[position],
    strikes: () =>
      LONG_LISTS.map((list) => ({
        ...strike(list, position, emptyPages, 2),
        path: strike(list, position, emptyPages).path,
      })),
    extra: LONG_LISTS.length * 2,
  })),
  {
    fault: 'a nextLink to its own page, for ever',
    where: EVERYWHERE.middle,
    strikes: () =>
      LONG_LISTS.filter((list) => list !== 'members').map((list) =>
        strike(list, 'middle', { kind: 'loop-link' }, 'always'),
      ),
    fails: {
      'hr-roster': 'graph_unreadable',
      'application-discovery': 'graph_unreadable',
      'sso-roster': 'graph_unreadable',
      'sso-access': 'graph_unreadable',
    },
  },
  {
    fault: 'expired page token, for ever',
    where: 'members, a middle page',
    strikes: () => [strike('members', 'middle', EXPIRED, 'always')],
    fails: { 'sso-roster': 'graph_page_expired' },
  },
  {
    fault: 'nextLinks in a circle of three pages',
    where: 'users',
    async story(scene) {
      let first: unknown;
      const remember = (body: unknown) => {
        first ??= (body as Record<string, unknown>)['@odata.nextLink'];
        return body;
      };
      const lead = (body: unknown) => ({ ...(body as object), '@odata.nextLink': first });
      scene.emulator.faults.add(strike('users', 'first', { kind: 'edit', edit: remember }), {
        ...strike('users', 'middle', { kind: 'edit', edit: lead }, 'always'),
        nth: 3,
      });
      return scene.sync();
    },
    fails: { 'hr-roster': 'graph_unreadable' },
  },
  leadsAway('https:'),
  leadsAway('http:'),
  {
    fault: 'a nextLink that is no address',
    where: 'users, a middle page',
    settings: { GRAPH_RETRIES: '1' },
    strikes: () => [
      strike(
        'users',
        'middle',
        { kind: 'patch', operations: [{ op: 'replace', path: '/@odata.nextLink', value: 'https://' }] },
        'always',
      ),
    ],
    fails: { 'hr-roster': 'graph_unreadable' },
  },
];
