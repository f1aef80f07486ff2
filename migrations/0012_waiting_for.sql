ALTER TABLE "rollcall_data"."runs" ADD COLUMN "waiting_for" text;--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."runs"."waiting_until" IS 'When the run resumes, if it waits for Graph, its budget or the login.';
