export interface Question {
  readonly question: string;
  readonly sql: string;
}

/** What an analyst might ask first. `demo` answers them, and docs/analytics.md shows the answers. */
export const QUESTIONS: readonly Question[] = [
  {
    question: 'Who works here?',
    sql: `select display_name, email, department, location, active_date::date as since
from rollcall.hr_roster
where account_enabled and display_name ~ '^[A-Z][a-z]+ [A-Z]'
order by display_name
limit 8`,
  },
  {
    question: 'How many people has each department?',
    sql: `select coalesce(department, '(none)') as department, count(*) as people
from rollcall.hr_roster
group by 1
order by 2 desc, 1
limit 5`,
  },
  {
    question: 'Who joined, left or moved, after the first load?',
    sql: `select c.kind, c.reason, coalesce(r.display_name, c.before ->> 'display_name') as name,
       c.before ->> 'department' as department_before, c.after ->> 'department' as department_after
from rollcall.changes c
left join rollcall.hr_roster r on r.tenant_id = c.tenant_id and r.user_id = (c.row_key ->> 'user_id')::uuid
where c.table_name = 'users'
order by c.changed_at desc, c.kind, name
limit 5`,
  },
  {
    question: 'Which applications may anyone open, by publisher?',
    sql: `select coalesce(publisher, '(unknown)') as publisher, count(*) as applications
from rollcall.discovered_applications
where open_access and account_enabled
group by 1
order by 2 desc, 1`,
  },
  {
    question: 'Which applications have the most people, and how did they get in?',
    sql: `select application_name, count(*) as people, count(*) filter (where assigned_directly) as directly,
       count(*) filter (where via_groups <> '{}') as by_group
from rollcall.sso_roster
group by 1
order by 2 desc, 1
limit 5`,
  },
  {
    question: 'Whose access comes from more than one group?',
    sql: `select application_name, email, cardinality(via_groups) as groups
from rollcall.sso_roster
where cardinality(via_groups) > 1
order by 3 desc, 1, 2
limit 5`,
  },
  {
    question: 'Who has access and has not used it for 90 days?',
    sql: `select application_name, count(*) as people, count(*) filter (where last_login is null) as never
from rollcall.unused_access
group by 1
order by 2 desc, 1
limit 5`,
  },
  {
    question: 'Who used what without an assignment?',
    sql: `select application_name, count(*) as people, sum(login_count) as logins
from rollcall.unassigned_access
group by 1
order by 3 desc, 1
limit 5`,
  },
  {
    question: 'What could not be attributed to anybody?',
    sql: `select application_name, user_principal_name, login_count, interrupted_count, failed_count
from rollcall.suspicious_access
order by login_count desc, 1, 2, interrupted_count desc
limit 5`,
  },
  {
    question: 'How fresh is all this?',
    sql: `select task, added, changed, removed, runs_since
from rollcall.sync_health
order by task`,
  },
];
