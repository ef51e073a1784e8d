import { and, desc, eq, sql, type SQL } from 'drizzle-orm'
import { v7 } from 'uuid'
import type { ChatMessage } from '../contract/chat.ts'
import { CHAT_TURNS_PER_DAY, CONVERSATION_TITLE_MAX_CHARS } from '../contract/limits.ts'
import { FOREIGN_KEY_VIOLATION, sqlState } from '../db/error.ts'
import { conversations, messages } from '../db/schema.ts'
import { ProblemError } from '../problem.ts'
import type { Scope } from '../tasks/tasks.ts'
import { now, personGone } from '../tasks/write.ts'
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
  const { userId, database } = scope
  const messageId = wanted.message_id ?? v7()
  const runId = v7()
  const db = database.repeatable
  const ids = { userId, messageId, runId, conversationId: wanted.conversation_id ?? messageId }
  const conversation = conversationOf(ids)
  const answers = await db
    .batch([
      db.execute(wanted.conversation_id === undefined ? newConversation(ids, wanted.message) : sql`select 1`),
      db.execute(
        sql`select id from ${conversations} where id = ${conversation} and user_id = ${userId} for update`,
      ),
      db.execute(giveUp(ids)),
      db.execute(newMessage(ids, wanted.message)),
      db.execute(newReply(ids)),
      db.execute(again ? anewFrom(ids) : anotherAttempt(ids)),
      db
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
        .limit(HISTORY_MAX + 2),
      db
        .select({
          id: conversations.id,
          title: conversations.title,
          created_at: conversations.created_at,
          busy: sql<boolean>`exists (${running(ids)})`,
        })
        .from(conversations)
        .where(and(eq(conversations.id, conversation), eq(conversations.user_id, userId))),
      db.execute<{ used: number; known: boolean; wait: number }>(standing(ids)),
    ])
    .catch((error: unknown) => {
      throw sqlState(error) === FOREIGN_KEY_VIOLATION ? personGone() : error
    })
  const [, , , , , , rows, [found], { rows: standings }] = answers
  const reply = rows.find((row) => row.reply_to === messageId)
  const message = rows.find((row) => row.id === messageId)
  if (reply && message && found) {
    const isOther = wanted.conversation_id !== undefined && wanted.conversation_id !== found.id
    if (isOther || message.content !== wanted.message) throw idTaken()
    const { run_id, ...answer } = reply
    const { busy: _, ...place } = found
    const history = rows.filter((row) => row.position < message.position).toReversed()
    // One that stays failed could not be taken on: see why.
    if (run_id === runId || (again ? answer.status === 'running' : answer.status !== 'failed'))
      return {
        conversation: place,
        message,
        reply: answer,
        history,
        runId: run_id === runId ? runId : undefined,
      }
  }
  const [standing_] = standings
  if (found?.busy) throw stillAnswering()
  if (standing_ && standing_.used >= CHAT_TURNS_PER_DAY) throw enoughForToday(standing_.wait)
  throw !found && wanted.conversation_id !== undefined ? noSuchConversation() : idTaken()
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

const usedToday = ({ userId }: Ids): SQL => sql`(select coalesce(sum(m.attempts), 0)::int from messages m
  where m.user_id = ${userId} and m.started_at >= date_trunc('day', now(), 'UTC'))`

const isAllowed = (ids: Ids): SQL => sql`${usedToday(ids)} < ${CHAT_TURNS_PER_DAY}`

/** Another turn under way in the same conversation. */
const running = (
  ids: Ids,
): SQL => sql`select 1 from messages r where r.conversation_id = ${conversationOf(ids)}
  and r.status = 'running' and r.reply_to <> ${ids.messageId}`

const placeOfReply = ({ userId, messageId }: Ids): SQL =>
  sql`select p.position from messages p where p.reply_to = ${messageId} and p.user_id = ${userId}`

const newConversation = (ids: Ids, said: string): SQL => sql`
  insert into ${conversations} (id, user_id, title, created_at, updated_at)
  select ${ids.conversationId}::uuid, ${ids.userId}::uuid, ${titleOf(said)}, ${now}, ${now}
  where ${isAllowed(ids)} and not exists (select 1 from messages m where m.id = ${ids.messageId})
  on conflict (id) do nothing`

const giveUp = (ids: Ids): SQL => sql`
  update ${messages} set status = 'failed', error = ${JSON.stringify(INTERRUPTED)}::jsonb
  where conversation_id = ${conversationOf(ids)} and user_id = ${ids.userId} and status = 'running'
    and started_at < now() - make_interval(secs => ${GIVEN_UP_SECONDS})`

const newMessage = (ids: Ids, said: string): SQL => sql`
  insert into ${messages} (id, user_id, conversation_id, role, content, status, created_at)
  select ${ids.messageId}::uuid, c.user_id, c.id, 'user', ${said}, 'done', ${now} from ${conversations} c
  where c.id = ${ids.conversationId} and c.user_id = ${ids.userId}
    and not exists (${running(ids)}) and ${isAllowed(ids)}
  on conflict (id) do nothing`

const newReply = (ids: Ids): SQL => sql`
  insert into ${messages}
    (id, user_id, conversation_id, role, content, status, reply_to, created_at, started_at, run_id, attempts)
  select ${v7()}::uuid, m.user_id, m.conversation_id, 'assistant', '', 'running', m.id, ${now}, ${now},
    ${ids.runId}::uuid, 1 from ${messages} m
  where m.id = ${ids.messageId} and m.user_id = ${ids.userId} and m.role = 'user'
    and not exists (${running(ids)}) and ${isAllowed(ids)}
  on conflict do nothing`

const anotherAttempt = (ids: Ids): SQL => sql`
  update ${messages} set status = 'running', error = null, run_id = ${ids.runId}::uuid, started_at = ${now},
    attempts = case when started_at >= date_trunc('day', now(), 'UTC') then attempts + 1 else 1 end
  where reply_to = ${ids.messageId} and user_id = ${ids.userId} and status = 'failed'
    and not exists (${running(ids)}) and ${isAllowed(ids)}`

/** Another attempt at an answer that was good too, in the place of all that came after the message. */
const anewFrom = (ids: Ids): SQL => sql`
  with again as (
    update ${messages} set content = '', status = 'running', error = null, run_id = ${ids.runId}::uuid,
      started_at = ${now}, attempts = case when started_at >= date_trunc('day', now(), 'UTC') then attempts + 1 else 1 end
    where reply_to = ${ids.messageId} and user_id = ${ids.userId} and status <> 'running'
      and not exists (${running(ids)}) and ${isAllowed(ids)}
    returning conversation_id, position)
  delete from ${messages} using again
  where messages.conversation_id = again.conversation_id and messages.position > again.position`

/** Turns of the day and seconds to its end. */
const standing = (ids: Ids): SQL => sql`select ${usedToday(ids)} as used,
  ceil(extract(epoch from date_trunc('day', now(), 'UTC') + interval '1 day' - now()))::int as wait`

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
