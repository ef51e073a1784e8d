import { expect, test } from 'vitest'
import { sampleTask } from '../../../tests/support/sample-task.ts'
import type { Action, Operation } from './operation.ts'
import { byNewest, project, withTask } from './project.ts'

const [oldest, middle, newest] = [sampleTask(1), sampleTask(2), sampleTask(3)]
const list = [newest, middle, oldest]
const base = new Map(list.map((task) => [task.id, task]))

const operation = (task_id: string, action: Action): Operation => ({
  key: 'k',
  task_id,
  title: '',
  version: undefined,
  tries: 0,
  action,
})

const without = (id: string) => new Map([...base].filter(([key]) => key !== id))

test('WEB-13 the newest task is first, and of two of the same time the one with the greater id', () => {
  const twin = sampleTask(2, { id: '0199a1b2-3c4d-7e8f-9012-000000000009' })
  expect([oldest, middle, twin, newest].sort(byNewest)).toEqual([newest, twin, middle, oldest])
})

test('WEB-12 what was done is shown over what the server knows', () => {
  const added = sampleTask(4, { title: 'Milk' })
  const view = project(base, [
    operation(added.id, { kind: 'create', task: added }),
    operation(middle.id, { kind: 'change', fields: { title: 'Bread' } }),
    operation(added.id, { kind: 'change', fields: { completed: true } }),
    operation(oldest.id, { kind: 'delete' }),
  ])
  expect(view).toEqual([{ ...added, completed: true }, newest, { ...middle, title: 'Bread' }])
})

test('WEB-13 what is new stays on top, also when the server counts a later time for the one before', () => {
  const first = sampleTask(0, { title: 'First', user_id: '' })
  const second = sampleTask(0, { title: 'Second', user_id: '', id: '0199a1b2-3c4d-7e8f-9012-000000000099' })
  const creates = [first, second].map((task) => operation(task.id, { kind: 'create', task }))
  expect(project(base, creates)).toEqual([second, first, ...list])
})

test('WEB-17 a task that is brought back has its old place and state', () => {
  const gone = { ...middle, completed: true, description: 'In the desk' }
  expect(project(without(middle.id), [operation(gone.id, { kind: 'restore', task: gone })])).toEqual([
    newest,
    gone,
    oldest,
  ])
})

test('WEB-12 a create that the server knows already is not shown twice', () => {
  expect(project(base, [operation(middle.id, { kind: 'create', task: middle })])).toEqual(list)
})

test('WEB-12 a change to a task that is gone shows nothing', () => {
  const view = project(base, [
    operation(middle.id, { kind: 'delete' }),
    operation(middle.id, { kind: 'change', fields: { title: 'Bread' } }),
  ])
  expect(view).toEqual([newest, oldest])
})

test('WEB-43 one task is put in its place, or taken from it, as if all were put in order', () => {
  const moved = { ...oldest, created_at: sampleTask(8).created_at }
  expect(withTask(list, oldest, moved)).toEqual([moved, newest, middle])
  expect(withTask(list, middle, { ...middle, title: 'Bread' })).toEqual([
    newest,
    { ...middle, title: 'Bread' },
    oldest,
  ])
  expect(withTask(list, newest, undefined)).toEqual([middle, oldest])
  expect(withTask([newest, oldest], undefined, middle)).toEqual(list)
})
