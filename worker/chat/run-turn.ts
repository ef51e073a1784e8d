import type { Context } from 'hono'
import { scopeOf, type UserEnv } from '../context.ts'
import type { ChatAnswer, ChatEvent, ChatMessage, TurnError } from '../contract/chat.ts'
import { INTERRUPTED } from '../contract/interrupted.ts'
import { CHAT_TURN_MAX_MS } from '../contract/limits.ts'
import { resetBudget } from '../db/client.ts'
import { toProblemAndLog } from '../problem.ts'
import { createDeadline } from './agent/deadline.ts'
import { beginTurn } from './conversations/begin-turn.ts'
import type { StoredMessage } from './conversations/messages.ts'
import { finishTurn, readReply, type ClaimedTurn, type Turn } from './conversations/turns.ts'
import { createEventQueue } from './event-queue.ts'
import { POLL_INTERVAL_MS } from './timing.ts'

/**
 * Begins the turn of a message and streams its events; see streamTurn.
 * @throws ProblemError before the turn has begun: see beginTurn
 */
export async function runTurn(c: Context<UserEnv>, message: ChatMessage): Promise<AsyncIterable<ChatEvent>> {
  const startedAt = Date.now()
  return streamTurn(c, await beginTurn(scopeOf(c), message), startedAt)
}

/**
 * Returns the events of a turn that began at `startedAt` (milliseconds since 1970); the last one is `done` or `error`.
 * When this request has claimed the turn, it makes the attempt; otherwise it polls for the result of the request that
 * does. The attempt goes on until it is stored, also when nobody reads the events.
 */
export function streamTurn(c: Context<UserEnv>, turn: Turn, startedAt: number): AsyncIterable<ChatEvent> {
  const { events, emit, close } = createEventQueue<ChatEvent>()
  const { conversation, message, reply, attemptId } = turn
  emit({
    event: 'start',
    data: {
      conversation_id: conversation.id,
      message_id: message.id,
      reply_id: reply.id,
      title: conversation.title,
    },
  })
  const work =
    attemptId === undefined ? pollTurn(c, turn, emit) : runAttempt(c, { ...turn, attemptId }, startedAt, emit)
  c.executionCtx.waitUntil(
    work
      .catch((error: unknown) => {
        const { code, detail } = toProblemAndLog(error)
        emit({ event: 'error', data: { code, message: detail } })
      })
      .finally(close),
  )
  return events
}

async function runAttempt(c: Context<UserEnv>, turn: ClaimedTurn, startedAt: number, emit: Emit) {
  // Loaded on the first turn: no other request needs the agent and its model.
  const [{ runAgent }, { modelOf }] = await Promise.all([
    import('./agent/agent.ts'),
    import('./agent/model.ts'),
  ])
  const { settings, database, userId } = c.var
  const result = await runAgent({
    scope: { database, userId },
    model: modelOf(settings),
    turn,
    deadline: createDeadline(startedAt),
    emit,
  })
  // The request may have used up its database budget; storing has the rest of the turn's time (see timing.ts).
  resetBudget(startedAt + CHAT_TURN_MAX_MS - Date.now())
  await finishTurn(scopeOf(c), turn, result)
  const { content, error, toolCalls } = result
  emitEnd(emit, turn, { ...turn.reply, content, error, tool_calls: [...turn.reply.tool_calls, ...toolCalls] })
}

/** Reads the reply until the request that makes it has stored it, then emits its events. */
async function pollTurn(c: Context<UserEnv>, turn: Turn, emit: Emit) {
  const givesUpAt = Date.now() + CHAT_TURN_MAX_MS
  let reply: StoredMessage | undefined = turn.reply
  while (reply?.status === 'running' && Date.now() < givesUpAt) {
    await new Promise((resolve) => setTimeout(resolve, POLL_INTERVAL_MS))
    // Each read has a budget of its own: waiting is not the database's fault.
    resetBudget()
    reply = await readReply(scopeOf(c), turn)
  }
  const ended = reply && reply.status !== 'running' ? reply : { ...turn.reply, error: INTERRUPTED }
  for (const call of ended.tool_calls) {
    emit({ event: 'tool_call', data: { id: call.id, name: call.name, arguments: call.arguments } })
    emit({ event: call.status === 'waiting' ? 'approval' : 'tool_result', data: call })
  }
  if (ended.content) emit({ event: 'text', data: { delta: ended.content } })
  emitEnd(emit, turn, ended)
}

function emitEnd(emit: Emit, { conversation, message }: Turn, reply: StoredMessage) {
  if (reply.error) return emit({ event: 'error', data: reply.error })
  const data: ChatAnswer = {
    conversation_id: conversation.id,
    message_id: message.id,
    reply_id: reply.id,
    response: reply.content,
    tool_calls: reply.tool_calls,
  }
  emit({ event: 'done', data })
}

type Emit = (event: ChatEvent) => void

/** Reads the events of a turn to their end and returns the data of the last one. */
export async function lastEventData(events: AsyncIterable<ChatEvent>): Promise<ChatAnswer | TurnError> {
  let last: ChatAnswer | TurnError = INTERRUPTED
  for await (const { event, data } of events) if (event === 'done' || event === 'error') last = data
  return last
}
