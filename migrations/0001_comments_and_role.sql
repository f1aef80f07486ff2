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
COMMENT ON COLUMN "rollcall"."changes"."changed_at" IS 'When it became visible in the views.';--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."runs"."skipped" IS 'Applications and groups that vanished while they were read; nothing of theirs was removed.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."runs"."note" IS 'What the reader of the rows should know: that they build on older data of another task.';
--> statement-breakpoint
COMMENT ON VIEW "rollcall"."discovered_applications" IS 'Which applications exist: one row a service principal that people can sign in to (managed identities and service identities are none).';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."discovered_applications"."tenant_id" IS 'The Entra directory.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."discovered_applications"."application_id" IS 'The application id (appId), the same in every tenant.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."discovered_applications"."application_name" IS 'Its name.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."discovered_applications"."app_instance_id" IS 'The object id of the application''s service principal in this tenant.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."discovered_applications"."open_access" IS 'Every user of the tenant may use it: no assignment is required.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."discovered_applications"."publisher" IS 'The verified publisher; else Microsoft for its own applications; else the organization, for those of this tenant; else null.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."discovered_applications"."oauth2_integration" IS 'It signs people in by OpenID Connect, or exposes OAuth scopes while no other mode is set.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."discovered_applications"."sso_mode" IS 'The single sign-on mode that is set: saml, password, oidc, notSupported; null where none is.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."discovered_applications"."account_enabled" IS 'Whether people can sign in to it at all.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."discovered_applications"."first_seen_at" IS 'When Rollcall first wrote this row.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."discovered_applications"."changed_at" IS 'When a run last found a difference in this row.';
--> statement-breakpoint
COMMENT ON VIEW "rollcall"."sso_roster" IS 'Who may use which application: one row a user in an application. Assigned directly, or as a direct member of an assigned group; nested groups grant nothing. Where open_access is true, others may use it as well.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."sso_roster"."tenant_id" IS 'The Entra directory.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."sso_roster"."application_id" IS 'The application id (appId), the same in every tenant.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."sso_roster"."application_name" IS 'Its name, as discovered_applications gives it.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."sso_roster"."app_instance_id" IS 'The object id of the application''s service principal in this tenant.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."sso_roster"."user_id" IS 'The user''s object id, as in hr_roster.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."sso_roster"."email" IS 'As in hr_roster.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."sso_roster"."first_name" IS 'As in hr_roster.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."sso_roster"."last_name" IS 'As in hr_roster.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."sso_roster"."active_date" IS 'The earliest assignment that grants the access.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."sso_roster"."assigned_directly" IS 'The user is assigned, not only a group.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."sso_roster"."via_groups" IS 'The ids of the groups that grant it, sorted; empty, never null.';
--> statement-breakpoint
COMMENT ON VIEW "rollcall"."sso_access" IS 'Who signed in to which application: one row a user in an application with at least one login. Microsoft Graph v1.0 lists interactive sign-ins only: who works on with a token that is renewed in the background does not appear. Sign-ins that name nobody are rows of their own, with anonymized.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."sso_access"."tenant_id" IS 'The Entra directory.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."sso_access"."user_id" IS 'The user''s object id, as in hr_roster. Null where the sign-in names nobody.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."sso_access"."user_principal_name" IS 'As the latest sign-in spells it.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."sso_access"."email" IS 'As in hr_roster; null for anonymized rows.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."sso_access"."application_id" IS 'The application id (appId), the same in every tenant.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."sso_access"."application_name" IS 'As discovered_applications gives it; else as the latest sign-in does.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."sso_access"."last_login" IS 'The latest login. A login is a sign-in without an error.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."sso_access"."login_location" IS 'City, state and country of the latest login.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."sso_access"."login_count" IS 'How many logins, ever since Rollcall reads them.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."sso_access"."failed_count" IS 'How many sign-ins with an error.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."sso_access"."anonymized" IS 'The sign-ins name nobody: concealed or redacted. They are never joined to people.';
--> statement-breakpoint
COMMENT ON VIEW "rollcall"."unused_access" IS 'Access that nobody uses: rows of sso_roster without a login in the last 90 days.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."unused_access"."tenant_id" IS 'The Entra directory.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."unused_access"."application_id" IS 'The application id (appId), the same in every tenant.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."unused_access"."application_name" IS 'Its name, as discovered_applications gives it.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."unused_access"."user_id" IS 'The user''s object id, as in hr_roster.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."unused_access"."email" IS 'As in hr_roster.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."unused_access"."app_instance_id" IS 'The object id of the application''s service principal in this tenant.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."unused_access"."first_name" IS 'As in hr_roster.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."unused_access"."last_name" IS 'As in hr_roster.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."unused_access"."active_date" IS 'The earliest assignment that grants the access.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."unused_access"."assigned_directly" IS 'The user is assigned, not only a group.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."unused_access"."via_groups" IS 'The ids of the groups that grant it.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."unused_access"."last_login" IS 'The latest login; null where there never was one.';
--> statement-breakpoint
COMMENT ON VIEW "rollcall"."unassigned_access" IS 'Logins without an assignment: rows of sso_access that sso_roster does not explain, as open applications allow.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."unassigned_access"."tenant_id" IS 'The Entra directory.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."unassigned_access"."application_id" IS 'The application id (appId), the same in every tenant.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."unassigned_access"."application_name" IS 'As in sso_access.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."unassigned_access"."user_id" IS 'The user''s object id, as in hr_roster.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."unassigned_access"."email" IS 'As in hr_roster.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."unassigned_access"."user_principal_name" IS 'As the latest sign-in spells it.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."unassigned_access"."last_login" IS 'The latest login.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."unassigned_access"."login_location" IS 'City, state and country of the latest login.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."unassigned_access"."login_count" IS 'How many logins.';
--> statement-breakpoint
COMMENT ON VIEW "rollcall"."suspicious_access" IS 'Logins that could not be attributed: the anonymized rows of sso_access.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."suspicious_access"."tenant_id" IS 'The Entra directory.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."suspicious_access"."user_id" IS 'The id that the sign-ins carry, where they carry one.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."suspicious_access"."user_principal_name" IS 'What stands in place of a name.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."suspicious_access"."application_id" IS 'The application id (appId), the same in every tenant.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."suspicious_access"."application_name" IS 'As in sso_access.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."suspicious_access"."last_login" IS 'The latest login.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."suspicious_access"."login_location" IS 'City, state and country of the latest login.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."suspicious_access"."login_count" IS 'How many logins.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."suspicious_access"."failed_count" IS 'How many sign-ins with an error.';
--> statement-breakpoint
COMMENT ON VIEW "rollcall"."sync_health" IS 'How fresh the data is: the last complete run of each task.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."sync_health"."tenant_id" IS 'The Entra directory.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."sync_health"."task" IS 'The task.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."sync_health"."run_id" IS 'The run.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."sync_health"."started_at" IS 'When it started.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."sync_health"."ended_at" IS 'When it ended.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."sync_health"."age" IS 'How long ago that was.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."sync_health"."items" IS 'Objects it read.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."sync_health"."added" IS 'Rows it added.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."sync_health"."changed" IS 'Rows it changed.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."sync_health"."removed" IS 'Rows it removed.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."sync_health"."unchanged" IS 'Rows that were as before.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."sync_health"."runs_since" IS 'Runs of the task since then, none of which was complete.';
--> statement-breakpoint
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'rollcall_analyst') THEN
    CREATE ROLE rollcall_analyst NOLOGIN;
  END IF;
  GRANT USAGE ON SCHEMA rollcall TO rollcall_analyst;
  GRANT SELECT ON ALL TABLES IN SCHEMA rollcall TO rollcall_analyst;
  ALTER DEFAULT PRIVILEGES IN SCHEMA rollcall GRANT SELECT ON TABLES TO rollcall_analyst;
EXCEPTION
  -- A server that does not let us create roles works without this one. Two databases of a server may race for it.
  WHEN insufficient_privilege OR duplicate_object OR unique_violation THEN
    RAISE NOTICE 'rollcall_analyst was not created';
END $$;
