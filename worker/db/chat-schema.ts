import { eq, sql } from 'drizzle-orm'
import {
  bigint,
  check,
  date,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  uniqueIndex,
  uuid,
  type AnyPgColumn,
} from 'drizzle-orm/pg-core'
import type { ToolCall, TurnError } from '../contract/chat.ts'
import { user } from './auth-schema.ts'
import { isoTime, ownerId } from './columns.ts'

/** The order of inserts, also within one millisecond. */
const position = () => bigint({ mode: 'number' }).notNull().generatedAlwaysAsIdentity()

export const conversations = pgTable(
  'conversations',
  {
    id: uuid().primaryKey(),
    user_id: ownerId(() => user.id),
    title: text().notNull(),
    created_at: isoTime().notNull(),
    updated_at: isoTime().notNull(),
  },
  (t) => [index('conversations_latest').on(t.user_id, t.updated_at, t.id)],
)

/** Messages of a conversation. A reply is inserted when its turn starts: `running`, then `done` or `failed`. */
export const messages = pgTable(
  'messages',
  {
    id: uuid().primaryKey(),
    user_id: ownerId(() => user.id),
    conversation_id: uuid()
      .notNull()
      .references(() => conversations.id, { onDelete: 'cascade' }),
    position: position(),
    role: text().$type<'user' | 'assistant'>().notNull(),
    content: text().notNull(),
    status: text().$type<'done' | 'running' | 'failed'>().notNull(),
    reply_to: uuid().references((): AnyPgColumn => messages.id, { onDelete: 'cascade' }),
    error: jsonb().$type<TurnError>(),
    created_at: isoTime().notNull(),
    /** Of a reply: when the current attempt began, and the id of the attempt, which alone may finish it. */
    started_at: isoTime(),
    run_id: uuid(),
    /** Sums over all attempts. */
    input_tokens: integer(),
    output_tokens: integer(),
  },
  (t) => [
    index('messages_in_order').on(t.conversation_id, t.position),
    index('messages_user_id').on(t.user_id),
    // One reply per message and one running turn per conversation, also with repeated or concurrent requests.
    uniqueIndex('messages_one_reply').on(t.reply_to),
    uniqueIndex('messages_one_running')
      .on(t.conversation_id)
      .where(eq(t.status, sql`'running'`)),
    check('messages_role', sql`${t.role} in ('user', 'assistant')`),
    check('messages_status', sql`${t.status} in ('done', 'running', 'failed')`),
  ],
)

/** Tool calls of a turn. A delete is `waiting` for approval, `approved` while it is carried out, then `done`. */
export const toolCalls = pgTable(
  'tool_calls',
  {
    id: uuid().primaryKey(),
    user_id: ownerId(() => user.id),
    message_id: uuid()
      .notNull()
      .references(() => messages.id, { onDelete: 'cascade' }),
    position: position(),
    name: text().notNull(),
    arguments: jsonb().$type<ToolCall['arguments']>().notNull(),
    status: text().$type<ToolCall['status'] | 'approved'>().notNull(),
    result: jsonb().$type<Record<string, unknown>>(),
    error: jsonb().$type<ToolCall['error']>(),
    undo: jsonb().$type<ToolCall['undo']>(),
    created_at: isoTime().notNull(),
    answered_at: isoTime(),
    /** When the user undid it. */
    undone_at: isoTime(),
  },
  (t) => [
    index('tool_calls_in_order').on(t.message_id, t.position),
    index('tool_calls_user_id').on(t.user_id),
    check('tool_calls_status', sql`${t.status} in ('done', 'failed', 'waiting', 'approved', 'refused')`),
  ],
)

/** Turns that a user has started on their latest day, UTC. Deleting messages does not reduce the count. */
export const chatUsage = pgTable('chat_usage', {
  user_id: ownerId(() => user.id).primaryKey(),
  day: date().notNull(),
  turns: integer().notNull(),
})
