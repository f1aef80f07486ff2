CREATE TABLE "rollcall_data"."access_log" (
	"at" timestamp with time zone NOT NULL,
	"tenant_id" uuid NOT NULL,
	"task" text,
	"run_id" uuid,
	"method" text NOT NULL,
	"uri" text NOT NULL,
	"status" integer,
	"error" text,
	"duration_ms" integer NOT NULL,
	"bytes" bigint NOT NULL,
	"attempt" integer NOT NULL,
	"client_request_id" text,
	"request_id" text,
	"resource_units" real
) PARTITION BY RANGE ("at");
--> statement-breakpoint
CREATE INDEX "access_log_by_time" ON "rollcall_data"."access_log" USING btree ("at");--> statement-breakpoint
CREATE INDEX "access_log_by_run" ON "rollcall_data"."access_log" USING btree ("run_id","at");--> statement-breakpoint
COMMENT ON TABLE "rollcall_data"."access_log" IS 'What was asked of Microsoft Graph and of the login with these credentials: one row an exchange, kept for ACCESS_LOG_DAYS.';
