import { LLMock } from '@copilotkit/aimock'
import { afterAll, vi } from 'vitest'

export const API_KEY = 'sk-never-to-be-seen'
export const APIS = ['chat', 'responses'] as const
export type ModelApi = (typeof APIS)[number]
export const API_PATHS = { chat: '/v1/chat/completions', responses: '/v1/responses' }

/** The tokens of one response, in the words of both APIs. */
const usage = { prompt_tokens: 100, completion_tokens: 10, input_tokens: 100, output_tokens: 10 }

const toolCalls = (...made: [name: string, input: unknown][]) => ({
  toolCalls: made.map(([name, input]) => ({
    name,
    arguments: typeof input === 'string' ? input : JSON.stringify(input),
  })),
})

/**
 * A server that speaks OpenAI's protocol by a script, where the user's message selects the response; a message that is
 * not in the script is answered with an error. Closed when the test file ends.
 */
export async function startLlmServer() {
  const mock = new LLMock({ port: 0, strict: true, chunkSize: 8 })
  await mock.start()
  // Not awaited: some responses are never read, and stopping would wait for them.
  afterAll(() => void mock.stop())
  writeScript(mock)
  const traffic = watchTraffic(mock.url)
  return {
    ...traffic,
    /** Settings of a Worker that uses this server. */
    settings: {
      OPENAI_API_KEY: API_KEY,
      OPENAI_BASE_URL: `${mock.url}/v1`,
      OPENAI_MODEL: 'some-model',
    },
    origin: mock.url,
    /** Starts the script of repeated messages again. */
    resetMatchCounts: () => mock.resetMatchCounts(),
    /** Returns and forgets the requests since the last call, with their bodies as text. */
    takeRequests: () => {
      const requests = mock.getRequests().map(({ path, body }) => ({ path, body: JSON.stringify(body) }))
      mock.clearRequests()
      return requests
    },
  }
}

/**
 * Watches every request that leaves a Worker: its `fetch` is carried out by the test harness, in this process. Here the
 * headers are still those that the Worker has sent; the mock replaces API keys before it shows them.
 */
function watchTraffic(llmOrigin: string) {
  const origins = new Set<string>()
  const authorizations: (string | null)[] = []
  let held: Promise<void> | undefined
  let onRequest = () => {}
  const realFetch = globalThis.fetch
  const spy = vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
    const { origin } = new URL(input instanceof Request ? input.url : input)
    origins.add(origin)
    if (origin === llmOrigin) {
      const headers = init?.headers ?? (input instanceof Request ? input.headers : undefined)
      authorizations.push(new Headers(headers).get('Authorization'))
      onRequest()
      await held
    }
    return realFetch(input, init)
  })
  afterAll(() => spy.mockRestore())
  return {
    /** The origins of all requests so far. */
    origins,
    /** The Authorization headers of requests to the model, oldest first. */
    authorizations,
    /** Holds requests to the model back; resolves `arrived` with the first one, and lets all go with `release`. */
    hold() {
      const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>()
      const gate = Promise.withResolvers<void>()
      held = gate.promise
      onRequest = arrive
      return {
        arrived,
        release() {
          held = undefined
          onRequest = () => {}
          gate.resolve()
        },
      }
    },
  }
}

/** These tool calls first, and this text once they have results. */
function callThenSay(
  mock: LLMock,
  userMessage: string,
  calls: ReturnType<typeof toolCalls>,
  content: string,
) {
  mock.on({ userMessage, hasToolResult: false }, calls)
  mock.on({ userMessage, hasToolResult: true }, { content })
}

function writeScript(mock: LLMock) {
  callThenSay(
    mock,
    'two things',
    toolCalls(['add_task', { title: 'Milk' }], ['list_tasks', { status: 'pending' }]),
    'There is milk now.',
  )
  callThenSay(mock, 'a tool that is none', toolCalls(['drop_tables', {}]), 'That I cannot do.')
  callThenSay(mock, 'arguments that do not fit', toolCalls(['add_task', { title: '' }]), 'It needs a title.')
  callThenSay(mock, 'arguments that are no JSON', toolCalls(['add_task', '{"title": ']), 'I misspoke.')
  const deletes = ['One', 'Two', 'Three'].map((task): [string, unknown] => ['delete_task', { task }])
  callThenSay(mock, 'delete them all', toolCalls(['list_tasks', {}], ...deletes), 'Shall I?')
  mock.on({ userMessage: 'just talk' }, { content: 'Good morning, dear reader.' })
  mock.on({ userMessage: 'round and round' }, toolCalls(['list_tasks', {}]))
  mock.on({ userMessage: 'nothing to say' }, { content: '' })
  mock.on({ userMessage: 'slow' }, { content: 'It took a while.' })
  mock.on({ userMessage: 'hang' }, { content: 'Late' }, { latency: 600_000 })
  mock.on(
    { userMessage: 'add and break off', hasToolResult: false },
    { ...toolCalls(['add_task', { title: 'Half' }]), usage },
  )
  mock.on(
    { userMessage: 'add and break off', hasToolResult: true, sequenceIndex: 0 },
    { content: 'Half a sentence that ends' },
    { truncateAfterChunks: 3, latency: 50 },
  )
  mock.on({ userMessage: 'add and break off', hasToolResult: true }, { content: 'Now it is whole.', usage })
  for (const status of [400, 401, 429, 500, 503])
    mock.on({ userMessage: `error ${status}` }, { error: { message: 'secret words' }, status })
  mock.on(
    { userMessage: 'come back later' },
    { error: { message: 'secret words' }, status: 429, retryAfter: 30 },
  )
}
