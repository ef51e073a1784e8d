import { expect, test } from 'vitest'
import { sampleTask } from '../../../tests/support/sample-task.ts'
import { applyServerUpdate, emptyReplica, toSavedReplica, toServerUpdate, updatesFrom } from './replica.ts'

const old = sampleTask(1)
const later = { ...old, title: 'Later', updated_at: sampleTask(9).updated_at }
const deletedAt = (updated_at: string) => ({ id: old.id, updated_at, task: undefined })

test('WEB-20 an older update does not undo a newer one', () => {
  const replica = emptyReplica()
  expect(applyServerUpdate(replica, toServerUpdate(later))).toBe(true)
  expect(applyServerUpdate(replica, toServerUpdate(old))).toBe(false)
  expect(replica.tasks.get(old.id)).toEqual(later)
})

test('WEB-20 an older read does not bring back a deleted task', () => {
  const replica = emptyReplica()
  applyServerUpdate(replica, toServerUpdate(later))
  expect(applyServerUpdate(replica, deletedAt(later.updated_at))).toBe(true)
  expect(applyServerUpdate(replica, toServerUpdate(later))).toBe(false)
  const restored = { ...later, updated_at: sampleTask(10).updated_at }
  expect(applyServerUpdate(replica, toServerUpdate(restored))).toBe(true)
  expect(applyServerUpdate(replica, deletedAt(later.updated_at))).toBe(false)
  expect([...replica.tasks.values()]).toEqual([restored])
})

test('WEB-38 a saved replica has all that it knew, deletions too', () => {
  const replica = emptyReplica()
  applyServerUpdate(replica, deletedAt(later.updated_at))
  applyServerUpdate(replica, toServerUpdate(sampleTask(2)))
  const copy = emptyReplica()
  replica.cursor = { since: 'a', complete: true }
  const saved = structuredClone(toSavedReplica(replica))
  for (const update of updatesFrom(saved)) applyServerUpdate(copy, update)
  copy.cursor = { since: saved.since, complete: saved.complete }
  expect(applyServerUpdate(copy, toServerUpdate(old))).toBe(false)
  expect(copy).toEqual(replica)
})
