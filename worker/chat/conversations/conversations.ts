import { and, desc, eq, lt, sql } from 'drizzle-orm'
import type { Conversation, ConversationPage, Transcript } from '../../contract/chat.ts'
import { CONVERSATIONS_PAGE, MESSAGES_PAGE } from '../../contract/limits.ts'
import { formatCursor, type Cursor } from '../../contract/cursor.ts'
import { conversations, messages, user } from '../../db/schema.ts'
import { accountDeleted, type Scope } from '../../db/scope.ts'
import { noSuchConversation, shownMessage, toMessage } from './messages.ts'

const shown = {
  id: conversations.id,
  title: conversations.title,
  created_at: conversations.created_at,
  updated_at: conversations.updated_at,
}

const mine = ({ userId }: Scope, id: string) =>
  and(eq(conversations.id, id), eq(conversations.user_id, userId))

/** A page of the person's conversations, the one used last first. */
export async function listConversations(scope: Scope, cursor?: Cursor): Promise<ConversationPage> {
  const { updated_at, id, user_id } = conversations
  const older = cursor && sql`(${updated_at}, ${id}) < (${cursor.at}::timestamptz, ${cursor.id}::uuid)`
  const db = scope.database.repeatable
  const page = db
    .select(shown)
    .from(conversations)
    .where(and(eq(user_id, scope.userId), older))
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
 * A conversation with its latest messages, or those before a place, oldest first; in one request.
 * @throws ProblemError `not-found`, also when it is somebody else's
 */
export async function readConversation(scope: Scope, id: string, before?: number): Promise<Transcript> {
  const db = scope.database.repeatable
  const [[conversation], rows] = await db.batch([
    db.select(shown).from(conversations).where(mine(scope, id)),
    db
      .select(shownMessage)
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
  if (!conversation) throw noSuchConversation()
  const page = rows.slice(0, MESSAGES_PAGE).toReversed()
  const first = rows.length > MESSAGES_PAGE ? page[0] : undefined
  return { conversation, messages: page.map(toMessage), before: first ? first.position : null }
}

/** @throws ProblemError `not-found`, also when it is somebody else's */
export async function renameConversation(scope: Scope, id: string, title: string): Promise<Conversation> {
  const [row] = await scope.database.repeatable
    .update(conversations)
    .set({ title })
    .where(mine(scope, id))
    .returning(shown)
  if (!row) throw noSuchConversation()
  return row
}

/**
 * Deletes a conversation and what was said in it, for good; tasks stay as they are.
 * @throws ProblemError `not-found`, also when it is somebody else's
 */
export async function removeConversation(scope: Scope, id: string): Promise<void> {
  const rows = await scope.database.repeatable
    .delete(conversations)
    .where(mine(scope, id))
    .returning({ id: conversations.id })
  if (rows.length === 0) throw noSuchConversation()
}
