import { Usage, type Model } from '@openai/agents-core'
import { assistantMessage, functionCall, modelResponse } from '@openai/agents-core/testing'
import { Hono } from 'hono'
import { contextStorage } from 'hono/context-storage'
import { v7 } from 'uuid'
import { runAgent } from '../../worker/chat/agent/agent.ts'
import { createDeadline, type Deadline } from '../../worker/chat/agent/deadline.ts'
import type { NamedModel } from '../../worker/chat/agent/model.ts'
import type { StoredMessage } from '../../worker/chat/conversations/messages.ts'
import type { ChatEvent, ToolCall } from '../../worker/contract/chat.ts'
import { connect, newDatabaseUse, type DatabaseUse } from '../../worker/db/client.ts'
import { Settings } from '../../worker/settings.ts'
import type { TestUser } from './people.ts'
import type { TestWorker } from './worker.ts'

export const message = (content: string, role: 'user' | 'assistant' = 'user'): StoredMessage => ({
  id: v7(),
  position: 0,
  role,
  content,
  status: 'done',
  reply_to: null,
  error: null,
  tool_calls: [],
  created_at: '2026-01-01T00:00:00.000Z',
})

interface AttemptOptions {
  /** The user's message, for several attempts at one reply. */
  asked?: StoredMessage
  history?: StoredMessage[]
  /** Tool calls of earlier attempts. */
  earlierCalls?: ToolCall[]
  deadline?: Deadline
}

/** Runs the agent in this process, with the database of a test Worker. */
export function agentOf(worker: TestWorker) {
  const settings = (more = {}) =>
    Settings.parse({
      DATABASE_URL: 'postgres://margin:margin@localhost/margin',
      NEON_FETCH_ENDPOINT: worker.tap.url,
      BETTER_AUTH_SECRET: 'x'.repeat(32),
      BETTER_AUTH_URL: 'http://localhost:8787',
      ...more,
    })
  const database = connect(settings())

  /** Runs one attempt and returns its result with the events it has emitted. */
  async function attempt(user: TestUser, text: string, model: NamedModel, options: AttemptOptions = {}) {
    const {
      asked = message(text),
      history = [],
      earlierCalls = [],
      deadline = createDeadline(Date.now()),
    } = options
    const events: ChatEvent[] = []
    const result = await asRequest(() =>
      runAgent({
        scope: { database, userId: user.id },
        model,
        turn: {
          conversation: { id: v7(), title: text, created_at: new Date().toISOString() },
          message: asked,
          reply: { ...message('', 'assistant'), tool_calls: earlierCalls },
          history,
          attemptId: v7(),
        },
        deadline,
        emit: (event) => events.push(event),
      }),
    )
    return { ...result, events }
  }

  return { attempt, settings }
}

/** A deadline that expires when the test says so; until then it always has `remainingMs` left. */
export function manualDeadline(remainingMs: number) {
  const controller = new AbortController()
  return {
    signal: controller.signal,
    remainingMs: () => (controller.signal.aborted ? 0 : remainingMs),
    expire: () => controller.abort(new DOMException('The time is up.', 'TimeoutError')),
  }
}

/** Runs a function as part of a request, which has a database budget. */
async function asRequest<Value>(run: () => Promise<Value>): Promise<Value> {
  const { promise, resolve, reject } = Promise.withResolvers<Value>()
  const app = new Hono<{ Variables: { databaseUse: DatabaseUse } }>()
    .use(contextStorage())
    .get('/', async (c) => {
      c.set('databaseUse', newDatabaseUse())
      await run().then(resolve, reject)
      return c.body(null)
    })
  await app.request('/')
  return promise
}

export const scripted = (model: Model): NamedModel => ({
  provider: { getModel: () => model },
  model: 'scripted',
})
export const call = (name: string, input: object) => functionCall(name, { ...input }, { callId: v7() })
export const asks = (...made: ReturnType<typeof call>[]) =>
  modelResponse({ usage: new Usage(), output: made })
export const says = (text: string) => modelResponse({ usage: new Usage(), output: [assistantMessage(text)] })
