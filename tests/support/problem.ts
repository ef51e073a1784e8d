import { expect } from 'vitest'
import { Problem, type ProblemCode } from '../../worker/contract/problem.ts'
import { DATABASE_PASSWORD } from './worker.ts'

/** Text that would reveal internals, or data of other users. */
const LEAKS = new RegExp(
  `${DATABASE_PASSWORD}|postgres(ql)?://|secret words|\\bselect\\b.*\\bfrom\\b|insert into|delete from|\\bupdate\\b.*\\bset\\b|Failed query|node_modules|\\n\\s+at `,
  'i',
)

/** Asserts that a response is a complete problem of this status and code, and reveals no internals. */
export async function expectProblem(response: Response, status: number, code: ProblemCode): Promise<Problem> {
  const text = await response.text()
  expect(`${response.status} ${text}`).toContain(`${status} `)
  expect(response.headers.get('Content-Type')).toContain('application/problem+json')
  const problem = Problem.parse(JSON.parse(text))
  expect(problem).toMatchObject({ status, code })
  expect(problem.detail).not.toBe('')
  expect(response.headers.get('X-Request-Id')).toBe(problem.request_id)
  expect(response.headers.get('Cache-Control')).toBe('no-store')
  expectNoLeak(text)
  return problem
}

/** Asserts that a response or a log contains neither internals nor data of users. */
export function expectNoLeak(text: string) {
  const found = LEAKS.exec(text)
  expect(found && text.slice(Math.max(found.index - 100, 0), found.index + 200)).toBeNull()
}
