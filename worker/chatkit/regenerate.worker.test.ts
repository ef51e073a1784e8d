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

const threadIdIn = (events: ThreadEvent[]) => finished(events, 'user_message')[0]?.thread_id ?? ''

test('CHAT-83 a reply is regenerated under the same id, and the messages after it are deleted', async () => {
  const before = await turns()
  const thread_id = threadIdIn(await chatKit.create('add Water the fig'))
  await chatKit.say(thread_id, 'hello')
  const [message, reply] = await chatKit.items(thread_id)
  const events = await chatKit.listen('threads.retry_after_item', { thread_id, item_id: message?.id })
  expect(orderOf(events)[0]).toBe('stream_options')
  expect(finished(events, 'user_message')).toEqual([])
  expect(finished(events, 'assistant_message')[0]?.id).toBe(reply?.id)
  expect((await chatKit.items(thread_id)).map((item) => item.id)).toEqual([message?.id, reply?.id])
  // The turns of deleted messages still count.
  expect(await turns()).toBe(before + 3)
  // What the first attempt did is not done twice.
  expect((await titles()).filter((title) => title === 'Water the fig')).toHaveLength(1)
})

const retry = async (events: ThreadEvent[]) => {
  const [sent] = finished(events, 'user_message')
  const item = { thread_id: sent?.thread_id, item_id: sent?.id }
  const [answer] = finished(await chatKit.listen('threads.retry_after_item', item), 'assistant_message')
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

  // Of two tasks the first is added, and every response about the second is lost, although it was added.
  let added = 0
  worker.tap.break((_, sql) => (sql.includes('insert into "tasks"') && added++ > 0 ? 'answer-lost' : 'pass'))
  const half = await chatKit.create(`add tasks: "${two}", "${two} too"`)
  worker.tap.mend()
  expect(await retry(half)).toBe(`Added “${two}”.\n“${two} too” is already on your list.`)
  for (const title of [one, two, `${two} too`])
    expect((await titles()).filter((each) => each === title)).toHaveLength(1)
})

test('CHAT-83 an approval that waits is not asked again, and one that was refused is', async () => {
  const title = `Fig ${randomUUID()}`
  await ann.addTask(title)
  const asked = await chatKit.create(`delete ${title}`)
  const [approval] = finished(asked, 'widget')
  const { thread_id = '', id: item_id } = approval ?? {}
  const approvals = async () => (await chatKit.items(thread_id)).filter(({ type }) => type === 'widget')
  await retry(asked)
  expect(await approvals()).toHaveLength(1)
  await chatKit.listen('threads.custom_action', { thread_id, item_id, action: { type: 'refuse' } })
  await retry(asked)
  expect(await approvals()).toHaveLength(2)
})

test('CHAT-83 only the user’s own messages of that thread can be retried', async () => {
  const thread_id = threadIdIn(await chatKit.create('hello'))
  const other = threadIdIn(await chatKit.create('hello'))
  const [, answer] = await chatKit.items(thread_id)
  for (const item_id of [answer?.id, other, randomUUID()])
    await expectProblem(
      await chatKit.send('threads.retry_after_item', { thread_id, item_id }),
      404,
      'not-found',
    )
  expect(await chatKit.items(thread_id)).toHaveLength(2)
})
