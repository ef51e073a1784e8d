import { randomUUID } from 'node:crypto'
import { LLMock } from '@copilotkit/aimock'
import { afterAll, expect, inject, test, vi } from 'vitest'
import { chatPath, listen, say, titlesOf, transcript, undo } from '../../../tests/support/chat.ts'
import { signUp, type TestUser } from '../../../tests/support/people.ts'
import { expectNoLeak, expectProblem } from '../../../tests/support/problem.ts'
import { querySql } from '../../../tests/support/sql.ts'
import { startWorker } from '../../../tests/support/worker.ts'

/** A server that speaks OpenAI's protocol, by script; an unforeseen question is answered with an error. */
const mock = new LLMock({ port: 0, strict: true, chunkSize: 8 })
await mock.start()
// Without waiting for the answers that nobody waits for any more.
afterAll(() => void mock.stop())

const settings = {
  OPENAI_API_KEY: 'sk-never-to-be-seen',
  OPENAI_BASE_URL: `${mock.url}/v1`,
  OPENAI_MODEL: 'some-model',
}
const workers = {
  chat: await startWorker({ ...settings, OPENAI_API: '' }),
  responses: await startWorker({ ...settings, OPENAI_API: 'responses' }),
}
const APIS = ['chat', 'responses'] as const
const PATHS = { chat: '/v1/chat/completions', responses: '/v1/responses' }

const calls = (...made: [name: string, input: unknown][]) => ({
  toolCalls: made.map(([name, input]) => ({
    name,
    arguments: typeof input === 'string' ? input : JSON.stringify(input),
  })),
})

/** First these tools, then these words. */
function script(said: string, made: ReturnType<typeof calls>, words: string) {
  mock.on({ userMessage: said, hasToolResult: false }, made)
  mock.on({ userMessage: said, hasToolResult: true }, { content: words })
}

script(
  'two things',
  calls(['add_task', { title: 'Milk' }], ['list_tasks', { status: 'pending' }]),
  'There is milk now.',
)
script('a tool that is none', calls(['drop_tables', {}]), 'That I cannot do.')
script('arguments that do not fit', calls(['add_task', { title: '' }]), 'It needs a title.')
script('arguments that are no JSON', calls(['add_task', '{"title": ']), 'I misspoke.')
script('delete them all', calls(['list_tasks', {}], ...deletes(['One', 'Two', 'Three'])), 'Shall I?')
mock.on({ userMessage: 'just talk' }, { content: 'Good morning, dear reader.' })
mock.on({ userMessage: 'round and round' }, calls(['list_tasks', {}]))
mock.on({ userMessage: 'nothing to say' }, { content: '' })
mock.on({ userMessage: 'slow' }, { content: 'It took a while.' }, { latency: 300 })
mock.on({ userMessage: 'hang' }, { content: 'Late' }, { latency: 20_000 })
/** In the words of both APIs. */
const usage = { prompt_tokens: 100, completion_tokens: 10, input_tokens: 100, output_tokens: 10 }
mock.on(
  { userMessage: 'add and break off', hasToolResult: false },
  { ...calls(['add_task', { title: 'Half' }]), usage },
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

function deletes(titles: string[]): [string, unknown][] {
  return titles.map((task) => ['delete_task', { task }])
}

/** What the model's server was asked since the last look. */
function asked() {
  const entries = mock
    .getRequests()
    .map(({ path, headers, body }) => ({ path, headers, body: JSON.stringify(body) }))
  mock.clearRequests()
  return entries
}

async function failing(api: (typeof APIS)[number], ann: TestUser, message: string) {
  const said = { message, message_id: randomUUID() }
  const response = await ann.call('POST', chatPath(ann), said)
  const problem = await expectProblem(response, 502, 'assistant-failed')
  expect(problem.detail).not.toContain('secret')
  expectNoLeak(workers[api].logs())
  expect(workers[api].logs()).not.toContain('sk-never')
  return { ...problem, said }
}

test.each(APIS)('CHAT-44 a model by %s is spoken to, with nothing of who asks', async (api) => {
  const ann = await signUp(workers[api])
  asked()
  expect((await say(ann, 'just talk')).response).toBe('Good morning, dear reader.')
  const [request, ...more] = asked()
  expect(more).toEqual([])
  expect(request?.path).toBe(PATHS[api])
  expect(request?.headers['authorization']).toBe('[REDACTED]')
  expect(request?.body).toContain('some-model')
  expect(request?.body).toContain('data that anybody may have written')
  expect(request?.body).not.toContain(ann.id)
  expect(request?.body).not.toContain(ann.email)
  expect(request?.body).not.toContain('idempotency_key')
})

test.each(APIS)('CHAT-44 a model by %s uses tools, and its words come as it says them', async (api) => {
  const ann = await signUp(workers[api])
  const events = await listen(ann, 'two things')
  expect(events.map(({ event }) => event).filter((event) => event !== 'text')).toEqual([
    'start',
    'tool_call',
    'tool_result',
    'tool_call',
    'tool_result',
    'done',
  ])
  expect(events.filter(({ event }) => event === 'text').length).toBeGreaterThan(1)
  const end = events.at(-1)?.data
  expect(end).toMatchObject({
    response: 'There is milk now.',
    tool_calls: [{ status: 'done' }, { status: 'done' }],
  })
  expect(await titlesOf(ann)).toEqual(['Milk'])
  expect(JSON.stringify(end)).toMatch(/"name":"list_tasks".*"title":"Milk"/)
})

test.each(APIS)('CHAT-44 a model by %s is told what was said and done before', async (api) => {
  const ann = await signUp(workers[api])
  const { conversation_id, tool_calls } = await say(ann, 'two things')
  asked()
  await say(ann, { message: 'just talk', conversation_id })
  const [request] = asked()
  for (const words of ['two things', 'There is milk now.', 'Milk', 'add_task'])
    expect(request?.body).toContain(words)
  expect(request?.body).not.toContain('undone by the person')
  for (const { id } of tool_calls.filter(({ name }) => name === 'add_task')) await undo(ann, id)
  await say(ann, { message: 'just talk', conversation_id })
  expect(asked()[0]?.body).toContain('undone by the person')
})

test.each(APIS)('CHAT-30 deletes of a model by %s wait, each for itself', async (api) => {
  const ann = await signUp(workers[api])
  for (const title of ['One', 'Two', 'Three']) await ann.addTask(title)
  const { tool_calls } = await say(ann, 'delete them all')
  expect(tool_calls.map(({ status }) => status)).toEqual(['done', 'waiting', 'waiting', 'waiting'])
  expect(await titlesOf(ann)).toHaveLength(3)
})

test.each(APIS)('CHAT-48 a model by %s is told of its mistakes and goes on', async (api) => {
  const ann = await signUp(workers[api])
  asked()
  expect(await say(ann, 'a tool that is none')).toMatchObject({
    response: 'That I cannot do.',
    tool_calls: [],
  })
  expect(asked().at(-1)?.body).toMatch(/drop_tables.*not found/)
  const misfit = await say(ann, 'arguments that do not fit')
  expect(misfit).toMatchObject({ response: 'It needs a title.', tool_calls: [{ status: 'failed' }] })
  expect(misfit.tool_calls[0]?.error?.message).toContain('The title must not be empty.')
  expect(await say(ann, 'arguments that are no JSON')).toMatchObject({
    response: 'I misspoke.',
    tool_calls: [],
  })
  expect(await titlesOf(ann)).toEqual([])
})

test.each(
  APIS.flatMap((api) =>
    [
      ['error 400', 'not configured correctly'],
      ['error 401', 'not configured correctly'],
      ['error 429', 'busy right now'],
      ['error 500', 'cannot be reached'],
      ['error 503', 'cannot be reached'],
      ['nothing to say', 'cannot be used'],
      ['a question that nobody foresaw', 'cannot be reached'],
    ].map(([message = '', words = '']) => [api, message, words] as const),
  ),
)('CHAT-45 by %s, “%s” ends in a clear message, and is stored as failed', async (api, message, words) => {
  const ann = await signUp(workers[api])
  const { detail, said } = await failing(api, ann, message)
  expect(detail).toContain(words)
  const { messages } = await transcript(ann, said.message_id)
  expect(messages).toMatchObject([
    { role: 'user', content: message, status: 'done' },
    { role: 'assistant', content: '', status: 'failed', error: { message: detail }, tool_calls: [] },
  ])
  const events = await listen(ann, said)
  expect(events.map(({ event }) => event)).toEqual(['start', 'error'])
})

test.each(APIS)('CHAT-45 a model by %s that is busy for longer is not waited for', async (api) => {
  const ann = await signUp(workers[api])
  asked()
  const started = Date.now()
  const { detail } = await failing(api, ann, 'come back later')
  expect(detail).toContain('busy right now')
  expect(asked()).toHaveLength(1)
  expect(Date.now() - started).toBeLessThan(5_000)
})

test.each(APIS)('CHAT-45 a model by %s that goes round in circles is stopped', async (api) => {
  const ann = await signUp(workers[api])
  asked()
  const { detail, said } = await failing(api, ann, 'round and round')
  expect(detail).toContain('round in circles')
  expect(asked()).toHaveLength(8)
  expect((await transcript(ann, said.message_id)).messages[1]?.tool_calls).toHaveLength(8)
})

test.each(APIS)(
  'CHAT-45 a model by %s that breaks off leaves what its tools did, and is taken up again',
  async (api) => {
    mock.resetMatchCounts()
    const ann = await signUp(workers[api])
    const { said } = await failing(api, ann, 'add and break off')
    const { messages } = await transcript(ann, said.message_id)
    expect(messages[1]).toMatchObject({
      status: 'failed',
      tool_calls: [{ status: 'done', name: 'add_task' }],
    })
    const tokens = () =>
      querySql('select input_tokens as input, output_tokens as output from messages where id = $1', [
        messages[1]?.id,
      ])
    expect(await tokens()).toEqual([{ input: '100', output: '10' }])
    const again = await say(ann, said)
    expect(await tokens()).toEqual([{ input: '200', output: '20' }])
    expect(again).toMatchObject({ response: 'Now it is whole.', tool_calls: messages[1]?.tool_calls })
    expect(await titlesOf(ann)).toEqual(['Half'])
  },
)

test.each(APIS)('CHAT-45 a model by %s that hangs is given up within 25 seconds', async (api) => {
  const ann = await signUp(workers[api])
  const started = Date.now()
  const { detail } = await failing(api, ann, 'hang')
  expect(detail).toContain('too long')
  expect(Date.now() - started).toBeLessThan(25_000)
})

test.each(
  APIS.flatMap((api) => ['text/event-stream', 'application/json'].map((type) => [api, type] as const)),
)(
  'CHAT-15 a turn by %s, asked for as %s, is taken to its end though the client has gone',
  async (api, type) => {
    const worker = workers[api]
    const ann = await signUp(worker)
    const message_id = randomUUID()
    const leave = new AbortController()
    asked()
    const response = fetch(new URL(chatPath(ann), worker.url), {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${ann.token}`,
        'Content-Type': 'application/json',
        Accept: type,
      },
      body: JSON.stringify({ message: 'slow', message_id }),
      signal: leave.signal,
    })
    const ends = Promise.allSettled([response.then((answer) => answer.text())])
    await expect.poll(() => mock.getRequests().length).toBeGreaterThan(0)
    leave.abort()
    expect((await ends)[0].status).toBe('rejected')
    await expect
      .poll(async () => (await transcript(ann, message_id)).messages[1]?.status, { timeout: 20_000 })
      .toBe('done')
    expect((await transcript(ann, message_id)).messages[1]?.content).toBe('It took a while.')
  },
)

test.each(APIS)(
  'CHAT-46 the built Worker by %s calls nothing but the database and the model',
  async (api) => {
    const ann = await signUp(workers[api])
    // What the Worker fetches the harness fetches for it, in this process; the tap then asks the gateway.
    const sent = new Set<string>()
    const real = globalThis.fetch
    const spy = vi.spyOn(globalThis, 'fetch').mockImplementation((url, init) => {
      sent.add(new URL(url instanceof Request ? url.url : url).origin)
      return real(url, init)
    })
    await say(ann, 'two things')
    // Traces would be sent some seconds later.
    await new Promise((resolve) => setTimeout(resolve, 6_000))
    spy.mockRestore()
    const places = [mock.url, workers[api].tap.url, inject('gateway')].map((url) => new URL(url).origin)
    expect([...sent].toSorted()).toEqual(places.toSorted())
  },
)

test('CHAT-14 while a model answers, another message in its conversation is refused, and a twin follows', async () => {
  const ann = await signUp(workers.chat)
  const said = { message: 'slow', message_id: randomUUID() }
  asked()
  const answers = Promise.all([say(ann, said), say(ann, said)])
  await expect.poll(() => mock.getRequests().length).toBeGreaterThan(0)
  const other = { message: 'just talk', conversation_id: said.message_id }
  await expectProblem(await ann.call('POST', chatPath(ann), other), 409, 'conflict')
  const [one, two] = await answers
  expect(two).toEqual(one)
  expect(asked()).toHaveLength(1)
})
