import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { chatPath, listen, say, titlesOf, transcript } from '../../tests/support/chat.ts'
import { signUp } from '../../tests/support/people.ts'
import { expectProblem } from '../../tests/support/problem.ts'
import { querySql } from '../../tests/support/sql.ts'
import { startWorker } from '../../tests/support/worker.ts'
import { ChatAnswer } from '../contract/chat.ts'

const worker = await startWorker()

test('CHAT-10 a message gets a reply with its tool calls, and begins a conversation', async () => {
  const ann = await signUp(worker)
  const answer = await say(ann, 'Add buy milk and call Ann, then show what is open\nThanks')
  expect(ChatAnswer.strict().parse(answer)).toEqual(answer)
  expect(answer.response).toBe(
    'Added “buy milk”.\nAdded “call Ann”.\nYou have 2 open tasks:\n1. call Ann\n2. buy milk',
  )
  expect(answer.tool_calls.map(({ name, status }) => [name, status])).toEqual([
    ['add_task', 'done'],
    ['add_task', 'done'],
    ['list_tasks', 'done'],
  ])
  expect(await titlesOf(ann)).toEqual(['call Ann', 'buy milk'])
  const { conversation, messages } = await transcript(ann, answer.conversation_id)
  expect(conversation.title).toBe('Add buy milk and call Ann, then show what is open')
  expect(messages).toMatchObject([
    { id: answer.message_id, role: 'user', status: 'done', reply_to: null, tool_calls: [] },
    {
      id: answer.reply_id,
      role: 'assistant',
      content: answer.response,
      status: 'done',
      reply_to: answer.message_id,
    },
  ])
  expect(messages[1]?.tool_calls).toEqual(answer.tool_calls)
})

test('CHAT-10 a further message continues the conversation', async () => {
  const ann = await signUp(worker)
  const { conversation_id } = await say(ann, 'Add milk and bread')
  await say(ann, { message: 'complete it', conversation_id })
  await say(ann, { message: 'show what is done', conversation_id })
  expect(await titlesOf(ann, '?completed=true')).toEqual(['milk and bread'])
  expect((await transcript(ann, conversation_id)).messages).toHaveLength(6)
})

test('CHAT-11 the events of a turn come in order, and the last one holds the whole reply', async () => {
  const ann = await signUp(worker)
  await ann.addTask('Old notes')
  const events = await listen(ann, 'Add milk, then delete the old notes')
  const words = events.flatMap((one) => (one.event === 'text' ? [one.data.delta] : []))
  expect(events.map(({ event }) => event).filter((event, n, all) => event !== all[n - 1])).toEqual([
    'start',
    'tool_call',
    'tool_result',
    'tool_call',
    'approval',
    'text',
    'done',
  ])
  const [start, call, result, , approval] = events
  const end = ChatAnswer.parse(events.at(-1)?.data)
  expect(start?.data).toEqual({
    conversation_id: end.conversation_id,
    message_id: end.message_id,
    reply_id: end.reply_id,
    title: 'Add milk, then delete the old notes',
  })
  expect(call?.data).toEqual({ id: end.tool_calls[0]?.id, name: 'add_task', arguments: { title: 'milk' } })
  expect([result?.data, approval?.data]).toEqual(end.tool_calls)
  expect(words.length).toBeGreaterThan(3)
  expect(words.join('')).toBe(end.response)
})

test('CHAT-13 the same message_id, repeated or sent concurrently, is one turn with one reply', async () => {
  const ann = await signUp(worker)
  const sent = { message: 'Add milk and call Ann', message_id: randomUUID() }
  const answers = await Promise.all([say(ann, sent), say(ann, sent), say(ann, sent)])
  expect(answers[1]).toEqual(answers[0])
  expect(answers[2]).toEqual(answers[0])
  expect(await say(ann, sent)).toEqual(answers[0])
  const events = await listen(ann, sent)
  expect(events.at(-1)).toEqual({ event: 'done', data: answers[0] })
  expect(events.map(({ event }) => event)).toEqual([
    'start',
    'tool_call',
    'tool_result',
    'tool_call',
    'tool_result',
    'text',
    'done',
  ])
  expect(await titlesOf(ann)).toEqual(['call Ann', 'milk'])
  expect(await say(ann, { ...sent, conversation_id: answers[0].conversation_id })).toEqual(answers[0])
  expect((await transcript(ann, answers[0].conversation_id)).messages).toHaveLength(2)
})

test('CHAT-13 a message_id that belongs to another message is refused without revealing that message', async () => {
  const [ann, bob] = await Promise.all([signUp(worker), signUp(worker, 'Bob')])
  const { message_id, conversation_id } = await say(ann, 'Add the secret of Ann')
  const other = await say(ann, 'Add bread')
  const refused = async (user: typeof ann, body: object) => {
    const problem = await expectProblem(await user.call('POST', chatPath(user), body), 409, 'conflict')
    expect(problem.detail).toContain('another message')
    expect(JSON.stringify(problem)).not.toContain('secret')
  }
  await refused(ann, { message: 'Something else', message_id })
  await refused(ann, { message: 'Add the secret of Ann', message_id, conversation_id: other.conversation_id })
  await refused(bob, { message: 'Add the secret of Ann', message_id })
  const own = await say(bob, 'Add bread')
  await refused(bob, { message: 'Add jam', message_id, conversation_id: own.conversation_id })
  expect((await transcript(ann, conversation_id)).messages).toHaveLength(2)
  expect((await transcript(bob, own.conversation_id)).messages).toHaveLength(2)
  expect(await titlesOf(bob)).toEqual(['bread'])
})

test('CHAT-14 while a turn is running, another message in the conversation is refused and not stored', async () => {
  const ann = await signUp(worker)
  const { conversation_id, reply_id } = await say(ann, 'Add milk')
  await querySql(`update messages set status = 'running', started_at = now() where id = $1`, [reply_id])
  const response = await ann.call('POST', chatPath(ann), { message: 'Add bread', conversation_id })
  const wait = response.headers.get('Retry-After')
  await expectProblem(response, 409, 'conflict')
  expect(wait).toBe('2')
  expect((await transcript(ann, conversation_id)).messages).toHaveLength(2)
  expect(await titlesOf(ann)).toEqual(['milk'])
  expect((await say(ann, 'Add bread')).response).toBe('Added “bread”.')
})

test('CHAT-14 of two concurrent messages in a conversation, each is either answered or refused as a whole', async () => {
  const ann = await signUp(worker)
  const { conversation_id } = await say(ann, 'hello')
  const both = ['Add milk', 'Add bread'].map((message) =>
    ann.call('POST', chatPath(ann), { message, conversation_id }),
  )
  const statuses = (await Promise.all(both)).map(({ status }) => status)
  expect(statuses).toContain(200)
  const taken = statuses.filter((status) => status === 200).length
  expect(statuses.filter((status) => status !== 200)).toEqual(Array.from({ length: 2 - taken }, () => 409))
  expect(await titlesOf(ann)).toHaveLength(taken)
  expect((await transcript(ann, conversation_id)).messages).toHaveLength(2 + 2 * taken)
})
