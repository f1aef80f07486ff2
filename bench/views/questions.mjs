// What an analyst asks: of every view, how much there is of it; then what people look for, by the ids and the names that
// they have. Nobody says a tenant: there is one.

const CONTRACT = ['hr_roster', 'discovered_applications', 'sso_roster', 'sso_access', 'runs'];
const INSIGHTS = ['unused_access', 'unassigned_access', 'suspicious_access', 'changes', 'sync_health'];
const PAIRS = ['sso_roster', 'sso_access', 'unused_access', 'unassigned_access'];

const APPLICATION = `md5('application40')::uuid`;
const LARGEST = `md5('application0')::uuid`;
const USER = `md5('user4242')::uuid`;

const ask = (view, question, sql) => ({ view, question, sql: sql.replaceAll('VIEW', `rollcall.${view}`) });

export const questions = [
  ...[...CONTRACT, ...INSIGHTS].map((view) => ask(view, 'how many', 'select count(*) from VIEW')),
  ...PAIRS.flatMap((view) => [
    ask(view, 'of an application', `select * from VIEW where application_id = ${APPLICATION}`),
    ask(view, 'of the largest application', `select * from VIEW where application_id = ${LARGEST}`),
    ask(view, 'of an application, by name', `select * from VIEW where application_name = 'Application 40'`),
    ask(view, 'of a user', `select * from VIEW where user_id = ${USER}`),
    ask(view, 'of a user, by email', `select * from VIEW where email = 'person.4242@big.example'`),
    ask(view, 'any ten', 'select * from VIEW limit 10'),
    ask(
      view,
      'the top ten applications',
      'select application_name, count(*) from VIEW group by 1 order by 2 desc limit 10',
    ),
  ]),
  ask('hr_roster', 'by email', `select * from VIEW where email = 'person.4242@big.example'`),
  ask('hr_roster', 'people by department', 'select department, count(*) from VIEW group by 1 order by 2 desc'),
  ask('hr_roster', 'the ten newest', 'select * from VIEW order by active_date desc limit 10'),
  ask('discovered_applications', 'by publisher', 'select publisher, count(*) from VIEW group by 1'),
  ask(
    'sso_roster',
    'applications of a department',
    `select application_name, count(*) from VIEW join rollcall.hr_roster using
    (tenant_id, user_id) where department = 'Department 3' group by 1 order by 2 desc limit 10`,
  ),
  ask('sso_access', 'the ten latest', 'select * from VIEW order by last_login desc limit 10'),
  ask('sso_access', 'the ten busiest', 'select * from VIEW order by login_count desc limit 10'),
  ask(
    'sso_access',
    'who signed in today',
    `select count(distinct user_id) from VIEW where last_login > now() - interval '1 day'`,
  ),
  ask(
    'sso_access',
    'latest of an application',
    `select * from VIEW where application_id = ${APPLICATION}
    order by last_login desc limit 10`,
  ),
  ask('runs', 'the ten latest', 'select * from VIEW order by started_at desc limit 10'),
  ask(
    'runs',
    'latest failures of a task',
    `select * from VIEW where task = 'sso-access' and outcome = 'failed'
    order by started_at desc limit 10`,
  ),
  ask('changes', 'of a run', `select * from VIEW where run_id = md5('run100')::uuid`),
  ask(
    'changes',
    'of a user',
    `select * from VIEW where table_name = 'users' and row_key = jsonb_build_object('user_id', ${USER})`,
  ),
  ask('changes', 'the ten latest', 'select * from VIEW order by changed_at desc limit 10'),
  ask(
    'changes',
    'of the last day, by kind',
    `select kind, count(*) from VIEW where changed_at > now() - interval '1 day' group by 1`,
  ),
];
