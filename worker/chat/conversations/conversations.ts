import { and, desc, eq, lt, sql } from 'drizzle-orm'
import type { Conversation, ConversationPage, Transcript } from '../../contract/chat.ts'
import { formatCursor, type Cursor } from '../../contract/cursor.ts'
import { CONVERSATIONS_PAGE, MESSAGES_PAGE } from '../../contract/limits.ts'
import { conversations, messages, user } from '../../db/schema.ts'
import { accountDeleted, type Scope } from '../../db/scope.ts'
import { conversationNotFound, messageColumns, toMessage } from './messages.ts'

/** The columns of a conversation in the form of the API. */
export const conversationColumns = {
  id: conversations.id,
  title: conversations.title,
  created_at: conversations.created_at,
  updated_at: conversations.updated_at,
}

/** The condition that selects a conversation of this user. */
export const ownedConversation = ({ userId }: Scope, id: string) =>
  and(eq(conversations.id, id), eq(conversations.user_id, userId))

/** Lists a page of the user's conversations, the one with the latest turn first. */
export async function listConversations(scope: Scope, cursor?: Cursor): Promise<ConversationPage> {
  const { updated_at, id, user_id } = conversations
  const isOlder = cursor && sql`(${updated_at}, ${id}) < (${cursor.at}::timestamptz, ${cursor.id}::uuid)`
  const db = scope.database.repeatable
  const page = db
    .select(conversationColumns)
    .from(conversations)
    .where(and(eq(user_id, scope.userId), isOlder))
    .orderBy(desc(updated_at), desc(id))
    .limit(CONVERSATIONS_PAGE + 1)
    .as('page')
  const rows = await db
    .select({ id: page.id, title: page.title, created_at: page.created_at, updated_at: page.updated_at })
    .from(user)
    .leftJoin(page, sql`true`)
    .where(eq(user.id, scope.userId))
    .orderBy(desc(page.updated_at), desc(page.id))
  if (rows.length === 0) throw accountDeleted()
  const found = rows.flatMap((row) => (row.id === null ? [] : [row as Conversation]))
  const last = found.length > CONVERSATIONS_PAGE ? found[CONVERSATIONS_PAGE - 1] : undefined
  return {
    conversations: found.slice(0, CONVERSATIONS_PAGE),
    next_cursor: last ? formatCursor(last.updated_at, last.id) : null,
  }
}

/**
 * Reads a conversation with its latest messages, or the latest before the position `before`, oldest first, in one request.
 * @throws ProblemError `not-found` for another user's conversation too
 */
export async function readConversation(scope: Scope, id: string, before?: number): Promise<Transcript> {
  const db = scope.database.repeatable
  const [[conversation], rows] = await db.batch([
    db.select(conversationColumns).from(conversations).where(ownedConversation(scope, id)),
    db
      .select(messageColumns)
      .from(messages)
      .where(
        and(
          eq(messages.conversation_id, id),
          eq(messages.user_id, scope.userId),
          before === undefined ? undefined : lt(messages.position, before),
        ),
      )
      .orderBy(desc(messages.position))
      .limit(MESSAGES_PAGE + 1),
  ])
  if (!conversation) throw conversationNotFound()
  const page = rows.slice(0, MESSAGES_PAGE).toReversed()
  const first = rows.length > MESSAGES_PAGE ? page[0] : undefined
  return { conversation, messages: page.map(toMessage), before: first ? first.position : null }
}

/**
 * Gives a conversation another title.
 * @throws ProblemError `not-found` for another user's conversation too
 */
export async function renameConversation(scope: Scope, id: string, title: string): Promise<Conversation> {
  const [row] = await scope.database.repeatable
    .update(conversations)
    .set({ title })
    .where(ownedConversation(scope, id))
    .returning(conversationColumns)
  if (!row) throw conversationNotFound()
  return row
}

/**
 * Deletes a conversation with its messages and tool calls, permanently. Its tasks are not changed.
 * @throws ProblemError `not-found` for another user's conversation too
 */
export async function deleteConversation(scope: Scope, id: string): Promise<void> {
  const rows = await scope.database.repeatable
    .delete(conversations)
    .where(ownedConversation(scope, id))
    .returning({ id: conversations.id })
  if (rows.length === 0) throw conversationNotFound()
}

/**
 * Checks that the user has this conversation.
 * @throws ProblemError `not-found`
 */
export async function assertConversation(scope: Scope, id: string): Promise<void> {
  const [row] = await scope.database.repeatable
    .select({ id: conversations.id })
    .from(conversations)
    .where(ownedConversation(scope, id))
  if (!row) throw conversationNotFound()
}
