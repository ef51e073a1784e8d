DROP INDEX "messages_started";--> statement-breakpoint
CREATE INDEX "messages_user_id" ON "messages" USING btree ("user_id");--> statement-breakpoint
ALTER TABLE "messages" DROP COLUMN "attempts";