import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { answer, say, titlesOf, transcript, undo } from '../../../tests/support/chat.ts'
import { signUp, type TestUser } from '../../../tests/support/people.ts'
import { expectProblem } from '../../../tests/support/problem.ts'
import { startWorker } from '../../../tests/support/worker.ts'
import { ToolCall } from '../../contract/chat.ts'

const worker = await startWorker()

/** Signs up a user and sends these messages in one conversation; returns the tool calls, in order. */
async function runConversation(...sent: string[]) {
  const ann = await signUp(worker)
  const calls: ToolCall[] = []
  let conversation_id: string | undefined
  for (const message of sent) {
    const reply = await say(ann, { message, ...(conversation_id && { conversation_id }) })
    conversation_id = reply.conversation_id
    calls.push(...reply.tool_calls)
  }
  const nth = (n: number) => calls[n]?.id ?? ''
  const read = async () =>
    (await transcript(ann, conversation_id ?? '')).messages.flatMap(({ tool_calls }) => tool_calls)
  return { ann, calls, nth, read, conversation_id: conversation_id ?? '' }
}

const undoCall = async (user: TestUser, id: string) => {
  const response = await undo(user, id)
  expect([response.status, await response.clone().text()]).toEqual([200, expect.any(String)])
  return ToolCall.parse(await response.json())
}
const only = async (user: TestUser) => (await user.tasks()).tasks[0]

test('CHAT-32 two writes to a task are undone, the later first', async () => {
  const { ann, calls, nth, read } = await runConversation('Add milk and mark it as done')
  expect(calls.map(({ name, undone: is }) => [name, is])).toEqual([
    ['add_task', false],
    ['complete_task', false],
  ])
  expect(await undoCall(ann, nth(1))).toEqual({ ...calls[1], undone: true })
  expect(await only(ann)).toMatchObject({ title: 'milk', completed: false })
  expect((await read()).map(({ undone: is }) => is)).toEqual([false, true])
  expect(await undoCall(ann, nth(0))).toMatchObject({ undone: true })
  expect(await titlesOf(ann)).toEqual([])
})

test('CHAT-32 so are two renames, a description and an approved delete', async () => {
  const { ann, calls, nth } = await runConversation(
    'Add milk',
    'Rename milk to bread',
    'Rename bread to cheese',
    'Change the description of cheese to "two of them"',
    'Delete cheese',
  )
  expect(calls).toHaveLength(5)
  expect((await answer(ann, nth(4), true)).status).toBe(200)
  expect(await titlesOf(ann)).toEqual([])
  await undoCall(ann, nth(4))
  expect(await only(ann)).toMatchObject({ title: 'cheese', description: 'two of them' })
  await undoCall(ann, nth(3))
  expect(await only(ann)).toMatchObject({ title: 'cheese', description: null })
  await undoCall(ann, nth(2))
  expect(await titlesOf(ann)).toEqual(['bread'])
  await undoCall(ann, nth(1))
  expect(await titlesOf(ann)).toEqual(['milk'])
  await undoCall(ann, nth(0))
  expect(await titlesOf(ann)).toEqual([])
})

test('CHAT-32 a write is undone once when the request is repeated, concurrent, or sent again after a failure', async () => {
  const { ann, nth } = await runConversation('Add milk', 'Complete milk')
  await Promise.all([undoCall(ann, nth(1)), undoCall(ann, nth(1))])
  const task = await only(ann)
  expect(task).toMatchObject({ completed: false })
  await ann.call('PATCH', `/api/tasks/${task?.id}/complete`, { completed: true })
  expect(await undoCall(ann, nth(1))).toMatchObject({ undone: true })
  expect(await only(ann)).toMatchObject({ completed: true })

  const other = await runConversation('Add milk', 'Rename milk to bread')
  worker.tap.break((n) => (n < 2 ? 'pass' : { status: 503 }))
  await expectProblem(await undo(other.ann, other.nth(1)), 503, 'database-away')
  worker.tap.mend()
  expect((await other.read()).map(({ undone: is }) => is)).toEqual([false, false])
  expect(await titlesOf(other.ann)).toEqual(['milk'])
  await undoCall(other.ann, other.nth(1))
  await undoCall(other.ann, other.nth(0))
  expect(await titlesOf(other.ann)).toEqual([])
})

test('CHAT-33 a write is not undone before a later write of the assistant, in any conversation', async () => {
  const { ann, nth } = await runConversation('Add milk')
  const { tool_calls } = await say(ann, 'Complete milk')
  const refusal = await expectProblem(await undo(ann, nth(0)), 409, 'conflict')
  expect(refusal.detail).toContain('Undo that first')
  expect(await only(ann)).toMatchObject({ title: 'milk', completed: true })
  await undoCall(ann, tool_calls[0]?.id ?? '')
  await undoCall(ann, nth(0))
  expect(await titlesOf(ann)).toEqual([])
})

test('CHAT-33 a task that anybody else has changed since is not changed', async () => {
  const { ann, nth, read } = await runConversation('Add milk', 'Complete milk')
  const { id = '' } = (await only(ann)) ?? {}
  await ann.call('PATCH', `/api/tasks/${id}`, { title: 'Oat milk' })
  for (const call of [nth(1), nth(1)]) {
    const refusal = await expectProblem(await undo(ann, call), 409, 'conflict')
    expect(refusal.detail).toContain('changed since')
  }
  expect(await only(ann)).toMatchObject({ title: 'Oat milk', completed: true })
  expect((await read()).map(({ undone: is }) => is)).toEqual([false, false])
  await ann.call('PATCH', `/api/tasks/${id}`, { title: 'milk' })
  await undoCall(ann, nth(1))
  expect(await only(ann)).toMatchObject({ title: 'milk', completed: false })
  await ann.call('PATCH', `/api/tasks/${id}`, { description: 'Semi-skimmed' })
  await expectProblem(await undo(ann, nth(0)), 409, 'conflict')
  expect(await titlesOf(ann)).toEqual(['milk'])
})

test('CHAT-33 a deleted task stays deleted', async () => {
  const { ann, nth } = await runConversation('Add milk', 'Rename milk to bread')
  const { id = '' } = (await only(ann)) ?? {}
  await ann.call('DELETE', `/api/tasks/${id}`)
  const refusal = await expectProblem(await undo(ann, nth(1)), 409, 'conflict')
  expect(refusal.detail).toContain('not there any more')
  expect(await titlesOf(ann)).toEqual([])
})

test('CHAT-33 another user cannot undo a write, and a call that is no write cannot be undone', async () => {
  const { ann, nth, read } = await runConversation('Add milk', 'Show my tasks', 'Delete milk')
  const bob = await signUp(worker, 'Bob')
  await expectProblem(await undo(bob, nth(0)), 404, 'not-found')
  await expectProblem(await ann.call('POST', `/api/${bob.id}/tool-calls/${nth(0)}/undo`), 403, 'forbidden')
  for (const id of [nth(1), nth(2), randomUUID(), 'x'])
    await expectProblem(await undo(ann, id), 404, 'not-found')
  expect(await titlesOf(ann)).toEqual(['milk'])
  expect((await read()).some(({ undone: is }) => is)).toBe(false)
})
