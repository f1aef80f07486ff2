import type { Database } from '../database.js';

/** Something about row-level security that is not as `guard_views()` leaves it. */
export interface SecurityFault {
  /** Such as `rollcall.hr_roster`, or the name of a role. */
  readonly subject: string;
  readonly fault: string;
  /** `opens`: whoever may read the views could see rows of other tenants. `closes`: somebody sees less than they should. `bars`: we cannot work with it. */
  readonly effect: 'opens' | 'closes' | 'bars';
}

export interface Security {
  readonly faults: readonly SecurityFault[];
  /** Roles that may read a view and are to see one tenant, or nothing: those of tenants, and whom somebody else let in. */
  readonly readers: readonly string[];
}

// Found in the catalog, so that the views and tables of later versions are covered. `me` may lack either role.
const FAULTS = `
  with me as (
    select (select oid from pg_roles where rolname = 'rollcall_views') as views,
      (select oid from pg_roles where rolname = 'rollcall_analyst') as analyst),
  kept as (
    select c.oid, format('rollcall_data.%I', c.relname) as name, c.relowner, c.relrowsecurity, c.relforcerowsecurity,
      pg_get_userbyid(c.relowner)::text as owner
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
    where c.relnamespace = to_regnamespace('rollcall_data') and c.relkind in ('r', 'p') and not c.relispartition),
  shown as (
    select c.oid, format('rollcall.%I', c.relname) as name, c.relowner, c.relacl, c.reloptions,
      pg_get_userbyid(c.relowner)::text as owner
    from pg_class c where c.relnamespace = to_regnamespace('rollcall') and c.relkind = 'v'),
  policies as (
    select k.name, p.polname::text as policy, p.polrelid,
      p.polname = 'own_tenant' and p.polcmd = 'r' and p.polpermissive and p.polroles = array[views]
        and rollcall_data.is_own_tenant(pg_get_expr(p.polqual, p.polrelid)) as ours,
      p.polroles && array[0::oid, views] as holds
    from kept k join pg_policy p on p.polrelid = k.oid cross join me),
  own_roles as (
    select t.role, r.oid, r.rolsuper, r.rolbypassrls from rollcall_data.tenants t left join pg_roles r on r.rolname = t.role
    where t.role is not null),
  readers as (
    select distinct a.grantee, case when a.grantee = 0 then 'public' else pg_get_userbyid(a.grantee)::text end as reader
    from shown cross join me cross join lateral aclexplode(relacl) a
    where a.privilege_type = 'SELECT' and a.grantee <> relowner and a.grantee is distinct from analyst
      and a.grantee is distinct from views and not exists (select from kept where kept.relowner = a.grantee)),
  faults (subject, fault, effect) as (
    select name, 'the role does not exist', 'closes' from unnest(array['rollcall_views', 'rollcall_analyst']) as name
    where not exists (select from pg_roles where rolname = name)
    union all
    select 'rollcall_views', 'the role is above row-level security', 'opens' from pg_roles
    where rolname = 'rollcall_views' and (rolsuper or rolbypassrls)
    union all
    select 'rollcall_views', 'the role is a member of ' || owner || ', which owns the tables', 'opens'
    from (select distinct owner, relowner from kept) o cross join me
    where views is not null and pg_has_role(views, relowner, 'usage')
    union all
    select name, 'it belongs to ' || owner || ', and ' || current_user || ' is no member of that role', 'bars' from kept
    where not pg_has_role(relowner, 'usage')
    union all
    select name, 'row-level security is off', 'opens' from kept where not relrowsecurity
    union all
    select name, 'row-level security binds its owner as well', 'closes' from kept where relforcerowsecurity
    union all
    select name, 'the policy own_tenant is missing', 'closes' from kept
    where not exists (select from policies where polrelid = kept.oid and ours)
    union all
    select name, 'the policy ' || policy || ' is not one of Rollcall', 'opens' from policies
    where (holds or policy = 'own_tenant') and ours is not true
    union all
    select name, 'rollcall_views may not read it', 'closes' from kept cross join me
    where views is not null and not has_table_privilege(views, kept.oid, 'select')
    union all
    select name, 'it belongs to ' || owner || ', not to rollcall_views', 'opens' from shown cross join me
    where relowner is distinct from views
    union all
    select name, 'it is read with the rights of its reader (security_invoker)', 'closes' from shown
    where reloptions::text ~ 'security_invoker=(true|on|1|yes)'
    union all
    select name, 'rollcall_analyst may not read it', 'closes' from shown cross join me
    where analyst is not null and not has_table_privilege(analyst, shown.oid, 'select')
    union all
    select 'rollcall', role || ' may not use the schema', 'closes'
    from (select 'rollcall_analyst' as role, analyst as oid from me union all select role, oid from own_roles) r
    where oid is not null and not has_schema_privilege(oid, to_regnamespace('rollcall')::oid, 'usage')
    union all
    select 'rollcall_data', 'rollcall_views may not use the schema', 'closes' from me
    where views is not null and not has_schema_privilege(views, to_regnamespace('rollcall_data')::oid, 'usage')
    union all
    select f.function, 'not everybody may call it', 'closes'
    from unnest(array['rollcall_data.sees_all(name)', 'rollcall_data.tenants_of(name)']) as f (function)
    where not exists (
      select from pg_proc p cross join lateral aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
      where p.oid = to_regprocedure(f.function) and a.grantee = 0 and a.privilege_type = 'EXECUTE')
    union all
    select 'rollcall_data.tenants_of(name)', 'it does not run with the rights of the owner of the tables', 'closes'
    from pg_proc p join kept on kept.name = 'rollcall_data.tenants'
    where p.oid = to_regprocedure('rollcall_data.tenants_of(name)')
      and not (p.prosecdef and pg_has_role(p.proowner, kept.relowner, 'usage'))
    union all
    select role, 'the role of a tenant does not exist', 'closes' from own_roles where oid is null
    union all
    select role, 'the role of a tenant sees the rows of every tenant', 'opens' from own_roles
    where oid is not null and (rolsuper or rolbypassrls or rollcall_data.sees_all(role::name)
      or exists (select from kept where pg_has_role(own_roles.oid, kept.relowner, 'usage')))
    union all
    select role, 'the role of a tenant may not read ' || shown.name, 'closes' from own_roles cross join shown
    where own_roles.oid is not null and not has_table_privilege(own_roles.oid, shown.oid, 'select'))
  select coalesce((select json_agg(f order by effect, subject, fault) from faults f), '[]') as faults,
    coalesce((select json_agg(reader order by reader) from readers), '[]') as readers`;

/** Looks at the invariants of row-level security, in one query of the catalog. Of a database that is migrated. */
export async function examineSecurity({ pool }: Pick<Database, 'pool'>): Promise<Security> {
  const { rows } = await pool.query<Security>(FAULTS);
  return rows[0] ?? { faults: [], readers: [] };
}
