import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { chatPath, say, titlesOf, transcript } from '../../tests/support/chat.ts'
import { signUp, type TestUser } from '../../tests/support/people.ts'
import { expectProblem } from '../../tests/support/problem.ts'
import { querySql } from '../../tests/support/sql.ts'
import { costOf } from '../../tests/support/statements.ts'
import { startWorker } from '../../tests/support/worker.ts'
import { ChatAnswer, Transcript } from '../contract/chat.ts'

const worker = await startWorker()

test.each([
  ['no message', {}, 'message'],
  ['an empty message', { message: ' ' }, 'message'],
  ['a message that is no text', { message: 7 }, 'message'],
  ['2,001 characters', { message: 'x'.repeat(2_001) }, 'message'],
  ['half a pair', { message: 'a\ud800' }, 'message'],
  ['a conversation that is no UUID', { message: 'x', conversation_id: 'x' }, 'conversation_id'],
  ['a message id that is no UUID', { message: 'x', message_id: '1' }, 'message_id'],
])('CHAT-17 %s is refused with a reason, without a request to the database', async (_, body, field) => {
  const ann = await signUp(worker)
  worker.tap.clear()
  const problem = await expectProblem(await ann.call('POST', chatPath(ann), body), 400, 'invalid-input')
  expect(problem.errors?.map((error) => error.field)).toEqual([field])
  expect(worker.tap.requests).toEqual([])
})

const setTurns = (user: TestUser, turns: number) =>
  querySql('update chat_usage set turns = $2 where user_id = $1', [user.id, turns])

const turnsOf = async (user: TestUser) =>
  Number((await querySql('select turns from chat_usage where user_id = $1', [user.id]))[0]?.['turns'])

test('CHAT-17 after 200 turns in a day, new messages and retries are refused until tomorrow', async () => {
  const ann = await signUp(worker)
  const { conversation_id } = await say(ann, '👋'.repeat(2_000))
  const sent = { message: 'Add milk', message_id: randomUUID(), conversation_id }
  const { reply_id: failed } = await say(ann, sent)
  await querySql(
    `update messages set status = 'failed', error = '{"code":"x","message":"x"}' where id = $1`,
    [failed],
  )
  await setTurns(ann, 200)
  for (const body of [sent, { message: 'Add bread' }, { message: 'Add bread', conversation_id }]) {
    const response = await ann.call('POST', chatPath(ann), body)
    const wait = Number(response.headers.get('Retry-After'))
    await expectProblem(response, 429, 'too-many-requests')
    expect(wait).toBeGreaterThan(0)
    expect(wait).toBeLessThanOrEqual(86_400)
  }
  const { conversations } = (await (await ann.call('GET', `/api/${ann.id}/conversations`)).json()) as {
    conversations: object[]
  }
  expect(conversations).toHaveLength(1)
  expect((await transcript(ann, conversation_id)).messages).toHaveLength(4)
  await querySql('update chat_usage set day = day - 1 where user_id = $1', [ann.id])
  expect((await say(ann, sent)).response).toContain('milk')
  expect(await turnsOf(ann)).toBe(1)
})

test('CHAT-17 repeated, refused and deleted messages do not change the count of the day', async () => {
  const ann = await signUp(worker)
  const sent = { message: 'Add milk', message_id: randomUUID() }
  const { conversation_id } = await say(ann, sent)
  await say(ann, sent)
  await ann.call('POST', chatPath(ann), { ...sent, message: 'Something else' })
  expect(await turnsOf(ann)).toBe(1)
  await setTurns(ann, 199)
  await say(ann, { message: 'hello', conversation_id })
  await ann.call('DELETE', `/api/${ann.id}/conversations/${conversation_id}`)
  expect(await turnsOf(ann)).toBe(200)
  await expectProblem(await ann.call('POST', chatPath(ann), { message: 'x' }), 429, 'too-many-requests')
})

test('CHAT-17 of ten concurrent messages, with one turn left, one is answered', async () => {
  const ann = await signUp(worker)
  await say(ann, 'hello')
  await setTurns(ann, 199)
  const ten = Array.from({ length: 10 }, () => ann.call('POST', chatPath(ann), { message: 'hello' }))
  const statuses = (await Promise.all(ten)).map(({ status }) => status)
  expect(statuses.toSorted((one, other) => one - other)).toEqual([200, ...Array<number>(9).fill(429)])
  expect(await querySql('select 1 from conversations where user_id = $1', [ann.id])).toHaveLength(2)
})

test('CHAT-17 one message makes at most 20 tool calls and asks for at most 5 approvals', async () => {
  const ann = await signUp(worker)
  const titles = Array.from({ length: 25 }, (_, n) => `task${n}`)
  const { tool_calls, response } = await say(ann, `add tasks: ${titles.join(', ')}`)
  expect(tool_calls).toHaveLength(20)
  expect(await titlesOf(ann)).toHaveLength(20)
  expect(response).toContain('enough for one message')
  const asked = await say(
    ann,
    titles
      .slice(0, 7)
      .map((title) => `delete "${title}"`)
      .join('; '),
  )
  expect(asked.tool_calls.map(({ status }) => status)).toEqual([
    ...Array<string>(5).fill('waiting'),
    'failed',
    'failed',
  ])
  expect(await titlesOf(ann)).toHaveLength(20)
})

test('CHAT-18 a turn makes one database request to begin, one for each tool call and one to end', async () => {
  const ann = await signUp(worker)
  const cost = (message: string, more = {}) =>
    costOf(worker, () => ann.call('POST', chatPath(ann), { message, ...more }))
  const plain = await cost('hello')
  expect(plain.statements).toEqual([6, 2])
  const { conversation_id } = ChatAnswer.parse(JSON.parse(plain.text))
  const tools = await cost('add milk, complete milk, delete milk and show all tasks', { conversation_id })
  expect(ChatAnswer.parse(JSON.parse(tools.text)).tool_calls).toHaveLength(4)
  expect(tools.statements).toEqual([6, 1, 1, 1, 1, 3])
  const read = await costOf(worker, () => ann.call('GET', `/api/${ann.id}/conversations/${conversation_id}`))
  expect(Transcript.parse(JSON.parse(read.text)).messages).toHaveLength(4)
  expect(read.statements).toEqual([2])
  expect((await costOf(worker, () => ann.call('GET', `/api/${ann.id}/conversations`))).statements).toEqual([
    1,
  ])
})
