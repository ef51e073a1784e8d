import { expect, test } from 'vitest'
import { NewTask } from '#contract/task.ts'
import { descriptionError, titleError, titleOf } from './title-check.ts'

test.for(['Milk', '', 'x'.repeat(200), 'x'.repeat(201), '😀'.repeat(200), '😀'.repeat(201)])(
  'WEB-19 a title is checked in the words of the contract: %s',
  (title) => {
    expect(titleError(title)).toBe(NewTask.safeParse({ title }).error?.issues[0]?.message)
  },
)

test('WEB-19 a description is checked in the words of the contract', () => {
  for (const description of ['', 'x'.repeat(10_000), 'x'.repeat(10_001)]) {
    const { error } = NewTask.safeParse({ title: 'Milk', description })
    expect(descriptionError(description)).toBe(error?.issues[0]?.message)
  }
})

test('WEB-19 a title is one trimmed line, even when it was pasted as several', () => {
  expect(titleOf('  Milk \r\n  and bread\n')).toBe('Milk and bread')
})
