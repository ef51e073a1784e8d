import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { chatKitOf, finished, orderOf, type ThreadEvent } from '../../tests/support/chatkit.ts'
import { signUp } from '../../tests/support/people.ts'
import { querySql } from '../../tests/support/sql.ts'
import { startWorker } from '../../tests/support/worker.ts'

const chunk = (choice: object) =>
  `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, finish_reason: null, delta: {}, ...choice }] })}\n\n`

type Answer = (response: ServerResponse) => void

const fail: Answer = (response) => response.writeHead(500).end('{}')
const sayText =
  (text: string): Answer =>
  (response) =>
    response
      .writeHead(200, { 'Content-Type': 'text/event-stream' })
      .end(
        `${chunk({ delta: { role: 'assistant', content: text } })}${chunk({ finish_reason: 'stop' })}data: [DONE]\n\n`,
      )
const startAndFail: Answer = (response) =>
  response
    .writeHead(200, { 'Content-Type': 'text/event-stream' })
    .end(`${chunk({ delta: { role: 'assistant', content: 'Well, ' } })}data: {nonsense\n\n`)
const calls =
  (name: string, given: object): Answer =>
  (response) => {
    const call = {
      index: 0,
      id: 'call',
      type: 'function',
      function: { name, arguments: JSON.stringify(given) },
    }
    response
      .writeHead(200, { 'Content-Type': 'text/event-stream' })
      .end(
        `${chunk({ delta: { role: 'assistant', tool_calls: [call] } })}${chunk({ finish_reason: 'tool_calls' })}data: [DONE]\n\n`,
      )
  }

/** An answer that waits for `release`; `arrived` resolves when the model has been asked. */
function held(text: string) {
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>()
  const { promise: released, resolve: release } = Promise.withResolvers<void>()
  const answer: Answer = (response) => {
    arrive()
    void released.then(() => sayText(text)(response))
  }
  return { answer, arrived, release }
}

/** What the model answers, one request after the other; the last answer is repeated. */
let answers: Answer[] = []
const model = createServer((request, response) => {
  request.resume().on('end', () => {
    const [answer = fail] = answers
    if (answers.length > 1) answers.shift()
    answer(response)
  })
})
await new Promise<void>((resolve) => model.listen(0, '127.0.0.1', resolve))
afterAll(() => {
  model.closeAllConnections()
  model.close()
})
beforeEach(() => {
  answers = [fail]
})

const worker = await startWorker({
  OPENAI_BASE_URL: `http://127.0.0.1:${(model.address() as AddressInfo).port}/v1`,
  OPENAI_MODEL: 'm',
})
const ann = await signUp(worker)
const chatKit = chatKitOf(worker, ann)

const itemIn = (events: ThreadEvent[]) => {
  const [sent] = finished(events, 'user_message')
  return { thread_id: sent?.thread_id ?? '', item_id: sent?.id }
}

test('CHAT-88 a failed reply ends with an error that can be retried, and the thread shows it later', async () => {
  const events = await chatKit.create('hello')
  expect(orderOf(events)).toEqual([
    'thread.created',
    'thread.item.done user_message',
    'stream_options',
    'thread.updated',
    'error',
  ])
  const failure = {
    type: 'error',
    code: 'custom',
    message: expect.stringContaining('cannot be reached'),
    allow_retry: true,
  }
  expect(events.at(-1)).toEqual(failure)
  const item = itemIn(events)
  const [, stored] = await chatKit.items(item.thread_id)
  expect(stored).toMatchObject({ content: [{ text: (events.at(-1) as { message: string }).message }] })

  answers = [sayText('Hi!')]
  const retried = await chatKit.listen('threads.retry_after_item', item)
  expect(finished(retried, 'assistant_message')).toMatchObject([
    { id: stored?.id, content: [{ text: 'Hi!' }] },
  ])
  expect(await chatKit.items(item.thread_id)).toHaveLength(2)
})

test('CHAT-88 when a reply fails midway, its text is removed and its tool calls are shown', async () => {
  answers = [calls('add_task', { title: 'Half done' }), startAndFail]
  const events = await chatKit.create('add half')
  expect(orderOf(events).slice(4)).toEqual([
    'progress_update',
    'thread.item.added assistant_message',
    'thread.item.updated added',
    'thread.item.updated text_delta',
    'thread.item.removed',
    'client_effect',
    'error',
  ])
  expect((await ann.tasks()).tasks).toMatchObject([{ title: 'Half done' }])
})

test('CHAT-88 a message during another turn is refused in words, and nothing of it is stored', async () => {
  const model = held('At last.')
  answers = [model.answer]
  const first = chatKit.create('slowly')
  await model.arrived
  const [running] = await querySql(
    `select conversation_id as id from messages where user_id = $1 and status = 'running'`,
    [ann.id],
  )
  const thread_id = running?.['id'] ?? ''
  expect(await chatKit.say(thread_id, 'quickly')).toEqual([
    {
      type: 'error',
      code: 'custom',
      message: expect.stringContaining('still answering'),
      allow_retry: false,
    },
  ])
  model.release()
  expect(finished(await first, 'assistant_message')).toMatchObject([{ content: [{ text: 'At last.' }] }])
  expect((await chatKit.items(thread_id)).map(({ type }) => type)).toEqual([
    'user_message',
    'assistant_message',
  ])
})

test('CHAT-88 a retry after the last turn of the day is refused in words, and the reply stays', async () => {
  answers = [sayText('Kept.')]
  const item = itemIn(await chatKit.create('hello'))
  await querySql('update chat_usage set turns = 200 where user_id = $1', [ann.id])
  expect(await chatKit.listen('threads.retry_after_item', item)).toMatchObject([
    { type: 'error', message: expect.stringContaining('200 times a day'), allow_retry: false },
  ])
  expect(await chatKit.items(item.thread_id)).toMatchObject([{}, { content: [{ text: 'Kept.' }] }])
  await querySql('update chat_usage set turns = 1 where user_id = $1', [ann.id])
})

test('CHAT-88 two concurrent retries are one attempt, and both get its reply', async () => {
  answers = [sayText('First.')]
  const item = itemIn(await chatKit.create('hello'))
  const { promise: secondReads, resolve: reads } = Promise.withResolvers<void>()
  const model = held('Second.')
  answers = [model.answer, sayText('Third.')]
  const first = chatKit.listen('threads.retry_after_item', item)
  await model.arrived
  // It reads the message, begins its turn, and then reads the reply that the first one makes.
  let selects = 0
  worker.tap.break((_, sql) => {
    if (sql.startsWith('select') && ++selects === 2) reads()
    return 'pass'
  })
  const second = chatKit.listen('threads.retry_after_item', item)
  await secondReads
  worker.tap.mend()
  model.release()
  const both = await Promise.all([first, second])
  for (const events of both)
    expect(finished(events, 'assistant_message')).toMatchObject([{ content: [{ text: 'Second.' }] }])
})
