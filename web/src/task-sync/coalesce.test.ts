import { expect, test } from 'vitest'
import { sampleTask } from '../../../tests/support/sample-task.ts'
import { coalesce } from './coalesce.ts'
import type { Action, Operation } from './operation.ts'

const task = sampleTask(1)
const create: Action = { kind: 'create', task }
const restore: Action = { kind: 'restore', task }
const remove: Action = { kind: 'delete' }
const change = (fields: object): Action => ({ kind: 'change', fields })

const operation = (action: Action, more: Partial<Operation> = {}): Operation => ({
  key: action.kind,
  task_id: task.id,
  title: task.title,
  version: undefined,
  tries: 0,
  action,
  ...more,
})

const coalesced = (...actions: Action[]) =>
  actions.map((action) => operation(action)).reduce<readonly Operation[]>(coalesce, [])

test.for<[string, Action[], Action[]]>([
  [
    'two changes become one',
    [change({ title: 'A' }), change({ completed: true, title: 'B' })],
    [change({ title: 'B', completed: true })],
  ],
  [
    'a change is merged into the create',
    [create, change({ title: 'A' })],
    [{ kind: 'create', task: { ...task, title: 'A' } }],
  ],
  ['a create and a delete cancel out', [create, change({ title: 'A' }), remove], []],
  [
    'a restore cancels the delete and leaves the change before it',
    [change({ title: 'A' }), remove, restore],
    [change({ title: 'A' })],
  ],
  ['a delete cancels the restore', [restore, remove], []],
  ['two deletes become one', [remove, remove], [remove]],
  ['a change before a delete stays', [change({ title: 'A' }), remove], [change({ title: 'A' }), remove]],
])('WEB-41 operations that were never pushed are coalesced: %s', ([, actions, expected]) => {
  expect(coalesced(...actions).map(({ action }) => action)).toEqual(expected)
})

test('WEB-41 an operation that was pushed is left alone, as the server may have carried it out', () => {
  const pushed = operation(change({ title: 'A' }), { tries: 1 })
  const next = operation(change({ title: 'B' }))
  expect(coalesce([pushed], next)).toEqual([pushed, next])
})

test('WEB-41 operations on other tasks stay in their order', () => {
  const other = operation(change({ title: 'Other' }), { task_id: sampleTask(2).id })
  const first = operation(change({ title: 'A' }))
  const both = coalesce([first, other], operation(change({ completed: true })))
  expect(both.map(({ task_id }) => task_id)).toEqual([task.id, other.task_id])
})
