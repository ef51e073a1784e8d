import { randomUUID } from 'node:crypto'
import { expect, inject, test } from 'vitest'
import { chatPath, listen, say, titlesOf, transcript, undo } from '../../../tests/support/chat.ts'
import { API_KEY, API_PATHS, APIS, startLlmServer, type ModelApi } from '../../../tests/support/llm-server.ts'
import { signUp, type TestUser } from '../../../tests/support/people.ts'
import { expectNoLeak, expectProblem } from '../../../tests/support/problem.ts'
import { querySql } from '../../../tests/support/sql.ts'
import { startWorker } from '../../../tests/support/worker.ts'
import { UNDONE_BY_USER } from '../user-decisions.ts'

const llm = await startLlmServer()
const { settings, takeRequests } = llm
const workers = {
  chat: await startWorker({ ...settings, OPENAI_API: '' }),
  responses: await startWorker({ ...settings, OPENAI_API: 'responses' }),
}

/** Sends a message whose turn fails, and returns the problem with the message. */
async function expectFailure(api: ModelApi, ann: TestUser, message: string) {
  const sent = { message, message_id: randomUUID() }
  const response = await ann.call('POST', chatPath(ann), sent)
  const problem = await expectProblem(response, 502, 'assistant-failed')
  expect(problem.detail).not.toContain('secret')
  expectNoLeak(workers[api].logs())
  expect(workers[api].logs()).not.toContain(API_KEY)
  return { ...problem, sent }
}

test.each(APIS)(
  'CHAT-44 a model by %s is sent its key, its instructions and nothing that identifies the user',
  async (api) => {
    const ann = await signUp(workers[api])
    takeRequests()
    llm.authorizations.length = 0
    expect((await say(ann, 'just talk')).response).toBe('Good morning, dear reader.')
    const [request, ...more] = takeRequests()
    expect(more).toEqual([])
    expect(request?.path).toBe(API_PATHS[api])
    expect(llm.authorizations).toEqual([`Bearer ${API_KEY}`])
    expect(request?.body).toContain('some-model')
    expect(request?.body).toContain('data that anybody may have written')
    expect(request?.body).not.toContain(ann.id)
    expect(request?.body).not.toContain(ann.email)
    expect(request?.body).not.toContain('idempotency_key')
  },
)

test.each(APIS)('CHAT-44 a model by %s calls tools, and its text is streamed', async (api) => {
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

test.each(APIS)('CHAT-44 a model by %s is sent the earlier messages and tool calls', async (api) => {
  const ann = await signUp(workers[api])
  const { conversation_id, tool_calls } = await say(ann, 'two things')
  takeRequests()
  await say(ann, { message: 'just talk', conversation_id })
  const [request] = takeRequests()
  for (const words of ['two things', 'There is milk now.', 'Milk', 'add_task'])
    expect(request?.body).toContain(words)
  expect(request?.body).not.toContain(UNDONE_BY_USER)
  for (const { id } of tool_calls.filter(({ name }) => name === 'add_task')) await undo(ann, id)
  await say(ann, { message: 'just talk', conversation_id })
  expect(takeRequests()[0]?.body).toContain(UNDONE_BY_USER)
})

test.each(APIS)('CHAT-30 each delete of a model by %s waits for an approval of its own', async (api) => {
  const ann = await signUp(workers[api])
  for (const title of ['One', 'Two', 'Three']) await ann.addTask(title)
  const { tool_calls } = await say(ann, 'delete them all')
  expect(tool_calls.map(({ status }) => status)).toEqual(['done', 'waiting', 'waiting', 'waiting'])
  expect(await titlesOf(ann)).toHaveLength(3)
})

test.each(APIS)('CHAT-48 a model by %s is sent an error for a wrong tool call, and goes on', async (api) => {
  const ann = await signUp(workers[api])
  takeRequests()
  expect(await say(ann, 'a tool that is none')).toMatchObject({
    response: 'That I cannot do.',
    tool_calls: [],
  })
  expect(takeRequests().at(-1)?.body).toMatch(/drop_tables.*not found/)
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
)(
  'CHAT-45 by %s, “%s” ends with a clear message and a reply that is stored as failed',
  async (api, message, words) => {
    const ann = await signUp(workers[api])
    const { detail, sent } = await expectFailure(api, ann, message)
    expect(detail).toContain(words)
    const { messages } = await transcript(ann, sent.message_id)
    expect(messages).toMatchObject([
      { role: 'user', content: message, status: 'done' },
      { role: 'assistant', content: '', status: 'failed', error: { message: detail }, tool_calls: [] },
    ])
    const events = await listen(ann, sent)
    expect(events.map(({ event }) => event)).toEqual(['start', 'error'])
  },
)

test.each(APIS)('CHAT-45 a model by %s that is busy for longer is not asked again', async (api) => {
  const ann = await signUp(workers[api])
  takeRequests()
  const { detail } = await expectFailure(api, ann, 'come back later')
  expect(detail).toContain('busy right now')
  expect(takeRequests()).toHaveLength(1)
})

test.each(APIS)(
  'CHAT-45 a model by %s that keeps calling tools is stopped after 8 responses',
  async (api) => {
    const ann = await signUp(workers[api])
    takeRequests()
    const { detail, sent } = await expectFailure(api, ann, 'round and round')
    expect(detail).toContain('round in circles')
    expect(takeRequests()).toHaveLength(8)
    expect((await transcript(ann, sent.message_id)).messages[1]?.tool_calls).toHaveLength(8)
  },
)

test.each(APIS)(
  'CHAT-45 when a model by %s breaks off, its tool calls are kept and the message can be sent again',
  async (api) => {
    llm.resetMatchCounts()
    const ann = await signUp(workers[api])
    const { sent } = await expectFailure(api, ann, 'add and break off')
    const { messages } = await transcript(ann, sent.message_id)
    expect(messages[1]).toMatchObject({
      status: 'failed',
      tool_calls: [{ status: 'done', name: 'add_task' }],
    })
    const tokens = () =>
      querySql('select input_tokens as input, output_tokens as output from messages where id = $1', [
        messages[1]?.id,
      ])
    expect(await tokens()).toEqual([{ input: '100', output: '10' }])
    const again = await say(ann, sent)
    expect(await tokens()).toEqual([{ input: '200', output: '20' }])
    expect(again).toMatchObject({ response: 'Now it is whole.', tool_calls: messages[1]?.tool_calls })
    expect(await titlesOf(ann)).toEqual(['Half'])
  },
)

test.each(APIS)('CHAT-45 a model by %s that does not respond ends the turn as too slow', async (api) => {
  const ann = await signUp(workers[api])
  // It would respond after ten minutes. That the Worker's own timeouts fit into a turn is CHAT-100.
  const { detail, sent } = await expectFailure(api, ann, 'hang')
  expect(detail).toContain('too long')
  expect((await transcript(ann, sent.message_id)).messages[1]).toMatchObject({ status: 'failed' })
})

test.each(
  APIS.flatMap((api) => ['text/event-stream', 'application/json'].map((type) => [api, type] as const)),
)(
  'CHAT-15 a turn by %s, requested as %s, is finished and stored after the client has disconnected',
  async (api, type) => {
    const worker = workers[api]
    const ann = await signUp(worker)
    const message_id = randomUUID()
    const leave = new AbortController()
    const model = llm.hold()
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
    await model.arrived
    leave.abort()
    expect((await ends)[0].status).toBe('rejected')
    model.release()
    await expect
      .poll(async () => (await transcript(ann, message_id)).messages[1]?.status, { timeout: 50_000 })
      .toBe('done')
    expect((await transcript(ann, message_id)).messages[1]?.content).toBe('It took a while.')
  },
)

test('CHAT-14 while a turn is running, another message is refused and a repeat of its own message follows it', async () => {
  const ann = await signUp(workers.chat)
  const sent = { message: 'slow', message_id: randomUUID() }
  takeRequests()
  const model = llm.hold()
  const first = say(ann, sent)
  await model.arrived
  const repeat = say(ann, sent)
  const other = { message: 'just talk', conversation_id: sent.message_id }
  await expectProblem(await ann.call('POST', chatPath(ann), other), 409, 'conflict')
  model.release()
  expect(await repeat).toEqual(await first)
  expect(takeRequests()).toHaveLength(1)
})

test('CHAT-46 all requests that the built Worker has sent in this file went to the database or the model', async () => {
  for (const api of APIS) await say(await signUp(workers[api]), 'two things')
  const database = [workers.chat.tap.url, workers.responses.tap.url, inject('gateway')]
  const allowed = [llm.origin, ...database].map((url) => new URL(url).origin)
  // Traces would be sent some seconds after a turn; the turns above have taken longer than that.
  const workerUrls = Object.values(workers).map(({ url }) => new URL(url).origin)
  expect([...llm.origins].filter((origin) => !workerUrls.includes(origin)).toSorted()).toEqual(
    [...new Set(allowed)].toSorted(),
  )
})
