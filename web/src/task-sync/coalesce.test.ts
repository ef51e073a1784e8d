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

const merged = (...actions: Action[]) =>
  actions.map((action) => operation(action)).reduce<readonly Operation[]>(coalesce, [])

test.for<[string, Action[], Action[]]>([
  [
    'changes are one',
    [change({ title: 'A' }), change({ completed: true, title: 'B' })],
    [change({ title: 'B', completed: true })],
  ],
  [
    'a change goes into the create',
    [create, change({ title: 'A' })],
    [{ kind: 'create', task: { ...task, title: 'A' } }],
  ],
  ['a task that came and went is nothing', [create, change({ title: 'A' }), remove], []],
  [
    'a delete that is taken back leaves the change before it',
    [change({ title: 'A' }), remove, restore],
    [change({ title: 'A' })],
  ],
  ['a restore that is taken back is nothing', [restore, remove], []],
  ['a task is deleted once', [remove, remove], [remove]],
  ['a change stays before the delete', [change({ title: 'A' }), remove], [change({ title: 'A' }), remove]],
])('WEB-41 what was never sent is merged: %s', ([, done, sent]) => {
  expect(merged(...done).map(({ action }) => action)).toEqual(sent)
})

test('WEB-41 what was sent once is left alone, as the server may have done it', () => {
  const sent = operation(change({ title: 'A' }), { tries: 1 })
  const next = operation(change({ title: 'B' }))
  expect(coalesce([sent], next)).toEqual([sent, next])
})

test('WEB-41 what was done to other tasks keeps its place', () => {
  const other = operation(change({ title: 'Other' }), { task_id: sampleTask(2).id })
  const first = operation(change({ title: 'A' }))
  const both = coalesce([first, other], operation(change({ completed: true })))
  expect(both.map(({ task_id }) => task_id)).toEqual([task.id, other.task_id])
})
