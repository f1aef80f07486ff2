import { sql, type SQL } from 'drizzle-orm';

/**
 * A tenant's id where its rows are compared. Of an id that the statistics have not met yet the planner expects one row: it
 * then takes any index that begins with the tenant, and compares each row with each. Of a value that it cannot see it expects
 * as many as of another tenant.
 */
export const ofTenant = (tenantId: string): SQL => sql`(select ${tenantId}::uuid)`;
