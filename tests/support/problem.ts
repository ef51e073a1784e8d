import { expect } from 'vitest'
import { Problem, type ProblemCode } from '../../worker/contract/problem.ts'
import { DATABASE_PASSWORD } from './worker.ts'

/** Words that would tell a stranger how this is built, or what others keep in it. */
const LEAKS = new RegExp(
  `${DATABASE_PASSWORD}|postgres(ql)?://|secret words|\\bselect\\b.*\\bfrom\\b|insert into|delete from|\\bupdate\\b.*\\bset\\b|Failed query|node_modules|\\n\\s+at `,
  'i',
)

/** Asserts that this is a problem of this status and code, complete, and that it gives nothing away. */
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

/** Asserts that an answer or a log holds nothing of how this is built or of what people keep in it. */
export function expectNoLeak(text: string) {
  const found = LEAKS.exec(text)
  expect(found && text.slice(Math.max(found.index - 100, 0), found.index + 200)).toBeNull()
}
