export interface Question {
  readonly question: string;
  readonly sql: string;
}

/** What an analyst might ask first. */
export const QUESTIONS: readonly Question[] = [
  {
    question: 'Who works here?',
    sql: `select display_name, email, department, location, active_date::date as since
from rollcall.hr_roster
where account_enabled and department is not null
order by display_name
limit 10`,
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
    question: 'Who can be reached under more than one address?',
    sql: `select display_name, email, email_aliases
from rollcall.hr_roster
where cardinality(email_aliases) > 1
order by cardinality(email_aliases) desc, display_name
limit 3`,
  },
];
