import { RollcallError } from '../errors.js';
import { rolesIn, withQuery, type GraphClient } from '../graph/index.js';
import type { Collection, Task } from '../jobs/task.js';
import type { TenantCheck } from './tenant-check.js';
import { toFinding, ok, warning, type Finding } from './finding.js';
import { findParent, type Looking } from './find-parent.js';
import { formatBytes, formatMs, listed } from './format.js';

type Asking = Pick<TenantCheck, 'log' | 'signal' | 'record'> & { readonly graph: GraphClient };

const FULL_PAGE = 999;

/** Requests one object of each collection that these tasks read, and a full page of users. */
export async function checkRequests(tasks: readonly Task[], asking: Asking): Promise<Finding[]> {
  const asked = await Promise.all(tasks.map((task) => askForOne(task, asking)));
  const users = tasks.flatMap(({ collections }) => collections).find(({ resource }) => resource === '/users');
  return [...asked.flat(), ...(users === undefined ? [] : [await askForPage(users, asking)])];
}

async function askForOne(task: Task, asking: Asking): Promise<Finding[]> {
  const check = `request ${task.name}`;
  const { collections, stream, permissions } = task;
  const { reader, spent } = countedReader(asking, permissions);
  try {
    const roles = rolesIn(await asking.graph.tokenFacts());
    const unasked: string[] = [];
    for (const collection of collections) {
      const path = await pathOfOne(collection, { reader, roles });
      if (path === undefined) unasked.push(collection.resource);
      else await reader.page(path);
    }
    if (stream !== undefined) await reader.page(withQuery(stream.resource, { $top: 1 }));
    const rest = unasked.length === 0 ? '' : `; nothing was found to ask for ${listed(unasked)}`;
    const answered = ok(check, `Graph answers: ${spent()}${rest}`);
    return stream === undefined ? [answered] : [answered, LICENSED];
  } catch (error) {
    asking.signal.throwIfAborted();
    const isUnlicensed = error instanceof RollcallError && error.code === 'graph_license_missing';
    return [isUnlicensed ? unlicensed(task) : toFinding(check, error)];
  }
}

/** @returns undefined if there is no parent whose children could be requested */
async function pathOfOne(collection: Collection, looking: Looking): Promise<string | undefined> {
  const { resource, isSingle } = collection;
  const options = { $select: selectOf(collection), ...(isSingle ? {} : { $top: 1 }) };
  const [parents = '', children] = resource.split('/{id}');
  if (children === undefined) return withQuery(resource, options);
  const parent = await findParent(parents, looking);
  return parent === undefined ? undefined : withQuery(`${parents}/${encodeURIComponent(parent)}${children}`, options);
}

async function askForPage(users: Collection, asking: Asking): Promise<Finding> {
  const { reader, spent } = countedReader(asking, []);
  try {
    const options = { $select: selectOf(users), $top: FULL_PAGE };
    const { items } = await reader.page(withQuery(users.resource, options));
    return ok('page', `${items.length} users: ${spent()}`);
  } catch (error) {
    asking.signal.throwIfAborted();
    return toFinding('page', error);
  }
}

const selectOf = ({ scope }: Collection) => scope({ includeGuests: true, includeAgents: true, domainNames: [] }).select;

function countedReader({ graph, log, signal, record }: Asking, permissions: readonly string[]) {
  let requests = 0;
  let bytes = 0;
  const started = performance.now();
  const reader = graph.reader({
    log,
    signal,
    permissions,
    onCost(cost) {
      requests += cost.requests;
      bytes += cost.bytes;
    },
    onExchange: record,
  });
  const spent = () =>
    `${requests} ${requests === 1 ? 'request' : 'requests'}, ${formatMs(performance.now() - started)}, ${formatBytes(bytes)}`;
  return { reader, spent };
}

const LICENSED = ok('license', 'Microsoft Entra ID P1 or P2: Graph gives sign-ins');

const unlicensed = ({ name, view }: Task) =>
  warning(
    'license',
    `this tenant has no Microsoft Entra ID P1 or P2 license: Graph gives no sign-ins, ${name} fails, and ${view} stays empty`,
    'The other tasks work without it. With such a license Graph keeps sign-ins for 30 days.',
  );
