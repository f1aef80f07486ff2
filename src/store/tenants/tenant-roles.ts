import { sql } from 'drizzle-orm';
import { RollcallError, systemCode } from '../../errors.js';
import type { Session } from '../database.js';

const NOT_ALLOWED = '42501';

/**
 * Lets a role read the views, in which row-level security shows it only the tenant that names it. The role is created
 * if it does not exist: it cannot log in; people and programs become members of it.
 * @throws RollcallError `command_invalid` if the role sees more anyway; `database_failed` if the server forbids roles
 */
export async function grantRole(db: Session['db'], role: string): Promise<void> {
  try {
    await db.execute(sql`select rollcall_data.guard_views()`);
    const { rows } = await db.execute<{ more: boolean }>(sql`
      select rolsuper or rolbypassrls or rollcall_data.sees_all(rolname) as more from pg_roles where rolname = ${role}`);
    if (rows[0]?.more === true) throw seesMore(role);
    await letIn(db, role);
  } catch (error) {
    throw systemCode(error) === NOT_ALLOWED ? notAllowed(role, error) : error;
  }
}

/** Makes the role of a tenant if there is none, and lets it read the views. */
export async function letIn(db: Session['db'], role: string): Promise<void> {
  const name = sql.identifier(role);
  const { rows } = await db.execute(sql`select from pg_roles where rolname = ${role}`);
  if (rows.length === 0) await db.execute(sql`create role ${name} nologin`);
  await db.execute(sql`grant usage on schema rollcall to ${name}`);
  await db.execute(sql`grant select on all tables in schema rollcall to ${name}`);
}

/** The role stays, because it may have been granted to others; it sees nothing here any more. */
export async function revokeRole(db: Session['db'], role: string): Promise<void> {
  const { rows } = await db.execute(sql`select from pg_roles where rolname = ${role}`);
  if (rows.length === 0) return;
  const name = sql.identifier(role);
  await db.execute(sql`revoke select on all tables in schema rollcall from ${name}`);
  await db.execute(sql`revoke usage on schema rollcall from ${name}`);
}

const seesMore = (role: string) =>
  new RollcallError(
    'command_invalid',
    `The role ${role} sees the rows of every tenant: it is a superuser, the owner, a member of rollcall_analyst, or above row-level security`,
    'Choose another role. One that does not exist is created.',
  );

const notAllowed = (role: string, cause: unknown) =>
  new RollcallError(
    'database_failed',
    `The server does not let Rollcall give the role ${role} its rows (SQLSTATE ${NOT_ALLOWED})`,
    'Give the role of DATABASE_URL the right to create roles (alter role … createrole), then try again. It needs it once for each role.',
    { cause },
  );
