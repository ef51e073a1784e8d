import { expect, test } from 'vitest'
import { sampleTask } from '../../../../tests/support/sample-task.ts'
import { emptyBase, keep, newsIn, newsOf, savedFrom } from './base.ts'

const old = sampleTask(1)
const later = { ...old, title: 'Later', updated_at: sampleTask(9).updated_at }
const goneAt = (updated_at: string) => ({ id: old.id, updated_at, task: undefined })

test('WEB-20 what the server told earlier does not undo what it told later', () => {
  const base = emptyBase()
  expect(keep(base, newsOf(later))).toBe(true)
  expect(keep(base, newsOf(old))).toBe(false)
  expect(base.tasks.get(old.id)).toEqual(later)
})

test('WEB-20 a task that is gone is not brought back by what was read before', () => {
  const base = emptyBase()
  keep(base, newsOf(later))
  expect(keep(base, goneAt(later.updated_at))).toBe(true)
  expect(keep(base, newsOf(later))).toBe(false)
  const restored = { ...later, updated_at: sampleTask(10).updated_at }
  expect(keep(base, newsOf(restored))).toBe(true)
  expect(keep(base, goneAt(later.updated_at))).toBe(false)
  expect([...base.tasks.values()]).toEqual([restored])
})

test('WEB-38 a base that was saved tells all it knew, deletions too', () => {
  const base = emptyBase()
  keep(base, goneAt(later.updated_at))
  keep(base, newsOf(sampleTask(2)))
  const copy = emptyBase()
  for (const news of newsIn(structuredClone(savedFrom(base, { since: 'a', complete: true }))))
    keep(copy, news)
  expect(keep(copy, newsOf(old))).toBe(false)
  expect(copy).toEqual(base)
})
