import { expect, test } from 'vitest'
import { isoTimeOf } from './time.ts'

test.for([
  ['2026-11-21 08:00:00.123+00', '2026-11-21T08:00:00.123Z'],
  ['2026-11-21 08:00:00.1+00', '2026-11-21T08:00:00.100Z'],
  ['2026-11-21 08:00:00+00', '2026-11-21T08:00:00.000Z'],
  ['2026-11-21 13:30:00.12+05:30', '2026-11-21T08:00:00.120Z'],
  ['2026-11-21T08:00:00.123Z', '2026-11-21T08:00:00.123Z'],
])('TASK-14 %s is told as %s, whatever zone the database speaks in', ([text, time]) => {
  expect(isoTimeOf(text ?? '')).toBe(time)
})
