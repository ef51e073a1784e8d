import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { answer, say, titlesOf, transcript, undo } from '../../../tests/support/chat.ts'
import { signUp, type TestUser } from '../../../tests/support/people.ts'
import { expectProblem } from '../../../tests/support/problem.ts'
import { startWorker } from '../../../tests/support/worker.ts'
import { ToolCall } from '../../contract/chat.ts'

const worker = await startWorker()

/** Somebody for whom the assistant did what was said; its calls, in order. */
async function did(...said: string[]) {
  const ann = await signUp(worker)
  const calls: ToolCall[] = []
  let conversation_id: string | undefined
  for (const message of said) {
    const told = await say(ann, { message, ...(conversation_id && { conversation_id }) })
    conversation_id = told.conversation_id
    calls.push(...told.tool_calls)
  }
  const nth = (n: number) => calls[n]?.id ?? ''
  const read = async () =>
    (await transcript(ann, conversation_id ?? '')).messages.flatMap(({ tool_calls }) => tool_calls)
  return { ann, calls, nth, read, conversation_id: conversation_id ?? '' }
}

const undone = async (person: TestUser, id: string) => {
  const response = await undo(person, id)
  expect([response.status, await response.clone().text()]).toEqual([200, expect.any(String)])
  return ToolCall.parse(await response.json())
}
const only = async (person: TestUser) => (await person.tasks()).tasks[0]

test('CHAT-32 what was written twice is taken back, the later first', async () => {
  const { ann, calls, nth, read } = await did('Add milk and mark it as done')
  expect(calls.map(({ name, undone: is }) => [name, is])).toEqual([
    ['add_task', false],
    ['complete_task', false],
  ])
  expect(await undone(ann, nth(1))).toEqual({ ...calls[1], undone: true })
  expect(await only(ann)).toMatchObject({ title: 'milk', completed: false })
  expect((await read()).map(({ undone: is }) => is)).toEqual([false, true])
  expect(await undone(ann, nth(0))).toMatchObject({ undone: true })
  expect(await titlesOf(ann)).toEqual([])
})

test('CHAT-32 so are two renames, a description, and a delete that was approved', async () => {
  const { ann, calls, nth } = await did(
    'Add milk',
    'Rename milk to bread',
    'Rename bread to cheese',
    'Change the description of cheese to "two of them"',
    'Delete cheese',
  )
  expect(calls).toHaveLength(5)
  expect((await answer(ann, nth(4), true)).status).toBe(200)
  expect(await titlesOf(ann)).toEqual([])
  await undone(ann, nth(4))
  expect(await only(ann)).toMatchObject({ title: 'cheese', description: 'two of them' })
  await undone(ann, nth(3))
  expect(await only(ann)).toMatchObject({ title: 'cheese', description: null })
  await undone(ann, nth(2))
  expect(await titlesOf(ann)).toEqual(['bread'])
  await undone(ann, nth(1))
  expect(await titlesOf(ann)).toEqual(['milk'])
  await undone(ann, nth(0))
  expect(await titlesOf(ann)).toEqual([])
})

test('CHAT-32 again, twice at once and after an answer that was lost, it is undone once', async () => {
  const { ann, nth } = await did('Add milk', 'Complete milk')
  await Promise.all([undone(ann, nth(1)), undone(ann, nth(1))])
  const task = await only(ann)
  expect(task).toMatchObject({ completed: false })
  await ann.call('PATCH', `/api/tasks/${task?.id}/complete`, { completed: true })
  expect(await undone(ann, nth(1))).toMatchObject({ undone: true })
  expect(await only(ann)).toMatchObject({ completed: true })

  const other = await did('Add milk', 'Rename milk to bread')
  worker.tap.break((n) => (n < 2 ? 'pass' : { status: 503 }))
  await expectProblem(await undo(other.ann, other.nth(1)), 503, 'database-away')
  worker.tap.mend()
  expect((await other.read()).map(({ undone: is }) => is)).toEqual([false, false])
  expect(await titlesOf(other.ann)).toEqual(['milk'])
  await undone(other.ann, other.nth(1))
  await undone(other.ann, other.nth(0))
  expect(await titlesOf(other.ann)).toEqual([])
})

test('CHAT-33 the earlier is not undone while the later stands, in whatever conversation', async () => {
  const { ann, nth } = await did('Add milk')
  const { tool_calls } = await say(ann, 'Complete milk')
  const refusal = await expectProblem(await undo(ann, nth(0)), 409, 'conflict')
  expect(refusal.detail).toContain('Undo that first')
  expect(await only(ann)).toMatchObject({ title: 'milk', completed: true })
  await undone(ann, tool_calls[0]?.id ?? '')
  await undone(ann, nth(0))
  expect(await titlesOf(ann)).toEqual([])
})

test('CHAT-33 what somebody else has changed since stays as it is', async () => {
  const { ann, nth, read } = await did('Add milk', 'Complete milk')
  const { id = '' } = (await only(ann)) ?? {}
  await ann.call('PATCH', `/api/tasks/${id}`, { title: 'Oat milk' })
  for (const call of [nth(1), nth(1)]) {
    const refusal = await expectProblem(await undo(ann, call), 409, 'conflict')
    expect(refusal.detail).toContain('changed since')
  }
  expect(await only(ann)).toMatchObject({ title: 'Oat milk', completed: true })
  expect((await read()).map(({ undone: is }) => is)).toEqual([false, false])
  await ann.call('PATCH', `/api/tasks/${id}`, { title: 'milk' })
  await undone(ann, nth(1))
  expect(await only(ann)).toMatchObject({ title: 'milk', completed: false })
  await ann.call('PATCH', `/api/tasks/${id}`, { description: 'Semi-skimmed' })
  await expectProblem(await undo(ann, nth(0)), 409, 'conflict')
  expect(await titlesOf(ann)).toEqual(['milk'])
})

test('CHAT-33 a task that has gone stays gone', async () => {
  const { ann, nth } = await did('Add milk', 'Rename milk to bread')
  const { id = '' } = (await only(ann)) ?? {}
  await ann.call('DELETE', `/api/tasks/${id}`)
  const refusal = await expectProblem(await undo(ann, nth(1)), 409, 'conflict')
  expect(refusal.detail).toContain('not there any more')
  expect(await titlesOf(ann)).toEqual([])
})

test('CHAT-33 nobody else undoes it, and what was no write is not undone', async () => {
  const { ann, nth, read } = await did('Add milk', 'Show my tasks', 'Delete milk')
  const bob = await signUp(worker, 'Bob')
  await expectProblem(await undo(bob, nth(0)), 404, 'not-found')
  await expectProblem(await ann.call('POST', `/api/${bob.id}/tool-calls/${nth(0)}/undo`), 403, 'forbidden')
  for (const id of [nth(1), nth(2), randomUUID(), 'x'])
    await expectProblem(await undo(ann, id), 404, 'not-found')
  expect(await titlesOf(ann)).toEqual(['milk'])
  expect((await read()).some(({ undone: is }) => is)).toBe(false)
})
