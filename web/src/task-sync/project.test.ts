import { expect, test } from 'vitest'
import { sampleTask } from '../../../tests/support/sample-task.ts'
import type { Action, Operation } from './operation.ts'
import { byNewest, project, replaceTask } from './project.ts'

const [oldest, middle, newest] = [sampleTask(1), sampleTask(2), sampleTask(3)]
const list = [newest, middle, oldest]
const replica = new Map(list.map((task) => [task.id, task]))

const operation = (task_id: string, action: Action): Operation => ({
  key: 'k',
  task_id,
  title: '',
  version: undefined,
  tries: 0,
  action,
})

const without = (id: string) => new Map([...replica].filter(([key]) => key !== id))

test('WEB-13 the newest task is first; of two with the same time, the one with the greater id', () => {
  const twin = sampleTask(2, { id: '0199a1b2-3c4d-7e8f-9012-000000000009' })
  expect([oldest, middle, twin, newest].sort(byNewest)).toEqual([newest, twin, middle, oldest])
})

test('WEB-12 operations are applied on top of the replica', () => {
  const added = sampleTask(4, { title: 'Milk' })
  const view = project(replica, [
    operation(added.id, { kind: 'create', task: added }),
    operation(middle.id, { kind: 'change', fields: { title: 'Bread' } }),
    operation(added.id, { kind: 'change', fields: { completed: true } }),
    operation(oldest.id, { kind: 'delete' }),
  ])
  expect(view).toEqual([
    { ...added, completed: true, unacknowledged: true },
    newest,
    { ...middle, title: 'Bread' },
  ])
})

test('WEB-13 unacknowledged tasks stay on top, whatever their time', () => {
  const first = sampleTask(0, { title: 'First' })
  const second = sampleTask(0, { title: 'Second', id: '0199a1b2-3c4d-7e8f-9012-000000000099' })
  const creates = [first, second].map((task) => operation(task.id, { kind: 'create', task }))
  expect(project(replica, creates)).toEqual([
    { ...second, unacknowledged: true },
    { ...first, unacknowledged: true },
    ...list,
  ])
})

test('WEB-17 a restored task has its old position and state', () => {
  const deleted = { ...middle, completed: true, description: 'In the desk' }
  expect(project(without(middle.id), [operation(deleted.id, { kind: 'restore', task: deleted })])).toEqual([
    newest,
    deleted,
    oldest,
  ])
})

test('WEB-12 a create that the server has carried out is not shown twice', () => {
  expect(project(replica, [operation(middle.id, { kind: 'create', task: middle })])).toEqual(list)
})

test('WEB-12 a change to a deleted task shows nothing', () => {
  const view = project(replica, [
    operation(middle.id, { kind: 'delete' }),
    operation(middle.id, { kind: 'change', fields: { title: 'Bread' } }),
  ])
  expect(view).toEqual([newest, oldest])
})

test('WEB-43 replacing one task gives the same order as sorting all of them', () => {
  const moved = { ...oldest, created_at: sampleTask(8).created_at }
  expect(replaceTask(list, oldest, moved)).toEqual([moved, newest, middle])
  expect(replaceTask(list, middle, { ...middle, title: 'Bread' })).toEqual([
    newest,
    { ...middle, title: 'Bread' },
    oldest,
  ])
  expect(replaceTask(list, newest, undefined)).toEqual([middle, oldest])
  expect(replaceTask([newest, oldest], undefined, middle)).toEqual(list)
})
