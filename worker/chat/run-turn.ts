import type { Context } from 'hono'
import type { UserEnv } from '../context.ts'
import type { ChatAnswer, ChatEvent, ChatMessage, TurnError } from '../contract/chat.ts'
import { CHAT_TURN_MAX_MS } from '../contract/limits.ts'
import { resetBudget } from '../db/client.ts'
import { toProblemAndLog } from '../problem.ts'
import { beginTurn } from './conversations/begin-turn.ts'
import { INTERRUPTED, type StoredMessage } from './conversations/messages.ts'
import { finishTurn, readReply, type OwnTurn, type Turn } from './conversations/turns.ts'

/** Milliseconds between two looks at a turn that another request takes. */
const LOOK_EVERY_MS = 400

/**
 * Takes the turn of a message, or follows it when another request does, and tells of it as it goes; the last event is
 * `done` or `error`. The turn is taken to its end and stored though nobody listens any more.
 * @throws ProblemError before the turn has begun: see beginTurn
 */
export async function takeTurn(c: Context<UserEnv>, wanted: ChatMessage): Promise<AsyncIterable<ChatEvent>> {
  const since = Date.now()
  return tellTurn(c, await beginTurn(c.var, wanted), since)
}

/** The same for a turn that has begun, `since` being when: milliseconds since 1970. */
export function tellTurn(c: Context<UserEnv>, turn: Turn, since: number): AsyncIterable<ChatEvent> {
  const line = openLine()
  const { conversation, message, reply, runId } = turn
  line.emit({
    event: 'start',
    data: {
      conversation_id: conversation.id,
      message_id: message.id,
      reply_id: reply.id,
      title: conversation.title,
    },
  })
  const work =
    runId === undefined ? follow(c, turn, line.emit) : answer(c, { ...turn, runId }, since, line.emit)
  c.executionCtx.waitUntil(
    work
      .catch((error: unknown) => {
        const { code, detail } = toProblemAndLog(error)
        line.emit({ event: 'error', data: { code, message: detail } })
      })
      .finally(line.close),
  )
  return line.events
}

async function answer(c: Context<UserEnv>, turn: OwnTurn, since: number, emit: Emit) {
  // The agent and its model are loaded when somebody chats: no other call pays for them.
  const [{ runAgent }, { modelOf }] = await Promise.all([
    import('./agent/agent.ts'),
    import('./agent/model.ts'),
  ])
  const { settings, database, userId } = c.var
  const ending = await runAgent({
    scope: { database, userId },
    model: modelOf(settings),
    turn,
    since,
    emit,
  })
  resetBudget(since + CHAT_TURN_MAX_MS - Date.now())
  await finishTurn(c.var, turn, ending)
  const { content, error, toolCalls } = ending
  emitEnd(emit, turn, { ...turn.reply, content, error, tool_calls: [...turn.reply.tool_calls, ...toolCalls] })
}

/** Waits for the request that takes this turn, and tells of it when it is through. */
async function follow(c: Context<UserEnv>, turn: Turn, emit: Emit) {
  const until = Date.now() + CHAT_TURN_MAX_MS
  let reply: StoredMessage | undefined = turn.reply
  while (reply?.status === 'running' && Date.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
    resetBudget()
    reply = await readReply(c.var, turn)
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

/** A line with one listener, who may come late, or go: what is said waits, and whoever speaks does not. */
function openLine() {
  const said: ChatEvent[] = []
  let isClosed = false
  let wake = () => {}
  async function* listen(): AsyncGenerator<ChatEvent> {
    for (let n = 0; ;) {
      const event = said[n]
      if (event) {
        n++
        yield event
      } else if (isClosed) return
      else await new Promise<void>((resolve) => (wake = resolve))
    }
  }
  return {
    events: listen(),
    emit: (event: ChatEvent) => {
      said.push(event)
      wake()
    },
    close: () => {
      isClosed = true
      wake()
    },
  }
}

/** The end of a turn alone, for whoever does not listen to it as it goes. */
export async function endOf(events: AsyncIterable<ChatEvent>): Promise<ChatAnswer | TurnError> {
  let end: ChatAnswer | TurnError = INTERRUPTED
  for await (const { event, data } of events) if (event === 'done' || event === 'error') end = data
  return end
}
