COMMENT ON SCHEMA "rollcall" IS 'What analysts query. Views with a fixed meaning; they show whole runs, never half of one.';--> statement-breakpoint
COMMENT ON SCHEMA "rollcall_data" IS 'The normalized tables below the views of schema rollcall. They keep removed rows.';--> statement-breakpoint
COMMENT ON SCHEMA "rollcall_staging" IS 'Pages of runs that have not ended. Nothing here is worth a backup.';--> statement-breakpoint
COMMENT ON VIEW "rollcall"."hr_roster" IS 'Who works here: one row a user of the tenant who passes its filters (INCLUDE_GUESTS, DOMAIN_NAMES).';--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."hr_roster"."tenant_id" IS 'The Entra directory.';--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."hr_roster"."user_id" IS 'The user''s object id. It stays when names and addresses change.';--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."hr_roster"."user_principal_name" IS 'The name the user signs in with. Of a guest: name_domain#EXT#@tenant.';--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."hr_roster"."email" IS 'The primary address in lower case; null where the directory has none.';--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."hr_roster"."email_aliases" IS 'Every other address, in lower case, distinct and sorted; empty, never null.';--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."hr_roster"."first_name" IS 'Given name.';--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."hr_roster"."last_name" IS 'Surname.';--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."hr_roster"."display_name" IS 'The name as address books show it.';--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."hr_roster"."active_date" IS 'The hire date; where it is not kept, the day the account was created.';--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."hr_roster"."department" IS 'Department.';--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."hr_roster"."location" IS 'The office; else city, state and country; else the country where services are used.';--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."hr_roster"."user_type" IS 'Member or Guest; null on old accounts, which count as members.';--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."hr_roster"."account_enabled" IS 'Whether the user can sign in.';--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."hr_roster"."anonymized" IS 'The user principal name is concealed: it names nobody.';--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."hr_roster"."first_seen_at" IS 'When Rollcall first wrote this row.';--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."hr_roster"."changed_at" IS 'When a run last found a difference in this row.';--> statement-breakpoint
COMMENT ON VIEW "rollcall"."runs" IS 'What the worker did: one row a run.';--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."runs"."id" IS 'The run''s id, as in logs, jobs and changes.';--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."runs"."tenant_id" IS 'The Entra directory.';--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."runs"."task" IS 'What was synchronized.';--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."runs"."outcome" IS 'running; complete; partial (some items could not be understood, see quarantine); held (removals wait for an operator); failed.';--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."runs"."started_at" IS 'When the run was asked for.';--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."runs"."ended_at" IS 'When it ended; null while it is running.';--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."runs"."duration_seconds" IS 'From the start to the end, interruptions included.';--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."runs"."waiting_until" IS 'When the run goes on, where Graph asked for a long wait.';--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."runs"."pages" IS 'Responses read.';--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."runs"."items" IS 'Objects in them.';--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."runs"."added" IS 'Rows that are new, or back.';--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."runs"."changed" IS 'Rows that differ from before.';--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."runs"."removed" IS 'Rows that are gone; of a held run, those that wait.';--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."runs"."unchanged" IS 'Rows that are as they were.';--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."runs"."filtered" IS 'Items that a filter left out.';--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."runs"."filtered_by" IS 'The same, for each filter.';--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."runs"."quarantined" IS 'Items that no schema accepts.';--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."runs"."requests" IS 'Requests sent to Graph, repeated ones included.';--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."runs"."retries" IS 'Requests that were repeated ones.';--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."runs"."bytes" IS 'Bytes received, as they came over the wire.';--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."runs"."throttled_ms" IS 'Milliseconds waited because Graph said so.';--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."runs"."error_code" IS 'Why a failed run failed, as a stable code.';--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."runs"."error_message" IS 'The same in words.';--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."runs"."error_advice" IS 'What to do about it.';--> statement-breakpoint
COMMENT ON VIEW "rollcall"."changes" IS 'What was added, changed and removed, in which run. The first load of a tenant is not listed.';--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."changes"."tenant_id" IS 'The Entra directory.';--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."changes"."task" IS 'The task whose run found it.';--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."changes"."run_id" IS 'That run.';--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."changes"."table_name" IS 'What kind of row: the table of schema rollcall_data.';--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."changes"."row_key" IS 'Which row.';--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."changes"."kind" IS 'added, changed or removed.';--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."changes"."reason" IS 'Of a removed row: gone, or filtered. Of an added one: returned, where it had been removed before.';--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."changes"."before" IS 'The columns before: of a changed row those that differ, of a removed row all.';--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."changes"."after" IS 'The columns after: of a changed row those that differ, of an added row all.';--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."changes"."changed_at" IS 'When it became visible in the views.';
