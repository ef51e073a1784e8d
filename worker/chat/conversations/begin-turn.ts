import { and, desc, eq, sql, type SQL } from 'drizzle-orm'
import { v7 } from 'uuid'
import type { ChatMessage } from '../../contract/chat.ts'
import { CHAT_TURNS_PER_DAY, CONVERSATION_TITLE_MAX_CHARS } from '../../contract/limits.ts'
import { chatUsage, conversations, messages, user } from '../../db/schema.ts'
import { accountDeleted, dbNow, type Scope } from '../../db/scope.ts'
import { ProblemError } from '../../problem.ts'
import { GIVEN_UP_SECONDS, INTERRUPTED, noSuchConversation, shownMessage } from './messages.ts'
import type { Turn } from './turns.ts'

/** Messages before the one to answer that a model is shown at most. */
const HISTORY_MAX = 20

/**
 * Stores a message and takes its turn on, or finds out who has: in one transaction, so that what comes twice or at once
 * is answered once. A turn that failed, or whose Worker is gone, is taken on again. A new conversation has the id of its
 * first message: a twin cannot make a second one. With `again` an answered message is answered anew: what was said after
 * it is dropped, what was done for it is known to the new attempt.
 * @throws ProblemError `not-found` for a conversation that is not the person's; `conflict` while another message is
 * answered there, or when the id belongs to another message; `too-many-requests` for the day
 */
export async function beginTurn(
  scope: Scope,
  wanted: ChatMessage,
  { again = false }: { again?: boolean } = {},
): Promise<Turn> {
  const messageId = wanted.message_id ?? v7()
  const conversationId = wanted.conversation_id ?? messageId
  const ids = { userId: scope.userId, messageId, conversationId, runId: v7() }
  const { said, standing } = await store(scope, ids, wanted, again)
  const { conversation, busy, turns, wait } = standing
  const message = said.find(({ id }) => id === messageId)
  const reply = said.find(({ reply_to }) => reply_to === messageId)
  if (conversation && message && reply) {
    const isOther = wanted.conversation_id !== undefined && wanted.conversation_id !== conversation.id
    if (isOther || message.content !== wanted.message) throw idTaken()
    const { run_id, ...answer } = reply
    const isOurs = run_id === ids.runId
    // One that stays failed could not be taken on: see why.
    if (isOurs || (again ? answer.status === 'running' : answer.status !== 'failed')) {
      const history = said.filter(({ position }) => position < message.position).toReversed()
      return { conversation, message, reply: answer, history, runId: isOurs ? run_id : undefined }
    }
  }
  if (busy) throw stillAnswering()
  if (turns >= CHAT_TURNS_PER_DAY) throw enoughForToday(wait)
  throw !conversation && wanted.conversation_id !== undefined ? noSuchConversation() : idTaken()
}

/** Stores what can be stored, and reads what came of it: the latest that was said, and how the person stands. */
async function store(
  { database, userId }: Scope,
  ids: Ids,
  { message, conversation_id }: ChatMessage,
  again: boolean,
) {
  const db = database.repeatable
  const conversation = conversationOf(ids)
  const said = db
    .select({ ...shownMessage, run_id: messages.run_id })
    .from(messages)
    .where(
      and(
        eq(messages.conversation_id, conversation),
        eq(messages.user_id, userId),
        sql`messages.position <= coalesce((${placeOfReply(ids)}), 0)`,
      ),
    )
    .orderBy(desc(messages.position))
    .limit(HISTORY_MAX + 2)
  const { id, title, created_at } = conversations
  const standing = db
    .select({
      conversation: { id, title, created_at },
      busy: sql<boolean>`exists (${running(ids)})`,
      turns: chatUsage.turns,
      wait: sql<number>`ceil(extract(epoch from date_trunc('day', now(), 'UTC') + interval '1 day' - now()))::int`,
    })
    .from(chatUsage)
    .leftJoin(conversations, and(eq(id, conversation), eq(conversations.user_id, userId)))
    .where(eq(chatUsage.user_id, userId))
  const [, , , , latest, [found]] = await db.batch([
    db.execute(openDay(ids)),
    db.execute(giveUp(ids)),
    db.execute(newMessage(ids, message, { isFirst: conversation_id === undefined })),
    db.execute(attempt(ids, { again })),
    said,
    standing,
  ])
  if (!found) throw accountDeleted()
  return { said: latest, standing: found }
}

interface Ids {
  userId: string
  messageId: string
  conversationId: string
  runId: string
}

/** Where the message is already, or else where it is to go. */
const conversationOf = ({ userId, messageId, conversationId }: Ids): SQL => sql`coalesce(
  (select m.conversation_id from messages m where m.id = ${messageId} and m.user_id = ${userId}), ${conversationId}::uuid)`

const isAllowed = ({ userId }: Ids): SQL =>
  sql`(select u.turns from ${chatUsage} u where u.user_id = ${userId}) < ${CHAT_TURNS_PER_DAY}`

/** Another turn under way in the same conversation. */
const running = (
  ids: Ids,
): SQL => sql`select 1 from messages r where r.conversation_id = ${conversationOf(ids)}
  and r.status = 'running' and r.reply_to <> ${ids.messageId}`

const placeOfReply = ({ userId, messageId }: Ids): SQL =>
  sql`select p.position from messages p where p.reply_to = ${messageId} and p.user_id = ${userId}`

/** The person's count for today. Its row stays locked to the end: what one person says begins one after another. */
const openDay = ({ userId }: Ids): SQL => sql`
  insert into ${chatUsage} as u (user_id, day, turns)
  select p.id, (now() at time zone 'UTC')::date, 0 from ${user} p where p.id = ${userId} for key share
  on conflict (user_id) do update set
    turns = case when u.day < excluded.day then 0 else u.turns end, day = greatest(u.day, excluded.day)`

const giveUp = (ids: Ids): SQL => sql`
  update ${messages} set status = 'failed', error = ${JSON.stringify(INTERRUPTED)}::jsonb
  where conversation_id = ${conversationOf(ids)} and user_id = ${ids.userId} and status = 'running'
    and started_at < now() - make_interval(secs => ${GIVEN_UP_SECONDS})`

/** The message, and the conversation that it is the first of; none that is deleted meanwhile. */
const newMessage = (ids: Ids, said: string, { isFirst }: { isFirst: boolean }): SQL => sql`
  with made as (
    insert into ${conversations} (id, user_id, title, created_at, updated_at)
    select ${ids.conversationId}::uuid, ${ids.userId}::uuid, ${titleOf(said)}, ${dbNow}, ${dbNow}
    where ${isFirst}::boolean and ${isAllowed(ids)}
      and not exists (select 1 from messages m where m.id = ${ids.messageId})
    on conflict (id) do nothing
    returning id, user_id),
  found as (
    select c.id, c.user_id from ${conversations} c
    where c.id = ${ids.conversationId} and c.user_id = ${ids.userId} for key share)
  insert into ${messages} (id, user_id, conversation_id, role, content, status, created_at)
  select ${ids.messageId}::uuid, c.user_id, c.id, 'user', ${said}, 'done', ${dbNow}
  from (select * from made union all select * from found) c
  where not exists (${running(ids)}) and ${isAllowed(ids)}
  on conflict (id) do nothing`

/**
 * The first attempt at an answer, or another where one failed, and its place in the count of the day. Anew, one that was
 * good is tried again too, and what came after it goes.
 */
const attempt = (ids: Ids, { again }: { again: boolean }): SQL => sql`
  with begun as (
    insert into ${messages}
      (id, user_id, conversation_id, role, content, status, reply_to, created_at, started_at, run_id)
    select ${v7()}::uuid, m.user_id, m.conversation_id, 'assistant', '', 'running', m.id, ${dbNow}, ${dbNow},
      ${ids.runId}::uuid from ${messages} m
    where m.id = ${ids.messageId} and m.user_id = ${ids.userId} and m.role = 'user'
      and not exists (${running(ids)}) and ${isAllowed(ids)}
    on conflict do nothing
    returning id),
  anew as (
    update ${messages} set content = '', status = 'running', error = null, run_id = ${ids.runId}::uuid,
      started_at = ${dbNow}
    where reply_to = ${ids.messageId} and user_id = ${ids.userId}
      and ${again ? sql`status <> 'running'` : sql`status = 'failed'`}
      and not exists (${running(ids)}) and ${isAllowed(ids)}
    returning id, conversation_id, position),
  later as (
    delete from ${messages} using anew
    where ${again}::boolean and messages.conversation_id = anew.conversation_id and messages.position > anew.position)
  update ${chatUsage} set turns = turns + 1
  where user_id = ${ids.userId} and exists (select id from begun union all select id from anew)`

/** The first line of what was said, cut where a title ends. */
function titleOf(said: string): string {
  const signs = Array.from(said.split('\n')[0] ?? '')
  if (signs.length <= CONVERSATION_TITLE_MAX_CHARS) return signs.join('')
  return `${signs.slice(0, CONVERSATION_TITLE_MAX_CHARS - 1).join('')}…`
}

const idTaken = () =>
  new ProblemError('conflict', 'This `message_id` belongs to another message. Make a new UUID for yours.')

const stillAnswering = () =>
  new ProblemError(
    'conflict',
    'The assistant is still answering in this conversation. Wait, or start another.',
    {
      headers: { 'Retry-After': '2' },
    },
  )

const enoughForToday = (wait: number) =>
  new ProblemError(
    'too-many-requests',
    `The assistant answers ${CHAT_TURNS_PER_DAY} times a day. Come back tomorrow.`,
    {
      headers: { 'Retry-After': `${wait}` },
    },
  )
