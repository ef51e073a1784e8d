import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { chatKitOf, finished, orderOf, type ThreadEvent } from '../../tests/support/chatkit.ts'
import { titlesOf } from '../../tests/support/chat.ts'
import { signUp } from '../../tests/support/people.ts'
import { expectProblem } from '../../tests/support/problem.ts'
import { querySql } from '../../tests/support/sql.ts'
import { startWorker } from '../../tests/support/worker.ts'

const worker = await startWorker()
const ann = await signUp(worker)
const chatKit = chatKitOf(worker, ann)
const titles = () => titlesOf(ann)

const turns = async () =>
  Number((await querySql('select turns from chat_usage where user_id = $1', [ann.id]))[0]?.['turns'] ?? 0)

const threadIn = (events: ThreadEvent[]) => finished(events, 'user_message')[0]?.thread_id ?? ''

test('CHAT-83 a message is answered anew, under the same id, and what came after it is dropped', async () => {
  const before = await turns()
  const thread_id = threadIn(await chatKit.create('add Water the fig'))
  await chatKit.say(thread_id, 'hello')
  const [said, answer] = await chatKit.items(thread_id)
  const events = await chatKit.listen('threads.retry_after_item', { thread_id, item_id: said?.id })
  expect(orderOf(events)[0]).toBe('stream_options')
  expect(finished(events, 'user_message')).toEqual([])
  expect(finished(events, 'assistant_message')[0]?.id).toBe(answer?.id)
  expect((await chatKit.items(thread_id)).map((item) => item.id)).toEqual([said?.id, answer?.id])
  // The turn of what was dropped is taken all the same.
  expect(await turns()).toBe(before + 3)
  // What was done for the first answer is not done twice.
  expect((await titles()).filter((title) => title === 'Water the fig')).toHaveLength(1)
})

const retry = async (events: ThreadEvent[]) => {
  const [said] = finished(events, 'user_message')
  const place = { thread_id: said?.thread_id, item_id: said?.id }
  const [answer] = finished(await chatKit.listen('threads.retry_after_item', place), 'assistant_message')
  return answer?.content[0]?.text ?? ''
}

test('CHAT-83 what was only read is read again', async () => {
  const title = `Fig ${randomUUID()}`
  const asked = await chatKit.create(`find ${title}`)
  await ann.addTask(title)
  expect(await retry(asked)).toContain('You have 1 task ')
})

test('CHAT-83 what failed is tried again, and what was done is not', async () => {
  const [one, two] = [`Fig ${randomUUID()}`, `Fig ${randomUUID()}`]
  worker.tap.break((_, sql) => (sql.includes('insert into "tasks"') ? { status: 503 } : 'pass'))
  const asked = await chatKit.create(`add "${one}"`)
  worker.tap.mend()
  expect(await titles()).not.toContain(one)
  expect(await retry(asked)).toBe(`Added “${one}”.`)
  expect(await retry(asked)).toBe(`Added “${one}”.`)

  // The first of two is done, the answer of the second is lost, again and again: it is there all the same.
  let added = 0
  worker.tap.break((_, sql) => (sql.includes('insert into "tasks"') && added++ > 0 ? 'answer-lost' : 'pass'))
  const half = await chatKit.create(`add tasks: "${two}", "${two} too"`)
  worker.tap.mend()
  expect(await retry(half)).toBe(`Added “${two}”.\n“${two} too” is already on your list.`)
  for (const title of [one, two, `${two} too`])
    expect((await titles()).filter((each) => each === title)).toHaveLength(1)
})

test('CHAT-83 a question that waits is not put twice, and one that was refused is', async () => {
  const title = `Fig ${randomUUID()}`
  await ann.addTask(title)
  const asked = await chatKit.create(`delete ${title}`)
  const [question] = finished(asked, 'widget')
  const { thread_id = '', id: item_id } = question ?? {}
  const questions = async () => (await chatKit.items(thread_id)).filter(({ type }) => type === 'widget')
  await retry(asked)
  expect(await questions()).toHaveLength(1)
  await chatKit.listen('threads.custom_action', { thread_id, item_id, action: { type: 'refuse' } })
  await retry(asked)
  expect(await questions()).toHaveLength(2)
})

test('CHAT-83 only what the person said in that thread is answered anew', async () => {
  const thread_id = threadIn(await chatKit.create('hello'))
  const other = threadIn(await chatKit.create('hello'))
  const [, answer] = await chatKit.items(thread_id)
  for (const item_id of [answer?.id, other, randomUUID()])
    await expectProblem(
      await chatKit.send('threads.retry_after_item', { thread_id, item_id }),
      404,
      'not-found',
    )
  expect(await chatKit.items(thread_id)).toHaveLength(2)
})
