ALTER TABLE "rollcall_data"."runs" DROP CONSTRAINT "runs_outcome";--> statement-breakpoint
ALTER TABLE "rollcall_data"."runs" ADD CONSTRAINT "runs_outcome" CHECK ("rollcall_data"."runs"."outcome" in ('running', 'complete', 'partial', 'held', 'failed', 'cancelled'));
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."runs"."outcome" IS 'running; complete; partial (not everything could be read or understood: see quarantined, skipped and note); held (removals wait for an operator); failed; cancelled (an operator ended it: error_message says who and when).';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."runs"."error_code" IS 'Why a failed run failed, as a stable code; cancelled for a cancelled one.';
