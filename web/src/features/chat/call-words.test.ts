import { expect, test } from 'vitest'
import type { ToolCall } from '#contract/chat.ts'
import { changesTaskList, describeCall } from './call-words.ts'

const call = (name: string, status: ToolCall['status'], more: Partial<ToolCall> = {}): ToolCall => ({
  id: 'c',
  name,
  arguments: { task: 'the milk one' },
  status,
  result: null,
  error: null,
  undo: null,
  undone: false,
  ...more,
})
const failed = (code: string) => call('complete_task', 'failed', { error: { code, message: 'Away.' } })
const result = (status: string) => ({ status, task: { title: 'milk' } })

test.for<[words: string, call: ToolCall]>([
  ['Added “milk”', call('add_task', 'done', { result: result('created') })],
  ['“milk” was there already', call('add_task', 'done', { result: result('exists') })],
  ['Completed “milk”', call('complete_task', 'done', { result: result('completed') })],
  ['Reopened “milk”', call('complete_task', 'done', { result: result('reopened') })],
  ['“milk” was like that already', call('complete_task', 'done', { result: result('unchanged') })],
  [
    'Renamed to “milk”',
    call('update_task', 'done', { arguments: { title: 'milk' }, result: result('updated') }),
  ],
  [
    'Changed the description of “milk”',
    call('update_task', 'done', { arguments: { description: null }, result: result('updated') }),
  ],
  [
    'Renamed to “milk”, changed the description',
    call('update_task', 'done', {
      arguments: { title: 'milk', description: 'oat' },
      result: result('updated'),
    }),
  ],
  ['“milk” was like that already', call('update_task', 'done', { result: result('unchanged') })],
  ['Delete “milk”?', call('delete_task', 'waiting', { result: result('waiting') })],
  ['Kept “milk”', call('delete_task', 'refused', { result: result('waiting') })],
  ['Deleted “milk”', call('delete_task', 'done', { result: result('deleted') })],
  ['Looked at 1 task', call('list_tasks', 'done', { result: { tasks: [{}] } })],
  ['Looked at 0 tasks', call('list_tasks', 'done', { result: { tasks: [] } })],
  ['Several tasks fit “the milk one”', failed('which-task')],
  ['No task fits “the milk one”', failed('not-found')],
  ['“the milk one” has changed meanwhile', failed('precondition-failed')],
  ['Not done: Away.', failed('database-away')],
])('CHAT-60 %s', ([words, shown]) => {
  expect(describeCall(shown).words).toBe(words)
})

test('CHAT-60 a running call is described, also one of an unknown tool', () => {
  const running = { id: 'c', arguments: {}, status: 'running' as const }
  expect(describeCall({ ...running, name: 'add_task' }).words).toBe('Adding…')
  expect(describeCall({ ...running, name: 'some_tool' }).words).toBe('Working…')
})

test('CHAT-70 the list is notified of writes only', () => {
  const undo = { method: 'DELETE' as const, path: '/api/tasks/1' }
  expect(changesTaskList(call('add_task', 'done', { undo }))).toBe(true)
  for (const other of [call('list_tasks', 'done'), call('delete_task', 'waiting')])
    expect(changesTaskList(other)).toBe(false)
})
