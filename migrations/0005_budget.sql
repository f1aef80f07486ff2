CREATE UNLOGGED TABLE "rollcall_staging"."budgets" (
	"application" text NOT NULL,
	"bucket" text NOT NULL,
	"level" double precision NOT NULL,
	"share" double precision NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"paused_until" timestamp with time zone NOT NULL,
	CONSTRAINT "budgets_application_bucket_pk" PRIMARY KEY("application","bucket")
);
