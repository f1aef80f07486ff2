import { eq } from 'drizzle-orm';
import type { Database } from './database.js';
import { tenantFacts } from './schema/index.js';

export type TenantFacts = typeof tenantFacts.$inferSelect;

export async function findTenantFacts({ db }: Database, tenantId: string): Promise<TenantFacts | undefined> {
  const [facts] = await db.select().from(tenantFacts).where(eq(tenantFacts.tenantId, tenantId));
  return facts;
}

export async function noteConcealedNames(
  { db }: Database,
  tenantId: string,
  concealedNames: boolean | null | undefined,
): Promise<void> {
  if (concealedNames === undefined) return;
  await db
    .insert(tenantFacts)
    .values({ tenantId, concealedNames })
    .onConflictDoUpdate({ target: tenantFacts.tenantId, set: { concealedNames } });
}
