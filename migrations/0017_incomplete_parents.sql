COMMENT ON COLUMN "rollcall"."runs"."skipped" IS 'Applications and groups that could not be read, or not all of them; their rows stayed.';
--> statement-breakpoint
COMMENT ON COLUMN "rollcall"."runs"."skipped_parents" IS 'The first hundred of them: kind (application, group), id, name, reason (not_found, forbidden, hidden_membership, incomplete), since when, and in how many runs in a row.';
