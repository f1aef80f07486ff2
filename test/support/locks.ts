import type { Database } from '../../src/store/index.js';

/** A row of this table counts only as long as its session has the advisory lock that proves it. */
const LIVE = `from rollcall_staging.locks l join pg_locks p on p.pid = l.pid and p.locktype = 'advisory' and p.granted
  and (p.classid::bigint << 32 | p.objid::bigint) = l.proof where l.name = $1`;

export const lockOfRun = ({ tenantId, task }: { readonly tenantId: string; readonly task: string }) =>
  `run ${tenantId} ${task}`;
export const lockOfTenant = (tenantId: string) => `tenant ${tenantId}`;

/** How many sessions hold a lock of this name. */
export async function countHolders({ pool }: Pick<Database, 'pool'>, name: string): Promise<number> {
  return (await pool.query(`select ${LIVE}`, [name])).rowCount ?? 0;
}

/** Ends the sessions that hold a lock of this name, as a network that breaks does. @throws Error if there is none */
export async function breakLocks({ pool }: Pick<Database, 'pool'>, name: string): Promise<void> {
  const { rowCount } = await pool.query(`select pg_terminate_backend(l.pid) ${LIVE}`, [name]);
  if (rowCount === 0) throw new Error(`no session holds the lock ${name}`);
}
