import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { answer, say, titlesOf, transcript } from '../../../tests/support/chat.ts'
import { signUp, type TestUser } from '../../../tests/support/people.ts'
import { expectProblem } from '../../../tests/support/problem.ts'
import { startWorker } from '../../../tests/support/worker.ts'
import { ToolCall } from '../../contract/chat.ts'

const worker = await startWorker()

/** Signs up a user with a task whose delete waits for approval. */
async function signUpWithApproval() {
  const ann = await signUp(worker)
  const task = await ann.addTask('Old notes', { description: 'Kept' })
  const { tool_calls, response, conversation_id } = await say(ann, 'Delete the old notes')
  const [call] = tool_calls
  if (!call) throw new Error('it did not ask')
  return { ann, task, call, response, conversation_id }
}

const answerWith = async (user: TestUser, id: string, approve: boolean) =>
  ToolCall.parse(await (await answer(user, id, approve)).json())

test('CHAT-30 a delete waits, and the task stays as it is', async () => {
  const { ann, task, call, response, conversation_id } = await signUpWithApproval()
  expect(response).toBe('Delete “Old notes”? It stays until you approve.')
  const { user_id: _, ...shown } = task
  expect(call).toMatchObject({ status: 'waiting', result: { status: 'waiting', task: shown }, undo: null })
  expect(await titlesOf(ann)).toEqual(['Old notes'])
  expect((await transcript(ann, conversation_id)).messages[1]?.tool_calls).toEqual([call])
})

test('CHAT-30 an approved delete is carried out and can be undone', async () => {
  const { ann, task, call, conversation_id } = await signUpWithApproval()
  const done = await answerWith(ann, call.id, true)
  expect(done).toMatchObject({ id: call.id, status: 'done', result: { status: 'deleted' } })
  expect(await titlesOf(ann)).toEqual([])
  expect((await transcript(ann, conversation_id)).messages[1]?.tool_calls).toEqual([done])
  const { method = '', path = '' } = done.undo ?? {}
  expect(await (await ann.call(method, path)).json()).toMatchObject({ id: task.id, description: 'Kept' })
  expect(await titlesOf(ann)).toEqual(['Old notes'])
})

test('CHAT-30 after a refusal the task stays, and the conversation says so', async () => {
  const { ann, call, conversation_id } = await signUpWithApproval()
  expect(await answerWith(ann, call.id, false)).toMatchObject({ status: 'refused', undo: null })
  expect(await titlesOf(ann)).toEqual(['Old notes'])
  expect((await transcript(ann, conversation_id)).messages[1]?.tool_calls[0]?.status).toBe('refused')
})

test('CHAT-30 approving the delete of a deleted task changes nothing and says so', async () => {
  const { ann, task, call } = await signUpWithApproval()
  await ann.call('DELETE', `/api/tasks/${task.id}`)
  expect(await answerWith(ann, call.id, true)).toMatchObject({
    status: 'done',
    result: { status: 'unchanged' },
  })
})

test('CHAT-30 a task that has changed since the assistant asked is kept, and the call says so', async () => {
  const { ann, task, call, conversation_id } = await signUpWithApproval()
  await ann.call('PATCH', `/api/tasks/${task.id}`, { title: 'New notes' })
  const failed = await answerWith(ann, call.id, true)
  expect(failed).toMatchObject({
    status: 'failed',
    error: { message: '“Old notes” has changed since you were asked, so it stays. Ask again.' },
    undo: null,
  })
  expect(await titlesOf(ann)).toEqual(['New notes'])
  expect(await answerWith(ann, call.id, true)).toEqual(failed)
  const { tool_calls } = await say(ann, { message: 'Delete the new notes', conversation_id })
  expect(await answerWith(ann, tool_calls[0]?.id ?? '', true)).toMatchObject({ status: 'done' })
  expect(await titlesOf(ann)).toEqual([])
})

test('CHAT-31 a repeat and a concurrent answer get the stored result; the opposite answer is refused', async () => {
  const { ann, call } = await signUpWithApproval()
  const [one, two] = await Promise.all([answerWith(ann, call.id, true), answerWith(ann, call.id, true)])
  expect([one.status, two.status]).toEqual(['done', 'done'])
  const done = await answerWith(ann, call.id, true)
  expect(done.undo).not.toBeNull()
  await ann.call('POST', done.undo?.path ?? '')
  expect(await answerWith(ann, call.id, true)).toEqual(done)
  expect(await titlesOf(ann)).toEqual(['Old notes'])
  await expectProblem(await answer(ann, call.id, false), 409, 'conflict')
  const other = await signUpWithApproval()
  const refused = await answerWith(other.ann, other.call.id, false)
  expect(await answerWith(other.ann, other.call.id, false)).toEqual(refused)
  await expectProblem(await answer(other.ann, other.call.id, true), 409, 'conflict')
  expect(await titlesOf(other.ann)).toEqual(['Old notes'])
})

test('CHAT-102 the undo of a delete is stored though a concurrent answer was stored before it', async () => {
  const { ann, call, conversation_id } = await signUpWithApproval()
  const { promise: deleted, resolve: onDeleted } = Promise.withResolvers<void>()
  worker.tap.break((n) => {
    if (n !== 2) return 'pass'
    // The first answer has deleted the task, and storing that has to be repeated.
    onDeleted()
    return 'hang'
  })
  const first = answerWith(ann, call.id, true)
  await deleted
  const second = await answerWith(ann, call.id, true)
  expect(second).toMatchObject({ status: 'done', result: { status: 'unchanged' }, undo: null })
  expect(await first).toMatchObject({ status: 'done', result: { status: 'deleted' } })
  worker.tap.mend()
  const [stored] = (await transcript(ann, conversation_id)).messages[1]?.tool_calls ?? []
  expect(stored).toEqual(await first)
  await ann.call(stored?.undo?.method ?? '', stored?.undo?.path ?? '')
  expect(await titlesOf(ann)).toEqual(['Old notes'])
})

test('CHAT-31 an approval that was interrupted is carried out by the next one', async () => {
  const { ann, call, conversation_id } = await signUpWithApproval()
  worker.tap.break((n) => (n === 0 ? 'pass' : { status: 503 }))
  await expectProblem(await answer(ann, call.id, true), 503, 'database-away')
  worker.tap.mend()
  expect((await transcript(ann, conversation_id)).messages[1]?.tool_calls[0]?.status).toBe('waiting')
  await expectProblem(await answer(ann, call.id, false), 409, 'conflict')
  expect(await answerWith(ann, call.id, true)).toMatchObject({
    status: 'done',
    result: { status: 'deleted' },
  })
  expect(await titlesOf(ann)).toEqual([])
})

test('CHAT-31 an approval whose delete was not recorded can be repeated without harm', async () => {
  const { ann, task, call } = await signUpWithApproval()
  worker.tap.break((n) => (n < 2 ? 'pass' : { status: 503 }))
  await expectProblem(await answer(ann, call.id, true), 503, 'database-away')
  worker.tap.mend()
  expect(await titlesOf(ann)).toEqual([])
  expect(await answerWith(ann, call.id, true)).toMatchObject({
    status: 'done',
    result: { status: 'unchanged', task: { id: task.id } },
  })
})

test('CHAT-31 no other user can answer an approval, and no message can', async () => {
  const { ann, call, conversation_id } = await signUpWithApproval()
  const bob = await signUp(worker, 'Bob')
  await expectProblem(await answer(bob, call.id, true), 404, 'not-found')
  for (const message of ['yes', 'approve', `approve ${call.id}`, 'delete the old notes, I approve'])
    await say(ann, { message, conversation_id })
  expect(await titlesOf(ann)).toEqual(['Old notes'])
  expect((await transcript(ann, conversation_id)).messages[1]?.tool_calls[0]?.status).toBe('waiting')
})

test('CHAT-31 a call that asks for no approval cannot be answered', async () => {
  const ann = await signUp(worker)
  const { tool_calls } = await say(ann, 'Add milk')
  for (const id of [tool_calls[0]?.id ?? '', randomUUID(), 'x'])
    await expectProblem(await answer(ann, id, true), 404, 'not-found')
  for (const body of [{}, { approve: 'yes' }]) {
    const response = await ann.call('POST', `/api/${ann.id}/approvals/${randomUUID()}`, body)
    const { errors } = await expectProblem(response, 400, 'invalid-input')
    expect(errors).toEqual([{ field: 'approve', message: '`approve` must be true or false.' }])
  }
  expect(await titlesOf(ann)).toEqual(['milk'])
})
