import { z } from 'zod';
import { CLOUD_NAMES } from './clouds.js';
import { CREDENTIAL_KINDS } from './credential.js';
import { pathOf, SECRET_REF, SECRET_REF_HELP } from './secret-ref.js';
import { cron, DOMAIN, timeZone } from './environment.js';
import { perSchedule } from './schedules.js';
import { GUID } from './guid.js';

const NAME = /^[\p{L}\p{N}]([\p{L}\p{N} ._-]{0,61}[\p{L}\p{N}._-])?$/u;
// What Postgres takes without quotes, and no name of its own.
const ROLE = /^(?!pg_)[a-z_][a-z0-9_]{0,62}$/;

const secretRef = z.string().regex(SECRET_REF, { error: `expected ${SECRET_REF_HELP}` });
const oneOf = <const T extends readonly string[]>(values: T) =>
  z.enum(values, { error: `expected one of ${values.join(', ')}` });

/** How a field is set on the command line. `null` and no list are said as `none` there. */
export interface Flag {
  readonly takes: string;
  readonly choices?: readonly string[];
  /** Whether it decides if the tenant can be read: the doctor looks before it is saved. */
  readonly decidesAccess?: true;
}

/** The fields that have a flag in `tenants add` and `tenants update`. */
export const tenantFlags = z.registry<Flag>();

const yesOrNo = z.boolean({ error: 'expected true or false' }).default(false);

/**
 * Every field of a tenant, under its name in `tenants.yaml`, in the database and in `tenants show`. Flags, columns, schema and the table of
 * the README follow from this list.
 */
export const tenantFields = z.strictObject({
  name: z
    .string()
    .regex(NAME, { error: 'expected a name of letters, digits, spaces, dots and dashes, such as contoso' })
    .refine((name) => !GUID.test(name), { error: 'expected a name, not an id' })
    .meta({ description: 'What people call it; commands take it in place of the id' }),
  tenant_id: z
    .string()
    .regex(GUID, { error: "expected the directory's id, a GUID (Entra admin center, Overview)" })
    .toLowerCase()
    .meta({ description: "The directory's id" }),
  client_id: z
    .string()
    .regex(/^\S*$/, { error: 'expected the application (client) id, without spaces' })
    .default('')
    .meta({
      description:
        'The application (client) id of the app registration that reads; may be missing for a system-assigned managed identity',
    })
    .register(tenantFlags, { takes: 'id', decidesAccess: true }),
  credential: oneOf(CREDENTIAL_KINDS)
    .default('secret')
    .meta({ description: 'How the application proves who it is' })
    .register(tenantFlags, { takes: 'kind', choices: CREDENTIAL_KINDS, decidesAccess: true }),
  secret_ref: secretRef
    .nullable()
    .default(null)
    .meta({
      description:
        'Where the client secret, the certificate with its key (PEM or PFX) or the federated token is: env:NAME or file:/path',
    })
    .register(tenantFlags, { takes: 'where', decidesAccess: true }),
  password_ref: secretRef
    .nullable()
    .default(null)
    .meta({ description: "Where the password of the certificate's file is, if it has one: env:NAME or file:/path" })
    .register(tenantFlags, { takes: 'where', decidesAccess: true }),
  cloud: oneOf(CLOUD_NAMES)
    .nullable()
    .default(null)
    .meta({ description: "The cloud of the directory; if unset, the environment's login and Graph hosts" })
    .register(tenantFlags, { takes: 'name', choices: CLOUD_NAMES, decidesAccess: true }),
  include_guests: yesOrNo
    .meta({ description: 'Whether guests are in the roster as well' })
    .register(tenantFlags, { takes: 'yes|no' }),
  include_agents: yesOrNo
    .meta({ description: 'Whether the accounts of AI agents are in the roster as well' })
    .register(tenantFlags, { takes: 'yes|no' }),
  domain_names: z
    .array(z.string().toLowerCase().regex(DOMAIN, { error: 'expected a domain name such as contoso.com' }))
    .default([])
    .transform((names) => [...new Set(names)].sort())
    .meta({ description: 'Only people of these domains; if empty, of every domain' })
    .register(tenantFlags, { takes: 'names' }),
  ...perSchedule('field', ({ description }) =>
    cron
      .nullable()
      .default(null)
      .meta({ description: `${description}; if unset, the environment's` })
      .register(tenantFlags, { takes: 'pattern' }),
  ),
  schedule_time_zone: timeZone
    .nullable()
    .default(null)
    .meta({ description: "The time zone of the patterns; if unset, the environment's" })
    .register(tenantFlags, { takes: 'zone' }),
  role: z
    .string()
    .regex(ROLE, { error: 'expected the name of a database role: small letters, digits and _' })
    .nullable()
    .default(null)
    .meta({ description: 'A database role that sees the rows of this tenant and of no other' })
    .register(tenantFlags, { takes: 'role' }),
  disabled: yesOrNo.meta({ description: 'Whether it is left alone: no schedule, no runs; its rows stay' }),
});

/** What decides whether a tenant can be read. */
export const ACCESS_FIELDS: readonly string[] = Object.entries<z.ZodType>(tenantFields.shape)
  .filter(([, schema]) => tenantFlags.get(schema)?.decidesAccess === true)
  .map(([field]) => field);

export const tenantSchema = tenantFields.superRefine((tenant, context) => {
  for (const [field, message] of contradictions(tenant)) {
    context.addIssue({ code: 'custom', path: [field], message });
  }
});

/** The file of ROLLCALL_TENANTS. */
export const tenantsFileSchema = z.strictObject({
  tenants: z.array(tenantSchema).superRefine((tenants, context) => {
    for (const field of ['name', 'tenant_id', 'role'] as const) {
      const values = tenants.map((tenant) => tenant[field]);
      const twice = values.findIndex((value, index) => value !== null && values.indexOf(value) !== index);
      if (twice !== -1)
        context.addIssue({ code: 'custom', path: [twice, field], message: 'two tenants have this one' });
    }
  }),
});

export type TenantSettings = z.output<typeof tenantSchema>;

type Contradiction = readonly [field: keyof TenantSettings, message: string];

function contradictions({ credential, client_id, secret_ref, password_ref }: TenantSettings): Contradiction[] {
  const found: Contradiction[] = [];
  const needsSecret = credential === 'secret' || credential === 'certificate';
  if (needsSecret && secret_ref === null) found.push(['secret_ref', `expected ${SECRET_REF_HELP}`]);
  if (credential === 'managed-identity' && secret_ref !== null)
    found.push(['secret_ref', 'a managed identity has no secret: expected none']);
  const isFile = credential === 'federated' || credential === 'certificate';
  if (isFile && secret_ref !== null && pathOf(secret_ref) === undefined)
    found.push(['secret_ref', 'expected file: and the path of the certificate or the token']);
  if (credential === 'federated' && secret_ref === null)
    found.push(['secret_ref', 'expected file: and the path of the token, which is read again for every login']);
  if (credential !== 'certificate' && password_ref !== null)
    found.push(['password_ref', 'only the file of a certificate has a password']);
  if (credential !== 'managed-identity' && client_id === '')
    found.push(['client_id', 'expected the application (client) id of the app registration that reads']);
  return found;
}

/** What is wrong, a line for each field. Values are not repeated: one may be a secret that was given in the wrong place. */
export const describeIssues = ({ issues }: z.ZodError): string[] =>
  issues.map(({ path, message }) => {
    const isMissing =
      message.endsWith('received undefined') || (path.length === 0 && message.endsWith('received null'));
    return `${path.length === 0 ? 'the file' : path.join('.')}: ${isMissing ? 'is missing, or empty' : message}`;
  });
