import { escapeIdentifier, escapeLiteral } from 'pg';
import { systemCode } from '../errors.js';
import { connect, connectSuperuser, ROLLCALL } from './connection.js';
import type { Credentials } from './credentials.js';

const APPLICATION = 'rollcall-setup';
const WRONG_PASSWORD = '28P01';

/**
 * Creates the product's role and database if they are missing: a process may have been killed after it created the cluster.
 */
export async function ensureProductDatabase(port: number, credentials: Credentials): Promise<void> {
  const client = await connectSuperuser(port, credentials.superuser, APPLICATION);
  try {
    const role = escapeIdentifier(ROLLCALL);
    const setPassword = `alter role ${role} login password ${escapeLiteral(credentials.rollcall)}`;
    const { rows: roles } = await client.query<{ createrole: boolean }>(
      'select rolcreaterole as createrole from pg_roles where rolname = $1',
      [ROLLCALL],
    );
    if (roles.length === 0) {
      // createdb: tests and restores create databases of their own.
      await client.query(`create role ${role} createdb`);
      await client.query(setPassword);
    }
    // For the roles of analysts and tenants; clusters of earlier versions lack it.
    if (roles[0]?.createrole !== true) await client.query(`alter role ${role} createrole`);
    const databases = await client.query('select from pg_database where datname = $1', [ROLLCALL]);
    if (databases.rowCount === 0) await client.query(`create database ${role} owner ${role}`);
    if (!(await canEnter(port, credentials.rollcall))) await client.query(setPassword);
  } finally {
    await client.end();
  }
}

async function canEnter(port: number, password: string): Promise<boolean> {
  try {
    const client = await connect({ port, user: ROLLCALL, password, database: ROLLCALL, name: APPLICATION });
    await client.end();
    return true;
  } catch (error) {
    if (systemCode(error) === WRONG_PASSWORD) return false;
    throw error;
  }
}
