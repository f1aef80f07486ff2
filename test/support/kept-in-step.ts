import type { Pool } from 'pg';

/** What is stored twice so that analysts need not wait, worked out from scratch: nothing may differ. */
const DIFFERENCES = {
  'the last login of a grant': `
    select g.app_instance_id, g.user_id, g.last_login as stored, t.last_login as expected
    from rollcall_data.sso_grants g
    join rollcall_data.service_principals p using (tenant_id, app_instance_id)
    left join rollcall_data.sign_in_totals t
      on t.tenant_id = g.tenant_id and t.application_id = p.application_id and t.user_id = g.user_id and not t.anonymized
    where g.last_login is distinct from t.last_login`,
  'whether the user of a total is assigned': `
    select t.application_id, t.user_id, t.assigned as stored from rollcall_data.sign_in_totals t
    where t.assigned <> (not t.anonymized and exists (
      select from rollcall_data.sso_grants g join rollcall_data.service_principals p using (tenant_id, app_instance_id)
      where g.tenant_id = t.tenant_id and p.application_id = t.application_id and g.user_id = t.user_id))`,
  'what the events of a total add up to': `
    select application_id, user_id, pseudonym, anonymized, t.login_count as stored, e.login_count as expected
    from rollcall_data.sign_in_totals t
    full join (
      select tenant_id, application_id, user_id, anonymized, pseudonym, sum(login_count) as login_count,
             sum(interrupted_count) as interrupted_count, sum(failed_count) as failed_count,
             max(last_login) as last_login, max(last_sign_in) as last_sign_in,
             (array_agg(login_location order by last_login desc nulls last, event_id desc))[1] as login_location,
             (array_agg(user_principal_name order by last_sign_in desc, event_id desc))[1] as user_principal_name
      from (
        select tenant_id, application_id, user_id, anonymized, pseudonym, (error_code is not distinct from 0)::int as login_count,
               interrupted::int as interrupted_count, coalesce(error_code <> 0 and not interrupted, false)::int as failed_count, case when error_code = 0 then created_at end as last_login,
               created_at as last_sign_in, case when error_code = 0 then location end as login_location, user_principal_name, event_id
        from rollcall_data.sign_in_events
        union all
        select tenant_id, application_id, user_id, anonymized, pseudonym, login_count, interrupted_count, failed_count, last_login, last_sign_in,
               login_location, user_principal_name, ''
        from rollcall_data.sign_in_archive) parts
      group by tenant_id, application_id, user_id, anonymized, pseudonym
    ) e using (tenant_id, application_id, user_id, anonymized, pseudonym)
    where (t.login_count, t.interrupted_count, t.failed_count, t.last_login, t.last_sign_in, t.login_location, t.user_principal_name)
       is distinct from (e.login_count, e.interrupted_count, e.failed_count, e.last_login, e.last_sign_in, e.login_location, e.user_principal_name)`,
};

/** Fails where a table that follows from others does not. */
export async function requireKeptInStep(pool: Pool): Promise<void> {
  for (const [what, sql] of Object.entries(DIFFERENCES)) {
    const { rows } = await pool.query(`${sql} limit 3`);
    if (rows.length > 0) throw new Error(`${what} differs: ${JSON.stringify(rows)}`);
  }
}
