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
import { isoTime } from './time.ts'

const owner = () =>
  uuid()
    .notNull()
    .references(() => user.id, { onDelete: 'cascade' })

/** The order in which rows were made, which times of one millisecond cannot tell. */
const position = () => bigint({ mode: 'number' }).notNull().generatedAlwaysAsIdentity()

export const conversations = pgTable(
  'conversations',
  {
    id: uuid().primaryKey(),
    user_id: owner(),
    title: text().notNull(),
    created_at: isoTime().notNull(),
    updated_at: isoTime().notNull(),
  },
  (t) => [index('conversations_latest').on(t.user_id, t.updated_at, t.id)],
)

/** What was said. A reply is there from the start of its turn: `running` until it is `done` or has `failed`. */
export const messages = pgTable(
  'messages',
  {
    id: uuid().primaryKey(),
    user_id: owner(),
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
    /** Of a reply: when the attempt under way began, and which may finish it. */
    started_at: isoTime(),
    run_id: uuid(),
    /** Of all attempts together. */
    input_tokens: integer(),
    output_tokens: integer(),
  },
  (t) => [
    index('messages_in_order').on(t.conversation_id, t.position),
    index('messages_user_id').on(t.user_id),
    // One reply to a message, one turn at a time in a conversation: whatever comes twice or at once.
    uniqueIndex('messages_one_reply').on(t.reply_to),
    uniqueIndex('messages_one_running')
      .on(t.conversation_id)
      .where(eq(t.status, sql`'running'`)),
    check('messages_role', sql`${t.role} in ('user', 'assistant')`),
    check('messages_status', sql`${t.status} in ('done', 'running', 'failed')`),
  ],
)

/** What the assistant did in a turn. A delete waits: `approved` while it is carried out, then `done`. */
export const toolCalls = pgTable(
  'tool_calls',
  {
    id: uuid().primaryKey(),
    user_id: owner(),
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
    /** When the person took it back. */
    undone_at: isoTime(),
  },
  (t) => [
    index('tool_calls_in_order').on(t.message_id, t.position),
    index('tool_calls_user_id').on(t.user_id),
    check('tool_calls_status', sql`${t.status} in ('done', 'failed', 'waiting', 'approved', 'refused')`),
  ],
)

/** Turns that a person has taken on their latest day, UTC. Deleting what was said does not give them back. */
export const chatUsage = pgTable('chat_usage', {
  user_id: owner().primaryKey(),
  day: date().notNull(),
  turns: integer().notNull(),
})
