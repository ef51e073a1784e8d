import { expect, test } from 'vitest'
import { BODY_MAX_BYTES } from '#contract/limits.ts'
import { ImportedTask } from '#contract/transfer.ts'
import { sampleTask } from '../../../../tests/support/sample-task.ts'
import { ApiProblem } from '../../lib/problem.ts'
import { splitIntoParts, describeRefusal, parseExport } from './import-file.ts'

const requestBytes = (part: unknown[]) => Buffer.byteLength(JSON.stringify({ tasks: part }))

test('WEB-76 a file is split into parts that fit into a request, complete and in order', () => {
  const tasks = Array.from({ length: 3_000 }, (_, n) =>
    sampleTask(n, { description: '🥛'.repeat(n % 50 === 0 ? 10_000 : n % 7) }),
  )
  const parts = splitIntoParts(tasks)
  expect(parts.flat()).toEqual(tasks)
  expect(parts.every((part) => part.length <= 1_000 && requestBytes(part) <= BODY_MAX_BYTES)).toBe(true)
  expect(splitIntoParts([])).toEqual([])
})

test('WEB-76 the largest valid task fits into a request', () => {
  const worst = sampleTask(0, { title: '\u0001'.repeat(200), description: '\u0001'.repeat(10_000) })
  expect(ImportedTask.safeParse(worst).success).toBe(true)
  expect(requestBytes(splitIntoParts([worst])[0] ?? [])).toBeLessThanOrEqual(BODY_MAX_BYTES)
})

test.for([
  ['', 'not an export'],
  ['[]', 'not an export'],
  ['{"tasks":[]}', 'not an export'],
  ['{"format":"margin-tasks","tasks":7}', 'not an export'],
  ['{"format":"margin-tasks","version":2,"tasks":[]}', 'newer Margin'],
])(
  'WEB-76 a file that is not an export is rejected before anything is sent: %s',
  ([text = '', words = '']) => {
    expect(() => parseExport(text)).toThrow(words)
  },
)

test('WEB-76 a rejected task is named by its number in the file', () => {
  const problem = new ApiProblem({
    code: 'invalid-input',
    status: 400,
    title: '',
    detail: 'Several things.',
    errors: [{ field: 'tasks.3.title', message: 'The title must not be empty.' }],
  })
  expect(describeRefusal(problem, 1_200)).toBe(
    'Task 1,204 of the file cannot be used. The title must not be empty.',
  )
})
