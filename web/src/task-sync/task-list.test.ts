import { expect, test } from 'vitest'
import type { Task } from '#contract/task.ts'
import { sampleTask } from '../../../tests/support/sample-task.ts'
import type { Replica } from './replica.ts'
import type { Operation } from './operation.ts'
import { createTaskList } from './task-list.ts'

/** A view of `count` tasks, and how often one of them is looked at while it comes up to a tick. */
function looksAt(count: number): number {
  let looks = 0
  const watched = (task: Task): Task =>
    new Proxy(task, {
      get(target, field, receiver) {
        looks += 1
        return Reflect.get(target, field, receiver) as unknown
      },
    })
  const tasks = Array.from({ length: count }, (_, index) => watched(sampleTask(count - index)))
  const base: Replica = { tasks: new Map(tasks.map((task) => [task.id, task])), gone: new Map() }
  let operations: readonly Operation[] = []
  const view = createTaskList({ base, operations: () => operations })
  view.refresh(undefined)
  const { id } = view.tasks()[Math.floor(count * 0.7)] as Task
  operations = [
    {
      key: 'k',
      task_id: id,
      title: '',
      action: { kind: 'change', fields: { completed: true } },
      version: undefined,
      tries: 0,
    },
  ]
  looks = 0
  view.refresh([id])
  expect(view.done()).toBe(1)
  return looks
}

test('WEB-43 a tick looks at a handful of tasks, in a list of ten and of ten thousand', () => {
  const [few, many] = [looksAt(10), looksAt(10_000)]
  // Ten thousand are halved ten times more often than ten, and each time two tasks are compared by a few fields.
  expect(many - few).toBeLessThanOrEqual(10 * 8)
  expect(many).toBeLessThan(200)
})
