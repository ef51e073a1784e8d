import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { chatPath, say, titlesOf, transcript } from '../../tests/support/chat.ts'
import { signUp } from '../../tests/support/people.ts'
import { expectNoLeak, expectProblem } from '../../tests/support/problem.ts'
import { querySql } from '../../tests/support/sql.ts'
import { startWorker } from '../../tests/support/worker.ts'

const worker = await startWorker()

test('CHAT-16 a stale turn is shown as failed, and sending the message again continues it', async () => {
  const ann = await signUp(worker)
  const sent = { message: 'Add milk and call Ann', message_id: randomUUID() }
  const { conversation_id, reply_id } = await say(ann, sent)
  const runFor = (seconds: number) =>
    querySql(
      `update messages set status = 'running', content = '', started_at = now() - make_interval(secs => $2) where id = $1`,
      [reply_id, seconds],
    )
  // Ten seconds short of stale: the exact limit is in the statement, so that no clock is needed to check it.
  await runFor(20)
  worker.tap.clear()
  expect((await transcript(ann, conversation_id)).messages[1]).toMatchObject({
    status: 'running',
    error: null,
  })
  const parameters = worker.tap.statements.map(({ params }) => params.map(Number))
  expect(parameters).toEqual([expect.not.arrayContaining([30]), expect.arrayContaining([30])])
  await runFor(31)
  expect((await transcript(ann, conversation_id)).messages[1]).toMatchObject({
    status: 'failed',
    error: { code: 'interrupted' },
  })
  // Its Worker was stopped before it stored its tool calls: they are made again, and take effect once.
  await querySql('delete from tool_calls where message_id = $1', [reply_id])
  const again = await say(ann, sent)
  expect(again).toMatchObject({
    reply_id,
    response: '“milk” is already on your list.\n“call Ann” is already on your list.',
  })
  expect(await titlesOf(ann)).toEqual(['call Ann', 'milk'])
})

test('CHAT-16 a turn that was interrupted between two tool calls makes only the second one', async () => {
  const ann = await signUp(worker)
  const sent = { message: 'Add milk and call Ann', message_id: randomUUID() }
  const first = await say(ann, sent)
  const [milk, call] = first.tool_calls
  await querySql(`delete from tasks where user_id = $1 and title = 'call Ann'`, [ann.id])
  await querySql('delete from tool_calls where id = $1', [call?.id])
  await querySql(
    `update messages set status = 'failed', content = '', error = '{"code":"x","message":"x"}' where id = $1`,
    [first.reply_id],
  )
  const again = await say(ann, sent)
  expect(again.tool_calls).toHaveLength(2)
  expect(again.tool_calls[0]).toEqual(milk)
  expect(again.tool_calls[1]?.id).not.toBe(call?.id)
  expect(again.response).toBe(first.response)
  expect(await titlesOf(ann)).toEqual(['call Ann', 'milk'])
})

test('CHAT-16 another message does not wait for a stale turn', async () => {
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

test('CHAT-19 when the database is unavailable before a turn, nothing is stored', async () => {
  const ann = await signUp(worker)
  const sent = { message: 'Add milk', message_id: randomUUID() }
  worker.tap.break(() => ({ status: 503 }))
  await expectProblem(await ann.call('POST', chatPath(ann), sent), 503, 'database-away')
  worker.tap.mend()
  expect(await querySql('select 1 from conversations where user_id = $1', [ann.id])).toEqual([])
  expect((await say(ann, sent)).response).toBe('Added “milk”.')
})

test('CHAT-19 a request that begins or ends a turn is repeated when its response is lost, and takes effect once', async () => {
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

test('CHAT-19 when the database is unavailable at the end of a turn, the user is told and can send the message again', async () => {
  const ann = await signUp(worker)
  const sent = { message: 'Add milk', message_id: randomUUID() }
  worker.tap.break((_, sql) => (sql.startsWith('update "messages"') ? { status: 503 } : 'pass'))
  await expectProblem(await ann.call('POST', chatPath(ann), sent), 503, 'database-away')
  worker.tap.mend()
  expect(await titlesOf(ann)).toEqual(['milk'])
  await querySql(
    `update messages set started_at = now() - interval '31 s' where user_id = $1 and role = 'assistant'`,
    [ann.id],
  )
  expect((await say(ann, sent)).response).toContain('“milk” is already on your list.')
  expect(await titlesOf(ann)).toEqual(['milk'])
  expectNoLeak(worker.logs())
})
