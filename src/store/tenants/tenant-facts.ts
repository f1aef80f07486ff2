import { eq, isNotNull, sql } from 'drizzle-orm';
import type { RollcallError } from '../../errors.js';
import type { Database } from '../database.js';
import { tenantFacts } from '../schema/index.js';

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

/** Records that a tenant cannot be logged in to, and why; or, without a failure, that it can. */
export async function noteLogin({ db }: Database, tenantId: string, failure?: RollcallError): Promise<void> {
  const { code, message, advice } = failure ?? { code: null, message: null, advice: null };
  const told = { loginErrorCode: code, loginError: message, loginAdvice: advice };
  if (failure === undefined) {
    await db
      .update(tenantFacts)
      .set({ ...told, loginFailedAt: null })
      .where(eq(tenantFacts.tenantId, tenantId));
    return;
  }
  const since = sql`coalesce(${tenantFacts.loginFailedAt}, now())`;
  await db
    .insert(tenantFacts)
    .values({ tenantId, ...told, loginFailedAt: sql`now()` })
    .onConflictDoUpdate({ target: tenantFacts.tenantId, set: { ...told, loginFailedAt: since } });
}

/** The tenants that cannot be logged in to. */
export async function failedLogins({ db }: Database): Promise<TenantFacts[]> {
  return db.select().from(tenantFacts).where(isNotNull(tenantFacts.loginFailedAt));
}

/** @param expiry undefined if it cannot be seen, or there is no secret */
export async function noteSecretExpiry({ db }: Database, tenantId: string, expiry: Date | undefined): Promise<void> {
  const secretExpiresAt = expiry?.toISOString() ?? null;
  await db
    .insert(tenantFacts)
    .values({ tenantId, secretExpiresAt })
    .onConflictDoUpdate({ target: tenantFacts.tenantId, set: { secretExpiresAt } });
}
