import type { Credential, TokenFacts } from '../graph/index.js';
import { grantedBy, PERMISSIONS } from '../jobs/permissions.js';
import type { Task } from '../jobs/task.js';
import type { Examination } from './examination.js';
import { ok, problem, warning, type Finding } from './finding.js';
import { listed } from './format.js';

export interface Permissions {
  readonly findings: readonly Finding[];
  /** Tasks that lack none of theirs, as far as the token says. */
  readonly able: readonly Task[];
}

/** What the token may read, against what each task needs. */
export function examinePermissions(
  { tasks, tenantId, way }: Pick<Examination, 'tasks' | 'tenantId' | 'way'>,
  { roles, appId, tenantId: tokenTenant }: TokenFacts,
  credential: Credential,
): Permissions {
  if (roles.length === 0 && appId === undefined && tokenTenant === undefined) {
    return { findings: [UNREADABLE], able: tasks };
  }
  const advice = (name: string) => howToGrant(name, credential, `${way.authorityHost}/${tenantId}`);
  const needed = [...new Set(tasks.flatMap(({ permissions }) => permissions))];
  const extra = Object.entries(PERMISSIONS).flatMap(([name, { without }]) => (without === undefined ? [] : [name]));
  const findings = [...needed, ...extra].map((name) => {
    const check = `permission ${name}`;
    const users = tasks.filter(({ permissions }) => permissions.includes(name)).map((task) => task.name);
    const by = grantedBy(name, roles);
    if (by !== undefined) return ok(check, by === name ? 'granted' : `granted, by ${by}`);
    const { without } = PERMISSIONS[name] ?? {};
    if (without !== undefined) return warning(check, `not granted: ${without}`, advice(name));
    return problem(check, `not granted: ${listed(users)} ${users.length === 1 ? 'fails' : 'fail'}`, advice(name));
  });
  const able = tasks.filter(({ permissions }) => permissions.every((name) => grantedBy(name, roles) !== undefined));
  return { findings, able };
}

const UNREADABLE = warning(
  'permissions',
  'the token does not say which permissions it has',
  'What Graph answers below shows whether they are enough. If not: docs/setup.md says which are needed.',
);

function howToGrant(name: string, { kind, clientId }: Credential, authority: string): string {
  if (kind === 'managed-identity') {
    return `Assign the app role ${name} of Microsoft Graph to the managed identity: docs/setup.md says how. Tokens of before are used for up to a day.`;
  }
  const link = `${authority}/adminconsent?client_id=${encodeURIComponent(clientId)}`;
  return `Add the application permission ${name} in the app registration (API permissions), then have an administrator consent: ${link} . A consent takes some minutes to reach new tokens.`;
}
