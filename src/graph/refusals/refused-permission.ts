import { acceptedFor } from './path-permissions.js';
import type { Refusal } from './refused-token.js';

export interface Forbidden {
  /** Below the version. */
  readonly path: string;
  /** Graph's words, by which kinds are told apart. */
  readonly message: string;
  /** What the reader needs, for paths whose permissions are not known. */
  readonly permissions: readonly string[];
  /** What the token may do; undefined if it does not say. */
  readonly roles: readonly string[] | undefined;
}

/** `AuditLog.Read.All` and the like in a sentence. */
const NAMES = /\b[A-Z][A-Za-z]+(?:-[A-Za-z]+)?\.(?:[A-Z][A-Za-z]+)(?:\.[A-Z][A-Za-z]+)*\b/g;

/** What a 403 of Graph means: it names a permission only if the token lacks it, or does not say what it has. */
export function refusedPermission(forbidden: Forbidden): Refusal {
  const { path, message, permissions, roles } = forbidden;
  if (/insufficient_claims/i.test(message)) return CONDITIONAL;
  const named = /permission/i.test(message) ? (message.match(NAMES) ?? []) : [];
  const missing = roles === undefined ? [] : named.filter((name) => !roles.includes(name));
  if (missing.length > 0) return lacking(missing);
  const accepted = acceptedFor(path);
  const needed = accepted.length > 0 ? accepted.slice(0, 1) : permissions;
  if (roles === undefined || needed.length === 0) return unknown(needed);
  const has = accepted.length > 0 ? accepted.filter((name) => roles.includes(name)) : [];
  if (accepted.length > 0) return has.length > 0 ? although(has.slice(0, 1), forbidden) : lacking(needed);
  const lacked = needed.filter((name) => !roles.includes(name));
  return lacked.length > 0 ? lacking(lacked) : although(needed, forbidden);
}

const CONDITIONAL: Refusal = [
  'Graph forbids this: a Conditional Access policy wants more than the token shows',
  'Have the policy allow this application from the address it reads from (Entra admin center, Conditional Access, Workload identities).',
];

const grant = (names: string) =>
  `Grant the application permission ${names} in the app registration and have an administrator consent to it. A consent takes some minutes to reach new tokens.`;

function lacking(missing: readonly string[]): Refusal {
  const names = [...new Set(missing)].join(' and ');
  return [`Graph forbids this: the application lacks ${names}`, grant(names)];
}

function unknown(needed: readonly string[]): Refusal {
  if (needed.length === 0)
    return ['Graph forbids this', 'See what Graph says, and which permissions this path needs: docs/setup.md.'];
  const names = needed.join(' and ');
  return [`Graph forbids this, which needs ${names}; the token does not say what it may read`, grant(names)];
}

function although(has: readonly string[], { path, roles = [] }: Forbidden): Refusal {
  return [
    `Graph forbids this although the token has ${has.join(' and ')}`,
    `No permission is missing. Likely causes: ${causes(path, roles).join('; ')}. See also what Graph says.`,
  ];
}

/** The likeliest first. */
function causes(path: string, roles: readonly string[]): string[] {
  const isMembers = /^groups\//i.test(path) && !roles.includes('Member.Read.Hidden');
  return [
    ...(isMembers ? ['the membership of this group is hidden, which needs Member.Read.Hidden as well'] : []),
    ...(/^auditLogs\//i.test(path) ? ['the tenant has no Microsoft Entra ID P1 or P2 license'] : []),
    'a Conditional Access policy for workload identities',
    'a restricted management administrative unit that holds the object',
    'a permission that was given or taken away some minutes ago',
  ];
}
