import { and, eq, sql } from 'drizzle-orm'
import type { ToolCall, TurnError } from '../../contract/chat.ts'
import { FOREIGN_KEY_VIOLATION, sqlState } from '../../db/error.ts'
import { conversations, messages, toolCalls } from '../../db/schema.ts'
import { dbNow, type Scope } from '../../db/scope.ts'
import { toolNamed } from '../../tasks/tools.ts'
import { conversationNotFound, messageColumns, type StoredMessage } from './messages.ts'

/** One user message and the assistant's reply. */
export interface Turn {
  conversation: { id: string; title: string; created_at: string }
  message: StoredMessage
  reply: StoredMessage
  /** The messages before it, oldest first. */
  history: StoredMessage[]
  /**
   * The attempt that this request has to make, `run_id` in the database; undefined when another request makes the reply
   * or has made it.
   */
  attemptId: string | undefined
}

/** A turn this request has claimed: it makes the attempt and stores the result. */
export type ClaimedTurn = Turn & { attemptId: string }

/**
 * Returns the tool calls of earlier attempts that a further attempt must not repeat: writes that are done and calls that
 * wait for approval. Reads may be outdated, and what failed is tried again.
 */
export const reusableCalls = (calls: readonly ToolCall[]): ToolCall[] =>
  calls.filter((call) => call.status === 'waiting' || isDoneWrite(call))

/** Whether a tool call has changed tasks. */
export const isDoneWrite = ({ name, status }: ToolCall): boolean =>
  status === 'done' && toolNamed(name)?.effect !== 'reads'

/** The result of an attempt, which is stored as a whole. */
export interface AttemptResult {
  content: string
  error: TurnError | null
  toolCalls: ToolCall[]
  /** Tokens, as counted by the model's server. */
  usage: { inputTokens: number; outputTokens: number }
}

/**
 * Stores the result of an attempt. When the attempt counts as failed by then, the reply is not changed, but its tool
 * calls are stored all the same.
 * @throws ProblemError `not-found` when the conversation was deleted meanwhile
 */
export async function finishTurn(
  scope: Scope,
  turn: ClaimedTurn,
  { content, error, toolCalls: calls, usage }: AttemptResult,
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
            eq(messages.run_id, turn.attemptId),
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
      throw sqlState(failure) === FOREIGN_KEY_VIOLATION ? conversationNotFound() : failure
    })
}

/** Reads the current reply of a turn; undefined when its conversation was deleted. */
export async function readReply({ database, userId }: Scope, turn: Turn): Promise<StoredMessage | undefined> {
  const [row] = await database.repeatable
    .select(messageColumns)
    .from(messages)
    .where(and(eq(messages.id, turn.reply.id), eq(messages.user_id, userId)))
  return row
}
