import { isNotNull, isNull } from 'drizzle-orm'
import { boolean, index, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { user } from './auth-schema.ts'
import { isoTime, ownerId } from './columns.ts'

export * from './auth-schema.ts'
export * from './chat-schema.ts'
export * from './oauth-schema.ts'

export const tasks = pgTable(
  'tasks',
  {
    id: uuid().primaryKey(),
    user_id: ownerId(() => user.id),
    title: text().notNull(),
    description: text(),
    completed: boolean().notNull().default(false),
    created_at: isoTime().notNull(),
    updated_at: isoTime().notNull(),
    deleted_at: isoTime(),
  },
  (t) => [
    // Ascending, and scanned backwards: drizzle's .desc() adds NULLS LAST, for which Postgres would have to sort.
    index('tasks_newest').on(t.user_id, t.created_at, t.id).where(isNull(t.deleted_at)),
    index('tasks_newest_by_completed')
      .on(t.user_id, t.completed, t.created_at, t.id)
      .where(isNull(t.deleted_at)),
    index('tasks_changes').on(t.user_id, t.updated_at, t.id),
    index('tasks_deleted').on(t.deleted_at).where(isNotNull(t.deleted_at)),
  ],
)
