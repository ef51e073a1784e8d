import { and, eq, sql } from 'drizzle-orm'
import type { Message, TurnError } from '../../contract/chat.ts'
import { INTERRUPTED } from '../../contract/interrupted.ts'
import { messages } from '../../db/schema.ts'
import type { Scope } from '../../db/scope.ts'
import { ProblemError } from '../../problem.ts'
import { STALE_TURN_MS } from '../timing.ts'
import { toToolCall, type StoredToolCall } from './tool-calls.ts'

/** STALE_TURN_MS as an SQL interval. */
export const staleTurnInterval = sql`make_interval(secs => ${STALE_TURN_MS / 1_000})`

const isStale = sql`messages.status = 'running' and messages.started_at < now() - ${staleTurnInterval}`

/**
 * The columns of a message in the form of the API. They are qualified by hand, because drizzle omits the table name in a
 * statement on a single table, where the subquery needs it.
 */
export const messageColumns = {
  id: messages.id,
  position: messages.position,
  role: messages.role,
  content: messages.content,
  status: sql<Message['status']>`case when ${isStale} then 'failed' else messages.status end`,
  reply_to: messages.reply_to,
  error: sql<TurnError | null>`case when ${isStale} then ${JSON.stringify(INTERRUPTED)}::jsonb else messages.error end`,
  tool_calls: sql`(
    select coalesce(jsonb_agg(jsonb_build_object(
      'id', t.id, 'name', t.name, 'arguments', t.arguments, 'status', t.status,
      'result', t.result, 'error', t.error, 'undo', t.undo, 'undone_at', t.undone_at
    ) order by t.position), '[]')
    from tool_calls t where t.message_id = messages.id and t.user_id = messages.user_id
  )`.mapWith((stored: StoredToolCall[]) => stored.map(toToolCall)),
  created_at: messages.created_at,
}

/** A message with its position in the conversation, which the API does not show. */
export type StoredMessage = Message & { position: number }

export const toMessage = ({ position: _, ...message }: StoredMessage): Message => message

export const conversationNotFound = () => new ProblemError('not-found', 'You have no such conversation.')

/**
 * Reads the text of one of the user's messages in this conversation.
 * @throws ProblemError `not-found`, for a reply of the assistant too
 */
export async function readUserMessage(
  { userId, database }: Scope,
  conversationId: string,
  id: string,
): Promise<string> {
  const [row] = await database.repeatable
    .select({ content: messages.content })
    .from(messages)
    .where(
      and(
        eq(messages.id, id),
        eq(messages.conversation_id, conversationId),
        eq(messages.user_id, userId),
        eq(messages.role, 'user'),
      ),
    )
  if (!row)
    throw new ProblemError('not-found', 'There is no message of yours with this id in that conversation.')
  return row.content
}
