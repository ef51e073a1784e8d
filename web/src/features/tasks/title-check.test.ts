import { expect, test } from 'vitest'
import { NewTask } from '#contract/task.ts'
import { descriptionError, titleError, normalizeTitle } from './title-check.ts'

test.for(['Milk', '', 'x'.repeat(200), 'x'.repeat(201), '😀'.repeat(200), '😀'.repeat(201)])(
  'WEB-19 the title check says the same as the contract: %s',
  (title) => {
    expect(titleError(title)).toBe(NewTask.safeParse({ title }).error?.issues[0]?.message)
  },
)

test('WEB-19 the description check says the same as the contract', () => {
  for (const description of ['', 'x'.repeat(10_000), 'x'.repeat(10_001)]) {
    const { error } = NewTask.safeParse({ title: 'Milk', description })
    expect(descriptionError(description)).toBe(error?.issues[0]?.message)
  }
})

test('WEB-19 a title pasted as several lines becomes one trimmed line', () => {
  expect(normalizeTitle('  Milk \r\n  and bread\n')).toBe('Milk and bread')
})
