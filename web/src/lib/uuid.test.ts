import { expect, test } from 'vitest'
import { Uuid } from '#contract/id.ts'
import { uuidv7 } from './uuid.ts'

test('WEB-23 ids are unique version 7 UUIDs that sort by time', () => {
  const ids = Array.from({ length: 1_000 }, (_, index) => uuidv7(1_763_000_000_000 + index))
  expect(ids.toSorted()).toEqual(ids)
  expect(new Set(ids).size).toBe(ids.length)
  for (const id of ids) {
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(Uuid.parse(id)).toBe(id)
  }
})
