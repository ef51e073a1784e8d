import { expect, test } from 'vitest'
import { NewTask } from '#contract/task.ts'
import { sampleTask } from '../../../tests/support/sample-task.ts'
import { toNewTask } from './remote.ts'

test('WEB-107 a create sends every field that the contract takes, and no other', () => {
  const task = sampleTask(1, { title: 'Milk', description: 'Two litres', completed: true })
  const sent = toNewTask({ ...task, unacknowledged: true })
  expect(Object.keys(sent).sort()).toEqual(Object.keys(NewTask.shape).sort())
  expect(sent).toMatchObject({ id: task.id, title: 'Milk', description: 'Two litres', completed: true })
})
