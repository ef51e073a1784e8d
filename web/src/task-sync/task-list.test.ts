import { expect, test } from 'vitest'
import type { Task } from '#contract/task.ts'
import { sampleTask } from '../../../tests/support/sample-task.ts'
import { emptyReplica } from './replica.ts'
import type { Operation } from './operation.ts'
import { createTaskList } from './task-list.ts'

/** Counts the reads of task fields that one tick takes in a list of `count` tasks. */
function countReads(count: number): number {
  let reads = 0
  const watched = (task: Task): Task =>
    new Proxy(task, {
      get(target, field, receiver) {
        reads += 1
        return Reflect.get(target, field, receiver) as unknown
      },
    })
  const tasks = Array.from({ length: count }, (_, index) => watched(sampleTask(count - index)))
  const replica = { ...emptyReplica(), tasks: new Map(tasks.map((task) => [task.id, task])) }
  let operations: readonly Operation[] = []
  const list = createTaskList({ replica, operations: () => operations })
  list.refresh(undefined)
  const { id } = list.tasks()[Math.floor(count * 0.7)] as Task
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
  reads = 0
  list.refresh([id])
  expect(list.done()).toBe(1)
  return reads
}

test('WEB-43 a tick reads a handful of tasks, in a list of ten as in one of ten thousand', () => {
  const [few, many] = [countReads(10), countReads(10_000)]
  // Binary search in ten thousand takes ten more steps than in ten; each compares a few fields of two tasks.
  expect(many - few).toBeLessThanOrEqual(10 * 8)
  expect(many).toBeLessThan(200)
})
