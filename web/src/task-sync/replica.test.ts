import { expect, test } from 'vitest'
import { sampleTask } from '../../../tests/support/sample-task.ts'
import { emptyReplica, applyServerUpdate, updatesFrom, toServerUpdate, saveReplica } from './replica.ts'

const old = sampleTask(1)
const later = { ...old, title: 'Later', updated_at: sampleTask(9).updated_at }
const goneAt = (updated_at: string) => ({ id: old.id, updated_at, task: undefined })

test('WEB-20 what the server told earlier does not undo what it told later', () => {
  const base = emptyReplica()
  expect(applyServerUpdate(base, toServerUpdate(later))).toBe(true)
  expect(applyServerUpdate(base, toServerUpdate(old))).toBe(false)
  expect(base.tasks.get(old.id)).toEqual(later)
})

test('WEB-20 a task that is gone is not brought back by what was read before', () => {
  const base = emptyReplica()
  applyServerUpdate(base, toServerUpdate(later))
  expect(applyServerUpdate(base, goneAt(later.updated_at))).toBe(true)
  expect(applyServerUpdate(base, toServerUpdate(later))).toBe(false)
  const restored = { ...later, updated_at: sampleTask(10).updated_at }
  expect(applyServerUpdate(base, toServerUpdate(restored))).toBe(true)
  expect(applyServerUpdate(base, goneAt(later.updated_at))).toBe(false)
  expect([...base.tasks.values()]).toEqual([restored])
})

test('WEB-38 a base that was saved tells all it knew, deletions too', () => {
  const base = emptyReplica()
  applyServerUpdate(base, goneAt(later.updated_at))
  applyServerUpdate(base, toServerUpdate(sampleTask(2)))
  const copy = emptyReplica()
  for (const news of updatesFrom(structuredClone(saveReplica(base, { since: 'a', complete: true }))))
    applyServerUpdate(copy, news)
  expect(applyServerUpdate(copy, toServerUpdate(old))).toBe(false)
  expect(copy).toEqual(base)
})
