import { expect, test } from 'vitest'
import { callTools } from '../../tests/support/call-tools.ts'
import { signUp } from '../../tests/support/people.ts'
import { startWorker } from '../../tests/support/worker.ts'
import { UPDATABLE_FIELDS } from '../contract/tool.ts'
import { tools } from './tools.ts'

const worker = await startWorker()
const { fail } = callTools(worker)

/** Has the form of a time, but Postgres has no year 0. */
const NEVER = '0000-01-01T00:00:00.000Z'

test.each([
  ['add_task', {}, 'title: The title must be text.'],
  ['add_task', { title: '  ' }, 'The title must not be empty.'],
  ['add_task', { title: 'x'.repeat(201) }, 'limited to 200 characters; this one has 201'],
  ['add_task', null, 'title: The title must be text.'],
  ['add_task', 'milk', 'The call cannot be used.'],
  ['list_tasks', { status: 'open' }, '`status` is all, pending or completed.'],
  ['list_tasks', { limit: 1_000 }, '`limit` is at most 200.'],
  ['complete_task', {}, 'the id of a task, or words of its title'],
  ['complete_task', { task: 7 }, 'the id of a task, or words of its title'],
  ['complete_task', { task: 'x', completed: 'yes' }, '`completed` must be true or false.'],
  ['update_task', { task: 'x' }, 'Send a new title, a new description or both.'],
  ['update_task', { task: 'x', title: 'y', expected_updated_at: 'now' }, '`expected_updated_at` is'],
  ['update_task', { task: 'x', title: 'y', expected_updated_at: NEVER }, '`expected_updated_at` is'],
  ['list_tasks', { cursor: `${NEVER}_0199a1b2-3c4d-7e8f-9012-3456789abcde` }, 'This cursor is not valid.'],
  ['delete_task', { task: '' }, '`task` must not be empty'],
  ['delete_task', { task: 'mi\0lk' }, '`task` holds a character that cannot be stored.'],
  ['complete_task', { task: '\ud800' }, '`task` holds a character that cannot be stored.'],
  ['list_tasks', { words: 'mi\0lk' }, '`words` holds a character that cannot be stored.'],
])(
  'CHAT-5 %s of %o fails with a message that says what to change, without a statement',
  async (name, input, words) => {
    const ann = await signUp(worker)
    const error = await fail(ann, name, input)
    expect(error).toMatchObject({ code: 'invalid-input', statements: [] })
    expect(error.message).toContain(words)
  },
)

test.each(UPDATABLE_FIELDS)(
  'CHAT-5 update_task names %s in its description and in its refusal',
  async (field) => {
    const ann = await signUp(worker)
    expect(tools.find(({ name }) => name === 'update_task')?.description).toContain(field)
    expect((await fail(ann, 'update_task', { task: 'milk' })).message).toContain(field)
  },
)

test('CHAT-5 a failure of the database is reported without internals', async () => {
  const ann = await signUp(worker)
  worker.tap.break(() => ({ sqlstate: '42P01' }))
  expect(await fail(ann, 'add_task', { title: 'Milk' })).toMatchObject({ code: 'internal' })
  worker.tap.break(() => ({ status: 400, body: '{"message":"secret words"}' }))
  const error = await fail(ann, 'list_tasks', {})
  expect(error).toMatchObject({ code: 'database-away' })
  expect(error.message).not.toContain('secret')
  worker.tap.mend()
})
