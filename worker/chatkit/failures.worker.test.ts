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

const refuse: Answer = (response) => response.writeHead(500).end('{}')
const say =
  (text: string): Answer =>
  (response) =>
    response
      .writeHead(200, { 'Content-Type': 'text/event-stream' })
      .end(
        `${chunk({ delta: { role: 'assistant', content: text } })}${chunk({ finish_reason: 'stop' })}data: [DONE]\n\n`,
      )
const beginAndFail: Answer = (response) =>
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

/** What the model answers, one after the other; the last one for ever. */
let answers: Answer[] = []
const model = createServer((request, response) => {
  request.resume().on('end', () => {
    const [answer = refuse] = answers
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
  answers = [refuse]
})

const worker = await startWorker({
  OPENAI_BASE_URL: `http://127.0.0.1:${(model.address() as AddressInfo).port}/v1`,
  OPENAI_MODEL: 'm',
})
const ann = await signUp(worker)
const chatKit = chatKitOf(worker, ann)

const placeOf = (events: ThreadEvent[]) => {
  const [said] = finished(events, 'user_message')
  return { thread_id: said?.thread_id ?? '', item_id: said?.id }
}

test('CHAT-88 an answer that fails ends in an error that can be retried, and its thread says so later', async () => {
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
  const place = placeOf(events)
  const [, told] = await chatKit.items(place.thread_id)
  expect(told).toMatchObject({ content: [{ text: (events.at(-1) as { message: string }).message }] })

  answers = [say('Hi!')]
  const retried = await chatKit.listen('threads.retry_after_item', place)
  expect(finished(retried, 'assistant_message')).toMatchObject([{ id: told?.id, content: [{ text: 'Hi!' }] }])
  expect(await chatKit.items(place.thread_id)).toHaveLength(2)
})

test('CHAT-88 what was begun is taken back, and what was done is told, when an answer fails on the way', async () => {
  answers = [calls('add_task', { title: 'Half done' }), beginAndFail]
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

test('CHAT-88 while one message is answered another is refused in words, and nothing of it is stored', async () => {
  answers = [
    (response) => {
      setTimeout(() => say('At last.')(response), 1_500)
    },
  ]
  const first = chatKit.create('slowly')
  const running = async () =>
    (
      await querySql(`select conversation_id as id from messages where user_id = $1 and status = 'running'`, [
        ann.id,
      ])
    )[0]
  await expect.poll(running).toBeDefined()
  const thread_id = (await running())?.['id'] ?? ''
  expect(await chatKit.say(thread_id, 'quickly')).toEqual([
    {
      type: 'error',
      code: 'custom',
      message: expect.stringContaining('still answering'),
      allow_retry: false,
    },
  ])
  expect(finished(await first, 'assistant_message')).toMatchObject([{ content: [{ text: 'At last.' }] }])
  expect((await chatKit.items(thread_id)).map((item) => item.type)).toEqual([
    'user_message',
    'assistant_message',
  ])
})

test('CHAT-88 after the day’s last turn a retry is refused in words, and the answer that was there stays', async () => {
  answers = [say('Kept.')]
  const place = placeOf(await chatKit.create('hello'))
  await querySql('update chat_usage set turns = 200 where user_id = $1', [ann.id])
  expect(await chatKit.listen('threads.retry_after_item', place)).toMatchObject([
    { type: 'error', message: expect.stringContaining('200 times a day'), allow_retry: false },
  ])
  expect(await chatKit.items(place.thread_id)).toMatchObject([{}, { content: [{ text: 'Kept.' }] }])
  await querySql('update chat_usage set turns = 1 where user_id = $1', [ann.id])
})

test('CHAT-88 a retry that comes twice is one attempt, and both hear of it', async () => {
  answers = [say('First.')]
  const place = placeOf(await chatKit.create('hello'))
  answers = [
    (response) => {
      setTimeout(() => say('Second.')(response), 1_000)
    },
    say('Third.'),
  ]
  const both = await Promise.all([
    chatKit.listen('threads.retry_after_item', place),
    chatKit.listen('threads.retry_after_item', place),
  ])
  for (const events of both)
    expect(finished(events, 'assistant_message')).toMatchObject([{ content: [{ text: 'Second.' }] }])
})
