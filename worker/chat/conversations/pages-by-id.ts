import { and, asc, desc, eq, sql } from 'drizzle-orm'
import type { Conversation } from '../../contract/chat.ts'
import { conversations, messages, toolCalls, user } from '../../db/schema.ts'
import { accountDeleted, type Scope } from '../../db/scope.ts'
import { conversationColumns, ownedConversation } from './conversations.ts'
import { conversationNotFound, messageColumns, type StoredMessage } from './messages.ts'

/**
 * A page in either order that continues after the row with a given id. ChatKit's protocol pages like this; the API of
 * its own (conversations.ts) pages by cursor.
 */
export interface PageById {
  limit: number
  order: 'asc' | 'desc'
  after?: string | null | undefined
}

/** Lists the user's conversations by the time of their last turn. */
export async function listConversationsAfter(
  { userId, database }: Scope,
  { limit, order, after }: PageById,
): Promise<{ conversations: Conversation[]; hasMore: boolean }> {
  const { updated_at, id, user_id } = conversations
  const db = database.repeatable
  const isBeyond =
    after &&
    sql`(conversations.updated_at, conversations.id) ${beyond(order)} (select c.updated_at, c.id from ${conversations} c
      where c.id = ${after} and c.user_id = ${userId})`
  const by = order === 'desc' ? desc : asc
  const [[account], rows] = await db.batch([
    db.select({ id: user.id }).from(user).where(eq(user.id, userId)),
    db
      .select(conversationColumns)
      .from(conversations)
      .where(and(eq(user_id, userId), isBeyond || undefined))
      .orderBy(by(updated_at), by(id))
      .limit(limit + 1),
  ])
  if (!account) throw accountDeleted()
  return { conversations: rows.slice(0, limit), hasMore: rows.length > limit }
}

/**
 * Reads a conversation with a page of its messages. `after` is the id of a message, or of a tool call in it.
 * @throws ProblemError `not-found` for another user's conversation too
 */
export async function readConversationAfter(
  scope: Scope,
  id: string,
  { limit, order, after }: PageById,
): Promise<{ conversation: Conversation; messages: StoredMessage[]; hasMore: boolean }> {
  const { userId, database } = scope
  const db = database.repeatable
  const isBeyond =
    after &&
    sql`messages.position ${beyond(order)} (select m.position from ${messages} m where m.user_id = ${userId}
      and m.id = coalesce(
        (select t.message_id from ${toolCalls} t where t.id = ${after} and t.user_id = ${userId}), ${after}))`
  const [[conversation], rows] = await db.batch([
    db.select(conversationColumns).from(conversations).where(ownedConversation(scope, id)),
    db
      .select(messageColumns)
      .from(messages)
      .where(and(eq(messages.conversation_id, id), eq(messages.user_id, userId), isBeyond || undefined))
      .orderBy(order === 'desc' ? desc(messages.position) : asc(messages.position))
      .limit(limit + 1),
  ])
  if (!conversation) throw conversationNotFound()
  return { conversation, messages: rows.slice(0, limit), hasMore: rows.length > limit }
}

const beyond = (order: PageById['order']) => (order === 'desc' ? sql`<` : sql`>`)
