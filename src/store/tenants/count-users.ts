import type { Database } from '../database.js';

/** Above it, Graph's limits make no difference; and people are not counted one by one for nothing. */
const ENOUGH = 501;

/** How many live users of a tenant are known, at most 501. */
export async function countUsers({ pool }: Database, tenantId: string): Promise<number> {
  const { rows } = await pool.query<{ known: number }>(
    `select count(*)::int as known from (
       select from rollcall_data.users where tenant_id = $1 and removed_at is null limit ${ENOUGH}) as live`,
    [tenantId],
  );
  return rows[0]?.known ?? 0;
}
