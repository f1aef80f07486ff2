// How fast the SSO roster is read from a Graph that takes its time, against one request at a time.
import { readFile } from 'node:fs/promises';
import { formatCount, formatTable } from '../dist/cli/print.js';
import { readConfig } from '../dist/settings/config.js';
import { createGraphClient, openCredential, withQuery } from '../dist/graph/index.js';
import { createLog } from '../dist/log.js';
import { withEmulator } from './support/emulator.mjs';
import { withFolder } from './support/folder.mjs';
import { sync } from './support/sync.mjs';

const LIMIT_RATIO = 20;
const LATENCY_MS = 100;
const APPLICATIONS = 2000;
const GROUPS = 1000;
/** One request at a time costs the same each time: so many tell how long all would take. */
const SAMPLE = 200;
/** One principal in twenty is a machine, to which nobody signs in. */
const PRINCIPALS = Math.floor((APPLICATIONS / 19) * 20);
const TENANT = { users: 5000, 'service-principals': PRINCIPALS, assignments: 5, groups: GROUPS, members: 50 };

export function ssoRoster() {
  return withFolder((home) => {
    const flags = Object.entries({ ...TENANT, latency: LATENCY_MS }).flatMap(([name, value]) => [`--${name}`, value]);
    return withEmulator(flags.map(String), home, (settings) => compare(settings, home));
  });
}

async function compare(settings, home) {
  for (const need of ['hr-roster', 'application-discovery']) await sync(need, settings, home);
  const run = await sync('sso-roster', settings, home);
  const single = await oneByOne(settings);
  // What a run asks for: each application, and each group that one of them is assigned to.
  const seconds = (single.ms / SAMPLE / 1000) * run.pages;
  const ratio = seconds / run.seconds;
  const size = `${formatCount(APPLICATIONS)} applications, ${formatCount(run.pages - APPLICATIONS)} groups`;
  const rows = [
    ['a run, with staging and landing', size, formatCount(run.requests), run.seconds.toFixed(1), '', ''],
    [
      `one request at a time, by a sample of ${SAMPLE}`,
      size,
      formatCount(run.pages),
      seconds.toFixed(1),
      ratio.toFixed(1),
      ratio < LIMIT_RATIO ? 'UNDER' : '',
    ],
  ];
  const head = [`latency ${LATENCY_MS} ms`, 'tenant', 'requests', 'seconds', '× a run', `< ${LIMIT_RATIO}`];
  process.stdout.write(formatTable(head, rows));
}

/** Reads only; what it would write comes on top. */
async function oneByOne(settings) {
  const config = readConfig(settings);
  const { authorityHost, graphBaseUrl } = config;
  const client = createGraphClient({
    credential: await openCredential(config.tenant, config.readSecret),
    authorityHost,
    graphBaseUrl,
    certificateAuthority: await readFile(settings.NODE_EXTRA_CA_CERTS, 'utf8'),
    onLogin() {},
  });
  const reader = client.reader({
    log: createLog('silent'),
    signal: new AbortController().signal,
    permissions: [],
    onCost() {},
    onExchange() {},
  });
  try {
    const ids = [];
    for await (const { items } of reader.pages(withQuery('/servicePrincipals', { $select: 'id', $top: SAMPLE }))) {
      ids.push(...items.map(({ id }) => id));
      if (ids.length >= SAMPLE) break;
    }
    const start = performance.now();
    for (const id of ids.slice(0, SAMPLE)) {
      const path = withQuery(`/servicePrincipals/${id}/appRoleAssignedTo`, { $top: 999 });
      for await (const _ of reader.pages(path));
    }
    return { ms: performance.now() - start };
  } finally {
    await client.close();
  }
}
