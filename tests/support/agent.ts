import { Usage, type Model } from '@openai/agents-core'
import { assistantMessage, functionCall, modelResponse } from '@openai/agents-core/testing'
import { Hono } from 'hono'
import { contextStorage } from 'hono/context-storage'
import { v7 } from 'uuid'
import { runAgent } from '../../worker/chat/agent/agent.ts'
import type { StoredMessage } from '../../worker/chat/conversations/messages.ts'
import type { NamedModel } from '../../worker/chat/agent/model.ts'
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

interface More {
  /** The message, to answer it twice. */
  asked?: StoredMessage
  history?: StoredMessage[]
  /** What attempts before did. */
  earlier?: ToolCall[]
  /** When the turn began, in milliseconds since 1970. */
  since?: number
}

/** The agent in this process, against the database beside the Worker. */
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

  /** Has it answer, and tells how that ended and what it told of on the way. */
  async function take(person: TestUser, said: string, model: NamedModel, more: More = {}) {
    const { asked = message(said), history = [], earlier = [], since = Date.now() } = more
    const events: ChatEvent[] = []
    const ending = await asRequest(() =>
      runAgent({
        scope: { database, userId: person.id },
        model,
        turn: {
          conversation: { id: v7(), title: said, created_at: new Date().toISOString() },
          message: asked,
          reply: { ...message('', 'assistant'), tool_calls: earlier },
          history,
          runId: v7(),
        },
        since,
        emit: (event) => events.push(event),
      }),
    )
    return { ...ending, events }
  }

  return { take, settings }
}

/** Runs something as a request runs it, with a budget for the database. */
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
