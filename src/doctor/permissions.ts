import { acceptedFor, rolesIn, type Credential, type TokenFacts } from '../graph/index.js';
import { grantedBy, isLacking, PERMISSIONS } from '../jobs/permissions.js';
import type { Task } from '../jobs/task.js';
import type { TenantCheck } from './tenant-check.js';
import { ok, problem, warning, type Finding } from './finding.js';
import { listed } from './format.js';

export interface Permissions {
  readonly findings: readonly Finding[];
  /** The tasks that have all of their permissions, as far as the token says. */
  readonly runnable: readonly Task[];
}

/** Compares what the token may read with what each task needs. */
export function checkPermissions(
  { tasks, tenantId, endpoints }: Pick<TenantCheck, 'tasks' | 'tenantId' | 'endpoints'>,
  facts: TokenFacts,
  credential: Credential,
): Permissions {
  const roles = rolesIn(facts);
  if (roles === undefined) return { findings: [UNREADABLE], runnable: tasks };
  const advice = (name: string) => howToGrant(name, credential, `${endpoints.authorityHost}/${tenantId}`);
  const needed = [...new Set(tasks.flatMap(({ permissions }) => permissions))];
  // A missing permission that is rarely needed has a check of its own.
  const extra = Object.entries(PERMISSIONS).flatMap(([name, { without, isRarelyNeeded }]) =>
    without === undefined || (isRarelyNeeded === true && isLacking(name, roles)) ? [] : [name],
  );
  const findings = [...needed, ...extra].map((name) => {
    const check = `permission ${name}`;
    const { without } = PERMISSIONS[name] ?? {};
    const by = grantedBy(name, roles);
    if (without !== undefined) {
      return by === undefined ? warning(check, `not granted: ${without}`, advice(name)) : granted(check, name, [by]);
    }
    const uses = tasks.filter(({ permissions }) => permissions.includes(name)).map((task) => useOf(task, name, roles));
    const failing = uses.filter(({ lacking }) => lacking.length > 0);
    if (failing.length === 0)
      return granted(
        check,
        name,
        uses.flatMap((use) => use.by),
      );
    const names = failing.map(({ task }) => task);
    const found = `not granted: ${listed(names)} ${names.length === 1 ? 'fails' : 'fail'}`;
    return problem(check, [found, ...insufficient(name, roles, failing)].join('; '), advice(name));
  });
  const isRunnable = (task: Task) => task.permissions.every((name) => useOf(task, name, roles).lacking.length === 0);
  return { findings, runnable: tasks.filter(isRunnable) };
}

/** What a task reads by one of its permissions. */
interface Use {
  readonly task: string;
  /** Paths that no role of the token lets it read. */
  readonly lacking: readonly string[];
  /** The roles that let it read the others. */
  readonly by: readonly string[];
}

function useOf(task: Task, permission: string, roles: readonly string[]): Use {
  const read = [...task.collections, ...(task.stream === undefined ? [] : [task.stream])].map(
    ({ resource }) => resource,
  );
  const own = read.filter((path) => acceptedFor(path)[0] === permission);
  const paths = own.length > 0 ? own : [PERMISSIONS[permission]?.path ?? ''];
  const by = paths.map((path) => grantedBy(permission, roles, path));
  return {
    task: task.name,
    lacking: paths.filter((_, index) => by[index] === undefined),
    by: by.filter((role) => role !== undefined),
  };
}

function granted(check: string, name: string, by: readonly string[]): Finding {
  const others = [...new Set(by)].filter((role) => role !== name);
  return ok(check, others.length === 0 ? 'granted' : `granted, by ${listed(others)}`);
}

/** Roles of the token that look sufficient and are not. */
function insufficient(name: string, roles: readonly string[], failing: readonly Use[]): string[] {
  const basic = name.replace(/\.Read\.All$/, '.ReadBasic.All');
  if (basic !== name && roles.includes(basic)) return [`${basic} is granted, which shows basic properties only`];
  const by = grantedBy(name, roles);
  const paths = [...new Set(failing.flatMap(({ lacking }) => lacking))];
  return by === undefined ? [] : [`${by} is granted, which is not enough for ${listed(paths)}`];
}

const UNREADABLE = warning(
  'permissions',
  'the token does not say which permissions it has',
  'The requests below show whether they are enough. docs/setup.md lists those that are needed.',
);

export function howToGrant(name: string, { kind, clientId }: Credential, authority: string): string {
  if (kind === 'managed-identity') {
    return `Assign the app role ${name} of Microsoft Graph to the managed identity: docs/setup.md says how. A token issued before that stays in use for up to a day.`;
  }
  const link = `${authority}/adminconsent?client_id=${encodeURIComponent(clientId)}`;
  return `Add the application permission ${name} in the app registration (API permissions), then have an administrator consent: ${link} . A consent takes some minutes to reach new tokens.`;
}
