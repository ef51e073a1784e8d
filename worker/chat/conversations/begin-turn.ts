import { and, desc, eq, sql, type SQL } from 'drizzle-orm'
import { v7 } from 'uuid'
import type { ChatMessage } from '../../contract/chat.ts'
import { INTERRUPTED } from '../../contract/interrupted.ts'
import { CHAT_TURNS_PER_DAY, CONVERSATION_TITLE_MAX_CHARS } from '../../contract/limits.ts'
import { chatUsage, conversations, messages, user } from '../../db/schema.ts'
import { accountDeleted, dbNow, type Scope } from '../../db/scope.ts'
import { ProblemError } from '../../problem.ts'
import { batchByName } from './batch.ts'
import { conversationNotFound, messageColumns, staleTurnInterval } from './messages.ts'
import type { Turn } from './turns.ts'

/** Earlier messages that are read for the model. */
const HISTORY_MAX_MESSAGES = 20

/** Seconds after which a client may send a message again that was refused because a turn was running. */
const BUSY_RETRY_AFTER_SECONDS = 2

interface BeginTurnOptions {
  /** Replaces a reply that is done, too, and deletes the messages after it. */
  regenerate?: boolean
}

/**
 * Stores a message and claims its turn, or finds the request that has claimed it, in one transaction: a message that is
 * sent twice, or at the same time, gets one reply. A turn that failed or is stale is claimed again. A new conversation
 * gets the id of its first message, so that a duplicate cannot create a second conversation.
 * @throws ProblemError `not-found` for a conversation that is not the user's; `conflict` while another turn is running in
 * it, or when the id belongs to another message; `too-many-requests` when the turns of the day are used up
 */
export async function beginTurn(
  scope: Scope,
  request: ChatMessage,
  { regenerate = false }: BeginTurnOptions = {},
): Promise<Turn> {
  const messageId = request.message_id ?? v7()
  const conversationId = request.conversation_id ?? messageId
  const ids = { userId: scope.userId, messageId, conversationId, attemptId: v7() }
  const { recent, conversation, otherTurnRunning, turnsToday, nextDayInSeconds } = await store(
    scope,
    ids,
    request,
    regenerate,
  )
  const message = recent.find(({ id }) => id === messageId)
  const storedReply = recent.find(({ reply_to }) => reply_to === messageId)
  if (conversation && message && storedReply) {
    const isElsewhere = request.conversation_id !== undefined && request.conversation_id !== conversation.id
    if (isElsewhere || message.content !== request.message) throw messageIdTaken()
    const { run_id, ...reply } = storedReply
    const isClaimed = run_id === ids.attemptId
    // A reply that is still failed, or not replaced, could not be claimed; the checks below say why.
    if (isClaimed || (regenerate ? reply.status === 'running' : reply.status !== 'failed')) {
      const history = recent.filter(({ position }) => position < message.position).toReversed()
      return { conversation, message, reply, history, attemptId: isClaimed ? run_id : undefined }
    }
  }
  if (otherTurnRunning) throw turnRunning()
  if (turnsToday >= CHAT_TURNS_PER_DAY) throw dailyLimitReached(nextDayInSeconds)
  throw !conversation && request.conversation_id !== undefined ? conversationNotFound() : messageIdTaken()
}

/** Stores what the conditions allow, and reads the latest messages and what the conditions depend on. */
async function store(
  { database, userId }: Scope,
  ids: Ids,
  { message, conversation_id }: ChatMessage,
  regenerate: boolean,
) {
  const db = database.repeatable
  const conversation = conversationOf(ids)
  const { id, title, created_at } = conversations
  const { recent, state } = await batchByName(db, {
    usage: db.execute(upsertDailyUsage(ids)),
    staleTurn: db.execute(failStaleTurn(ids)),
    message: db.execute(insertMessage(ids, message, { isFirst: conversation_id === undefined })),
    attempt: db.execute(startAttempt(ids, { regenerate })),
    recent: db
      .select({ ...messageColumns, run_id: messages.run_id })
      .from(messages)
      .where(
        and(
          eq(messages.conversation_id, conversation),
          eq(messages.user_id, userId),
          sql`messages.position <= coalesce((${replyPosition(ids)}), 0)`,
        ),
      )
      .orderBy(desc(messages.position))
      .limit(HISTORY_MAX_MESSAGES + 2),
    state: db
      .select({
        conversation: { id, title, created_at },
        otherTurnRunning: sql<boolean>`exists (${otherRunningTurn(ids)})`,
        turnsToday: chatUsage.turns,
        nextDayInSeconds: sql<number>`ceil(extract(epoch from date_trunc('day', now(), 'UTC') + interval '1 day' - now()))::int`,
      })
      .from(chatUsage)
      .leftJoin(conversations, and(eq(id, conversation), eq(conversations.user_id, userId)))
      .where(eq(chatUsage.user_id, userId)),
  })
  const [found] = state
  if (!found) throw accountDeleted()
  return { recent, ...found }
}

interface Ids {
  userId: string
  messageId: string
  conversationId: string
  attemptId: string
}

/** The conversation that holds the message already, otherwise the one it is sent to. */
const conversationOf = ({ userId, messageId, conversationId }: Ids): SQL => sql`coalesce(
  (select m.conversation_id from messages m where m.id = ${messageId} and m.user_id = ${userId}), ${conversationId}::uuid)`

const underDailyLimit = ({ userId }: Ids): SQL =>
  sql`(select u.turns from ${chatUsage} u where u.user_id = ${userId}) < ${CHAT_TURNS_PER_DAY}`

const otherRunningTurn = (
  ids: Ids,
): SQL => sql`select 1 from messages r where r.conversation_id = ${conversationOf(ids)}
  and r.user_id = ${ids.userId} and r.status = 'running' and r.reply_to <> ${ids.messageId}`

const replyPosition = ({ userId, messageId }: Ids): SQL =>
  sql`select p.position from messages p where p.reply_to = ${messageId} and p.user_id = ${userId}`

/**
 * Makes sure that the user's count of turns is that of today. It locks the row until the end of the transaction, so that
 * the turns of a user begin one after another.
 */
const upsertDailyUsage = ({ userId }: Ids): SQL => sql`
  insert into ${chatUsage} as u (user_id, day, turns)
  select p.id, (now() at time zone 'UTC')::date, 0 from ${user} p where p.id = ${userId} for key share
  on conflict (user_id) do update set
    turns = case when u.day < excluded.day then 0 else u.turns end, day = greatest(u.day, excluded.day)`

const failStaleTurn = (ids: Ids): SQL => sql`
  update ${messages} set status = 'failed', error = ${JSON.stringify(INTERRUPTED)}::jsonb
  where conversation_id = ${conversationOf(ids)} and user_id = ${ids.userId} and status = 'running'
    and started_at < now() - ${staleTurnInterval}`

/** Inserts the message, and its conversation when it is the first one. A conversation deleted meanwhile gets none. */
const insertMessage = (ids: Ids, content: string, { isFirst }: { isFirst: boolean }): SQL => sql`
  with created as (
    insert into ${conversations} (id, user_id, title, created_at, updated_at)
    select ${ids.conversationId}::uuid, ${ids.userId}::uuid, ${titleFrom(content)}, ${dbNow}, ${dbNow}
    where ${isFirst}::boolean and ${underDailyLimit(ids)}
      and not exists (select 1 from messages m where m.id = ${ids.messageId})
    on conflict (id) do nothing
    returning id, user_id),
  existing as (
    select c.id, c.user_id from ${conversations} c
    where c.id = ${ids.conversationId} and c.user_id = ${ids.userId} for key share)
  insert into ${messages} (id, user_id, conversation_id, role, content, status, created_at)
  select ${ids.messageId}::uuid, c.user_id, c.id, 'user', ${content}, 'done', ${dbNow}
  from (select * from created union all select * from existing) c
  where not exists (${otherRunningTurn(ids)}) and ${underDailyLimit(ids)}
  on conflict (id) do nothing`

/**
 * Starts the first attempt, or another one when the reply has failed, and counts it. To regenerate, a reply that is done
 * is restarted too, and the messages after it are deleted.
 */
const startAttempt = (ids: Ids, { regenerate }: { regenerate: boolean }): SQL => sql`
  with started as (
    insert into ${messages}
      (id, user_id, conversation_id, role, content, status, reply_to, created_at, started_at, run_id)
    select ${v7()}::uuid, m.user_id, m.conversation_id, 'assistant', '', 'running', m.id, ${dbNow}, ${dbNow},
      ${ids.attemptId}::uuid from ${messages} m
    where m.id = ${ids.messageId} and m.user_id = ${ids.userId} and m.role = 'user'
      and not exists (${otherRunningTurn(ids)}) and ${underDailyLimit(ids)}
    on conflict do nothing
    returning id),
  restarted as (
    update ${messages} set content = '', status = 'running', error = null, run_id = ${ids.attemptId}::uuid,
      started_at = ${dbNow}
    where reply_to = ${ids.messageId} and user_id = ${ids.userId}
      and ${regenerate ? sql`status <> 'running'` : sql`status = 'failed'`}
      and not exists (${otherRunningTurn(ids)}) and ${underDailyLimit(ids)}
    returning id, conversation_id, position),
  dropped_later as (
    delete from ${messages} using restarted
    where ${regenerate}::boolean and messages.user_id = ${ids.userId}
      and messages.conversation_id = restarted.conversation_id and messages.position > restarted.position)
  update ${chatUsage} set turns = turns + 1
  where user_id = ${ids.userId} and exists (select id from started union all select id from restarted)`

/** Returns the first line of a message, cut to the length of a title. */
function titleFrom(content: string): string {
  const codePoints = Array.from(content.split('\n')[0] ?? '')
  if (codePoints.length <= CONVERSATION_TITLE_MAX_CHARS) return codePoints.join('')
  return `${codePoints.slice(0, CONVERSATION_TITLE_MAX_CHARS - 1).join('')}…`
}

const messageIdTaken = () =>
  new ProblemError('conflict', 'This `message_id` belongs to another message. Make a new UUID for yours.')

const turnRunning = () =>
  new ProblemError(
    'conflict',
    'The assistant is still answering in this conversation. Wait, or start another.',
    { headers: { 'Retry-After': `${BUSY_RETRY_AFTER_SECONDS}` } },
  )

const dailyLimitReached = (nextDayInSeconds: number) =>
  new ProblemError(
    'too-many-requests',
    `The assistant answers ${CHAT_TURNS_PER_DAY} times a day. Come back tomorrow.`,
    { headers: { 'Retry-After': `${nextDayInSeconds}` } },
  )
