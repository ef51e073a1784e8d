import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { chatPath, listen, say, titlesOf, transcript } from '../../tests/support/chat.ts'
import { signUp, type TestUser } from '../../tests/support/people.ts'
import { expectNoLeak, expectProblem } from '../../tests/support/problem.ts'
import { querySql } from '../../tests/support/sql.ts'
import { costOf } from '../../tests/support/statements.ts'
import { startWorker } from '../../tests/support/worker.ts'
import { ChatAnswer, Transcript } from '../contract/chat.ts'

const worker = await startWorker()

test('CHAT-10 a message is answered with what was said and done, and begins a conversation', async () => {
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

test('CHAT-10 what is said next goes on in the same conversation', async () => {
  const ann = await signUp(worker)
  const { conversation_id } = await say(ann, 'Add milk and bread')
  await say(ann, { message: 'complete it', conversation_id })
  await say(ann, { message: 'show what is done', conversation_id })
  expect(await titlesOf(ann, '?completed=true')).toEqual(['milk and bread'])
  expect((await transcript(ann, conversation_id)).messages).toHaveLength(6)
})

test('CHAT-11 a turn is told as it goes, in order, and ends with the whole of it', async () => {
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

test('CHAT-13 the same message twice, or at once, is one turn with one answer', async () => {
  const ann = await signUp(worker)
  const said = { message: 'Add milk and call Ann', message_id: randomUUID() }
  const answers = await Promise.all([say(ann, said), say(ann, said), say(ann, said)])
  expect(answers[1]).toEqual(answers[0])
  expect(answers[2]).toEqual(answers[0])
  expect(await say(ann, said)).toEqual(answers[0])
  const events = await listen(ann, said)
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
  expect(await say(ann, { ...said, conversation_id: answers[0].conversation_id })).toEqual(answers[0])
  expect((await transcript(ann, answers[0].conversation_id)).messages).toHaveLength(2)
})

test('CHAT-13 an id that belongs to another message is refused, and tells nothing of it', async () => {
  const [ann, bob] = await Promise.all([signUp(worker), signUp(worker, 'Bob')])
  const { message_id, conversation_id } = await say(ann, 'Add the secret of Ann')
  const other = await say(ann, 'Add bread')
  const refused = async (person: typeof ann, body: object) => {
    const problem = await expectProblem(await person.call('POST', chatPath(person), body), 409, 'conflict')
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

test('CHAT-14 while a message is answered, another in the same conversation is refused and not kept', async () => {
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

test('CHAT-14 of two messages at once in a conversation one is answered, or both in turn, and none is half kept', async () => {
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

test('CHAT-16 a turn that has not ended is shown as failed, and is taken on where it was left', async () => {
  const ann = await signUp(worker)
  const said = { message: 'Add milk and call Ann', message_id: randomUUID() }
  const { conversation_id, reply_id } = await say(ann, said)
  const hang = (seconds: number) =>
    querySql(
      `update messages set status = 'running', content = '', started_at = now() - make_interval(secs => $2) where id = $1`,
      [reply_id, seconds],
    )
  await hang(29)
  expect((await transcript(ann, conversation_id)).messages[1]).toMatchObject({
    status: 'running',
    error: null,
  })
  await hang(31)
  expect((await transcript(ann, conversation_id)).messages[1]).toMatchObject({
    status: 'failed',
    error: { code: 'interrupted' },
  })
  // Its Worker was gone before it could store what its tools had done: they are asked again, and do it once.
  await querySql('delete from tool_calls where message_id = $1', [reply_id])
  const again = await say(ann, said)
  expect(again).toMatchObject({
    reply_id,
    response: '“milk” is already on your list.\n“call Ann” is already on your list.',
  })
  expect(await titlesOf(ann)).toEqual(['call Ann', 'milk'])
})

test('CHAT-16 a turn that was cut off between two tools does the rest alone', async () => {
  const ann = await signUp(worker)
  const said = { message: 'Add milk and call Ann', message_id: randomUUID() }
  const first = await say(ann, said)
  const [milk, call] = first.tool_calls
  await querySql(`delete from tasks where user_id = $1 and title = 'call Ann'`, [ann.id])
  await querySql('delete from tool_calls where id = $1', [call?.id])
  await querySql(
    `update messages set status = 'failed', content = '', error = '{"code":"x","message":"x"}' where id = $1`,
    [first.reply_id],
  )
  const again = await say(ann, said)
  expect(again.tool_calls).toHaveLength(2)
  expect(again.tool_calls[0]).toEqual(milk)
  expect(again.tool_calls[1]?.id).not.toBe(call?.id)
  expect(again.response).toBe(first.response)
  expect(await titlesOf(ann)).toEqual(['call Ann', 'milk'])
})

test('CHAT-16 another message does not wait for a turn that is gone', async () => {
  const ann = await signUp(worker)
  const { conversation_id, reply_id } = await say(ann, 'Add milk')
  await querySql(
    `update messages set status = 'running', started_at = now() - interval '31 s' where id = $1`,
    [reply_id],
  )
  await say(ann, { message: 'Add bread', conversation_id })
  const { messages } = await transcript(ann, conversation_id)
  expect(messages.map(({ status }) => status)).toEqual(['done', 'failed', 'done', 'done'])
})

test.each([
  ['no message', {}, 'message'],
  ['an empty message', { message: ' ' }, 'message'],
  ['a message that is no text', { message: 7 }, 'message'],
  ['2,001 characters', { message: 'x'.repeat(2_001) }, 'message'],
  ['half a pair', { message: 'a\ud800' }, 'message'],
  ['a conversation that is no UUID', { message: 'x', conversation_id: 'x' }, 'conversation_id'],
  ['a message id that is no UUID', { message: 'x', message_id: '1' }, 'message_id'],
])('CHAT-17 %s is refused with a reason, and costs nothing', async (_, body, field) => {
  const ann = await signUp(worker)
  worker.tap.clear()
  const problem = await expectProblem(await ann.call('POST', chatPath(ann), body), 400, 'invalid-input')
  expect(problem.errors?.map((error) => error.field)).toEqual([field])
  expect(worker.tap.requests).toEqual([])
})

const setTurns = (person: TestUser, turns: number) =>
  querySql('update chat_usage set turns = $2 where user_id = $1', [person.id, turns])
const turnsOf = async (person: TestUser) =>
  Number((await querySql('select turns from chat_usage where user_id = $1', [person.id]))[0]?.['turns'])

test('CHAT-17 after 200 turns of a day the next one waits for tomorrow, retries too', async () => {
  const ann = await signUp(worker)
  const { conversation_id } = await say(ann, '👋'.repeat(2_000))
  const said = { message: 'Add milk', message_id: randomUUID(), conversation_id }
  const { reply_id: failed } = await say(ann, said)
  await querySql(
    `update messages set status = 'failed', error = '{"code":"x","message":"x"}' where id = $1`,
    [failed],
  )
  await setTurns(ann, 200)
  for (const body of [said, { message: 'Add bread' }, { message: 'Add bread', conversation_id }]) {
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
  expect((await say(ann, said)).response).toContain('milk')
  expect(await turnsOf(ann)).toBe(1)
})

test('CHAT-17 what is answered again, refused or deleted does not change the count of the day', async () => {
  const ann = await signUp(worker)
  const said = { message: 'Add milk', message_id: randomUUID() }
  const { conversation_id } = await say(ann, said)
  await say(ann, said)
  await ann.call('POST', chatPath(ann), { ...said, message: 'Something else' })
  expect(await turnsOf(ann)).toBe(1)
  await setTurns(ann, 199)
  await say(ann, { message: 'hello', conversation_id })
  await ann.call('DELETE', `/api/${ann.id}/conversations/${conversation_id}`)
  expect(await turnsOf(ann)).toBe(200)
  await expectProblem(await ann.call('POST', chatPath(ann), { message: 'x' }), 429, 'too-many-requests')
})

test('CHAT-17 of ten first messages at once, with one turn left, one is answered', async () => {
  const ann = await signUp(worker)
  await say(ann, 'hello')
  await setTurns(ann, 199)
  const ten = Array.from({ length: 10 }, () => ann.call('POST', chatPath(ann), { message: 'hello' }))
  const statuses = (await Promise.all(ten)).map(({ status }) => status)
  expect(statuses.toSorted((one, other) => one - other)).toEqual([200, ...Array<number>(9).fill(429)])
  expect(await querySql('select 1 from conversations where user_id = $1', [ann.id])).toHaveLength(2)
})

test('CHAT-17 one message sets off 20 tools at most, and 5 questions', async () => {
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

test('CHAT-18 a turn is one request to begin, one for each tool and one to end', async () => {
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

test('CHAT-19 a database that is away before a turn begins leaves nothing behind', async () => {
  const ann = await signUp(worker)
  const said = { message: 'Add milk', message_id: randomUUID() }
  worker.tap.break(() => ({ status: 503 }))
  await expectProblem(await ann.call('POST', chatPath(ann), said), 503, 'database-away')
  worker.tap.mend()
  expect(await querySql('select 1 from conversations where user_id = $1', [ann.id])).toEqual([])
  expect((await say(ann, said)).response).toBe('Added “milk”.')
})

test('CHAT-19 a beginning or an end whose answer is lost is repeated, and done once', async () => {
  const ann = await signUp(worker)
  worker.tap.break((n) => (n % 2 === 0 ? 'answer-lost' : 'pass'))
  const answer = await say(ann, 'Add milk')
  worker.tap.mend()
  expect(answer.tool_calls).toHaveLength(1)
  expect(await titlesOf(ann)).toEqual(['milk'])
  const { messages } = await transcript(ann, answer.conversation_id)
  expect(messages.map(({ status }) => status)).toEqual(['done', 'done'])
  expect(messages[1]?.tool_calls).toEqual(answer.tool_calls)
})

test('CHAT-19 a database that goes away at the end is told, and the message can be sent again', async () => {
  const ann = await signUp(worker)
  const said = { message: 'Add milk', message_id: randomUUID() }
  worker.tap.break((_, sql) => (sql.startsWith('update "messages"') ? { status: 503 } : 'pass'))
  await expectProblem(await ann.call('POST', chatPath(ann), said), 503, 'database-away')
  worker.tap.mend()
  expect(await titlesOf(ann)).toEqual(['milk'])
  await querySql(
    `update messages set started_at = now() - interval '31 s' where user_id = $1 and role = 'assistant'`,
    [ann.id],
  )
  expect((await say(ann, said)).response).toContain('“milk” is already on your list.')
  expect(await titlesOf(ann)).toEqual(['milk'])
  expectNoLeak(worker.logs())
})

test('CHAT-40 the embedded model lists, completes, reopens, changes and describes', async () => {
  const ann = await signUp(worker)
  const { conversation_id } = await say(ann, 'Add tasks: oat milk, cow milk, bread')
  const reply = async (message: string) => (await say(ann, { message, conversation_id })).response
  expect(await reply('complete bread')).toBe('Completed “bread”.')
  expect(await reply('complete bread')).toBe('“bread” was already completed.')
  expect(await reply('show what is open')).toBe('You have 2 open tasks:\n1. cow milk\n2. oat milk')
  expect(await reply('what is done?')).toBe('You have 1 completed task:\n1. bread ✓')
  expect(await reply('reopen it')).toBe('“bread” is open again.')
  expect(await reply('rename bread to rye bread')).toBe('It is now “rye bread”.')
  expect(await reply('change the description of rye to one loaf')).toBe(
    'I changed the description of “rye bread”.',
  )
  expect(await reply('find jam')).toBe('You have no tasks with “jam”.')
  expect(await reply('complete jam')).toBe('You have no task matching “jam”.')
  expect(await reply('complete oat milk and rye bread')).toBe('Completed “oat milk”.\nCompleted “rye bread”.')
})

test('CHAT-41 the embedded model says what it can do', async () => {
  const ann = await signUp(worker)
  for (const message of ['hello', 'help', 'what can you do?', 'sing me a song', 'delete everything']) {
    const answer = await say(ann, message)
    expect(answer.response).toContain('Add buy milk and call Ann')
    expect(answer.tool_calls).toEqual([])
  }
  expect((await say(ann, 'sing me a song')).response).toMatch(/^I did not understand “sing me a song”\./)
})

test('CHAT-42 a question which task is meant is answered by number or words', async () => {
  const ann = await signUp(worker)
  const { conversation_id } = await say(ann, 'Add tasks: oat milk, cow milk, soy milk')
  const reply = async (message: string) => (await say(ann, { message, conversation_id })).response
  const question = await reply('complete milk')
  expect(question).toBe(
    'Which one do you mean?\n1. soy milk\n2. cow milk\n3. oat milk\nSay its number, or more of its title.',
  )
  expect(await titlesOf(ann, '?completed=true')).toEqual([])
  expect(await reply('2')).toBe('Completed “cow milk”.')
  expect(await reply('rename milk to bread')).toContain('Which one')
  expect(await reply('the oat one')).toBe('It is now “bread”.')
})

test('CHAT-43 a day stays in the title, and the assistant says so', async () => {
  const ann = await signUp(worker)
  const { response } = await say(ann, 'Remind me to call Ann tomorrow at 5pm')
  expect(await titlesOf(ann)).toEqual(['call Ann tomorrow at 5pm'])
  expect(response).toBe(
    'Added “call Ann tomorrow at 5pm”.\nI keep “tomorrow” in the title: I set no dates and send no reminders.',
  )
})
