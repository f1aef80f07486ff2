import { and, asc, eq, isNull, ne, or, sql } from 'drizzle-orm';
import { camelKeys, snakeKeys } from '../../settings/key-names.js';
import { tenantFields, type TenantSettings } from '../../settings/tenant.js';
import { RollcallError } from '../../errors.js';
import { withClient, type Database, type Session } from '../database.js';
import { migrationState } from '../parts/migration-state.js';
import { tenants } from '../schema/index.js';
import { grantRole, revokeRole } from './tenant-roles.js';

/** A tenant in the database. Instants are text. */
export type RegisteredTenant = typeof tenants.$inferSelect;

/** All registered tenants, including those being removed, by name. */
export async function listTenants({ db }: Database): Promise<RegisteredTenant[]> {
  return db.select().from(tenants).orderBy(asc(tenants.name));
}

/** Whether any tenant is registered, in a database that may be empty or of an earlier version. */
export async function hasTenants(database: Database): Promise<boolean> {
  // A database that we may not look into is refused by what is wrong with it, not for the tenants that it seems to lack.
  if ((await migrationState(database)).applied === 0) return false;
  return withClient(database.pool, async (client) => {
    const { rows } = await client.query<{ there: boolean }>(
      "select to_regclass('rollcall_data.tenants') is not null as there",
    );
    if (rows[0]?.there !== true) return false;
    return (await client.query('select from rollcall_data.tenants limit 1')).rowCount === 1;
  });
}

/** The names of the registered tenants, by their ids. */
export async function nameTenants({ db }: Database): Promise<Map<string, string>> {
  const rows = await db.select({ id: tenants.tenantId, name: tenants.name }).from(tenants);
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** By name or id. */
export async function findTenant({ db }: Database, nameOrId: string): Promise<RegisteredTenant | undefined> {
  const [tenant] = await db
    .select()
    .from(tenants)
    .where(or(eq(tenants.name, nameOrId), eq(sql`${tenants.tenantId}::text`, nameOrId.toLowerCase())));
  return tenant;
}

/**
 * Saves tenants, new ones and changed ones, all or none. Grants access to their roles, and revokes it from roles that they no longer name.
 * @param onSaved called within the transaction
 * @throws RollcallError `command_invalid` if a name or role is another tenant's; `busy` if one is being removed
 */
export async function saveTenants(
  database: Database,
  settings: readonly TenantSettings[],
  onSaved?: (db: Session['db']) => Promise<void>,
): Promise<void> {
  await database.transaction(async ({ db }) => {
    for (const each of settings) await saveTenant(db, each);
    await onSaved?.(db);
  });
}

async function saveTenant(db: Session['db'], settings: TenantSettings): Promise<void> {
  const [before] = await db.select().from(tenants).where(eq(tenants.tenantId, settings.tenant_id)).for('update');
  if (before !== undefined && before.removingAt !== null) throw beingRemoved(before.name);
  await refuseTaken(db, settings);
  const row = toColumns(settings);
  const since = before?.disabledAt ?? sql`now()`;
  const disabledAt = settings.disabled ? since : null;
  await db
    .insert(tenants)
    .values({ ...row, disabledAt })
    .onConflictDoUpdate({ target: tenants.tenantId, set: { ...row, disabledAt, changedAt: sql`now()` } });
  if (before !== undefined && before.role !== null && before.role !== row.role) await revokeRole(db, before.role);
  if (row.role !== null) await grantRole(db, row.role);
}

async function refuseTaken(db: Session['db'], { name, role, tenant_id: id }: TenantSettings): Promise<void> {
  const same = or(eq(tenants.name, name), role === null ? undefined : eq(tenants.role, role));
  const [other] = await db
    .select()
    .from(tenants)
    .where(and(ne(tenants.tenantId, id), same));
  if (other === undefined) return;
  const what = other.name === name ? `name ${name}` : `role ${role}`;
  throw new RollcallError(
    'command_invalid',
    `The ${what} is that of tenant ${other.name} (${other.tenantId})`,
    'Choose another one. See which there are: rollcall tenants list',
  );
}

/** Marks a tenant as being removed: no worker reads it from now on. A tenant that only has rows is registered for that. */
export async function startRemoval({ db }: Database, tenantId: string): Promise<void> {
  const { disabled: _, ...unset } = tenantFields
    .omit({ name: true })
    .parse({ tenant_id: tenantId, credential: 'managed-identity' });
  const marks = { disabledAt: sql`coalesce(${tenants.disabledAt}, now())`, removingAt: sql`now()` };
  await db
    .insert(tenants)
    .values({
      ...camelKeys(unset),
      name: tenantId,
      disabledAt: sql`now()`,
      removingAt: sql`now()`,
    })
    .onConflictDoUpdate({ target: tenants.tenantId, set: marks });
}

/**
 * Enables or disables.
 * @param onSet called within the transaction, with whether that changed anything
 * @returns the same
 */
export async function setEnabled(
  database: Database,
  { tenantId }: Pick<RegisteredTenant, 'tenantId'>,
  enabled: boolean,
  onSet?: (db: Session['db'], changed: boolean) => Promise<void>,
): Promise<boolean> {
  return database.transaction(async ({ db }) => {
    const { rowCount } = await db
      .update(tenants)
      .set({ disabledAt: enabled ? null : sql`now()`, changedAt: sql`now()` })
      .where(
        and(
          eq(tenants.tenantId, tenantId),
          isNull(tenants.removingAt),
          enabled ? sql`${tenants.disabledAt} is not null` : isNull(tenants.disabledAt),
        ),
      );
    await onSet?.(db, rowCount === 1);
    return rowCount === 1;
  });
}

/** The settings of a tenant as columns. */
export function toColumns(settings: TenantSettings) {
  const { disabled: _, ...fields } = settings;
  return camelKeys(fields);
}

/** The columns of a tenant as settings. */
export function toSettings(tenant: RegisteredTenant): TenantSettings {
  const { createdAt: _, changedAt: __, removingAt: ___, disabledAt, ...columns } = tenant;
  return { ...snakeKeys(columns), disabled: disabledAt !== null };
}

const beingRemoved = (name: string) =>
  new RollcallError(
    'busy',
    `Tenant ${name} is being removed`,
    `Finish that first: rollcall tenants remove ${JSON.stringify(name)}`,
  );
