import { and, eq, sql } from 'drizzle-orm'
import type { ToolCall, TurnError } from '../../contract/chat.ts'
import { FOREIGN_KEY_VIOLATION, sqlState } from '../../db/error.ts'
import { conversations, messages, toolCalls } from '../../db/schema.ts'
import { dbNow, type Scope } from '../../db/scope.ts'
import { noSuchConversation, shownMessage, type StoredMessage } from './messages.ts'

/** A turn: a message, its reply, and whose it is to make that reply. */
export interface Turn {
  conversation: { id: string; title: string; created_at: string }
  message: StoredMessage
  reply: StoredMessage
  /** What was said before, oldest first. */
  history: StoredMessage[]
  /** Names this attempt; absent when another request makes the reply, or has made it. */
  runId: string | undefined
}

/** A turn that it is this request's to take. */
export type OwnTurn = Turn & { runId: string }

/**
 * What another attempt takes over from those before it: what was written, and what waits for the person. What was only
 * read may be another by now, and what failed is tried again.
 */
export const carriedOver = (calls: readonly ToolCall[]): ToolCall[] =>
  calls.filter(({ name, status }) => status === 'waiting' || (status === 'done' && name !== 'list_tasks'))

/** How an attempt ended, to be stored whole. */
export interface Ending {
  content: string
  error: TurnError | null
  toolCalls: ToolCall[]
  /** Tokens, as the model's server counted them. */
  usage: { inputTokens: number; outputTokens: number }
}

/**
 * Stores how an attempt ended, its tool calls among it. An attempt that was given up in the meantime changes no reply,
 * but what it did is kept.
 * @throws ProblemError `not-found` when the conversation was deleted meanwhile
 */
export async function finishTurn(
  scope: Scope,
  turn: OwnTurn,
  { content, error, toolCalls: calls, usage }: Ending,
) {
  const { userId, database } = scope
  const db = database.repeatable
  const stored = calls.map((call) => ({
    ...call,
    user_id: userId,
    message_id: turn.reply.id,
    created_at: dbNow,
  }))
  await db
    .batch([
      db
        .update(messages)
        .set({
          content,
          error,
          status: error ? 'failed' : 'done',
          input_tokens: sql`coalesce(${messages.input_tokens}, 0) + ${usage.inputTokens}`,
          output_tokens: sql`coalesce(${messages.output_tokens}, 0) + ${usage.outputTokens}`,
        })
        .where(
          and(
            eq(messages.id, turn.reply.id),
            eq(messages.user_id, userId),
            eq(messages.run_id, turn.runId),
            eq(messages.status, 'running'),
          ),
        ),
      db
        .update(conversations)
        .set({ updated_at: sql`${dbNow}` })
        .where(and(eq(conversations.id, turn.conversation.id), eq(conversations.user_id, userId))),
      ...(stored.length > 0 ? [db.insert(toolCalls).values(stored).onConflictDoNothing()] : []),
    ])
    .catch((failure: unknown) => {
      throw sqlState(failure) === FOREIGN_KEY_VIOLATION ? noSuchConversation() : failure
    })
}

/** The reply to a message as it is now; undefined when the conversation was deleted. */
export async function readReply({ database, userId }: Scope, turn: Turn): Promise<StoredMessage | undefined> {
  const [row] = await database.repeatable
    .select(shownMessage)
    .from(messages)
    .where(and(eq(messages.id, turn.reply.id), eq(messages.user_id, userId)))
  return row
}
