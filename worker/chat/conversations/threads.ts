import { and, asc, desc, eq, sql } from 'drizzle-orm'
import type { ChatKitCall } from '../../contract/chatkit.ts'
import { noSuchConversation, shownMessage } from './messages.ts'
import { conversations, messages, toolCalls, user } from '../../db/schema.ts'
import { accountDeleted, type Scope } from '../../db/scope.ts'
import { ProblemError } from '../../problem.ts'
import { itemsOf, threadOf, type Item, type Page, type Thread } from '../../chatkit/shapes.ts'

type Wanted = Pick<Extract<ChatKitCall, { type: 'items.list' }>['params'], 'limit' | 'order' | 'after'>

const shown = {
  id: conversations.id,
  title: conversations.title,
  created_at: conversations.created_at,
}

const mine = ({ userId }: Scope, id: string) =>
  and(eq(conversations.id, id), eq(conversations.user_id, userId))

/** A page of the person's conversations by when they were used last, without what was said in them. */
export async function listThreads(scope: Scope, { limit, order, after }: Wanted): Promise<Page<Thread>> {
  const { userId, database } = scope
  const { updated_at, id, user_id } = conversations
  const db = database.repeatable
  const side = order === 'desc' ? sql`<` : sql`>`
  const beyond =
    after &&
    sql`(conversations.updated_at, conversations.id) ${side} (select c.updated_at, c.id from ${conversations} c
      where c.id = ${after} and c.user_id = ${userId})`
  const by = order === 'desc' ? desc : asc
  const [[person], rows] = await db.batch([
    db.select({ id: user.id }).from(user).where(eq(user.id, userId)),
    db
      .select(shown)
      .from(conversations)
      .where(and(eq(user_id, userId), beyond || undefined))
      .orderBy(by(updated_at), by(id))
      .limit(limit + 1),
  ])
  if (!person) throw accountDeleted()
  const page = rows.slice(0, limit)
  return pageOf(
    page.map((row) => threadOf(row)),
    rows.length > limit ? page.at(-1)?.id : undefined,
  )
}

/**
 * A conversation with a page of its items. `limit` counts messages, whose questions come with them.
 * @throws ProblemError `not-found`, also when it is somebody else's
 */
export async function readThread(scope: Scope, id: string, { limit, order, after }: Wanted): Promise<Thread> {
  const { userId, database } = scope
  const db = database.repeatable
  const side = order === 'desc' ? sql`<` : sql`>`
  // A question is where its message is.
  const beyond =
    after &&
    sql`messages.position ${side} (select m.position from ${messages} m where m.user_id = ${userId}
      and m.id = coalesce((select t.message_id from ${toolCalls} t where t.id = ${after} and t.user_id = ${userId}), ${after}))`
  const [[conversation], rows] = await db.batch([
    db.select(shown).from(conversations).where(mine(scope, id)),
    db
      .select(shownMessage)
      .from(messages)
      .where(and(eq(messages.conversation_id, id), eq(messages.user_id, userId), beyond || undefined))
      .orderBy(order === 'desc' ? desc(messages.position) : asc(messages.position))
      .limit(limit + 1),
  ])
  if (!conversation) throw noSuchConversation()
  const page = rows.slice(0, limit)
  const items = page.flatMap((row) => {
    const some = itemsOf(id, row)
    return order === 'desc' ? some.toReversed() : some
  })
  return threadOf(conversation, pageOf<Item>(items, rows.length > limit ? page.at(-1)?.id : undefined))
}

const pageOf = <Entry>(data: Entry[], after: string | undefined): Page<Entry> => ({
  data,
  has_more: after !== undefined,
  ...(after !== undefined && { after }),
})

/**
 * What the person said in a message of theirs.
 * @throws ProblemError `not-found`
 */
export async function readSaid(
  { userId, database }: Scope,
  threadId: string,
  itemId: string,
): Promise<string> {
  const [row] = await database.repeatable
    .select({ content: messages.content })
    .from(messages)
    .where(
      and(
        eq(messages.id, itemId),
        eq(messages.conversation_id, threadId),
        eq(messages.user_id, userId),
        eq(messages.role, 'user'),
      ),
    )
  if (!row)
    throw new ProblemError('not-found', 'There is no message of yours with this id in that conversation.')
  return row.content
}

/**
 * When a question of this conversation was asked (ISO 8601).
 * @throws ProblemError `not-found`
 */
export async function readAsked(
  { userId, database }: Scope,
  threadId: string,
  itemId: string,
): Promise<string> {
  const [row] = await database.repeatable
    .select({ created_at: messages.created_at })
    .from(toolCalls)
    .innerJoin(messages, eq(messages.id, toolCalls.message_id))
    .where(
      and(
        eq(toolCalls.id, itemId),
        eq(toolCalls.user_id, userId),
        eq(messages.user_id, userId),
        eq(messages.conversation_id, threadId),
      ),
    )
  if (!row)
    throw new ProblemError('not-found', 'There is no approval request with this id in that conversation.')
  return row.created_at
}

/** @throws ProblemError `not-found`, also when it is somebody else's */
export async function requireThread(scope: Scope, id: string): Promise<void> {
  const [row] = await scope.database.repeatable
    .select({ id: conversations.id })
    .from(conversations)
    .where(mine(scope, id))
  if (!row) throw noSuchConversation()
}
