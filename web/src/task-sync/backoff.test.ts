import { expect, test, vi } from 'vitest'
import { ApiProblem, networkProblem, toProblem } from '../lib/problem.ts'
import { isTransient, backoffMs } from './backoff.ts'

const problem = (status: number) => new ApiProblem({ code: 'unreadable', status, title: '', detail: '' })

test('WEB-15 a failure is transient when the same call may succeed later', () => {
  for (const status of [0, 401, 408, 425, 429, 500, 502, 503, 504])
    expect(isTransient(problem(status))).toBe(true)
  for (const status of [400, 403, 404, 409, 412, 413, 415, 422])
    expect(isTransient(problem(status))).toBe(false)
})

test('WEB-15 each delay is twice the last, up to half a minute, with jitter', () => {
  expect([1, 2, 3, 4, 5, 6, 20].map((tries) => backoffMs(tries, undefined, 0.5))).toEqual([
    1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000,
  ])
  expect(backoffMs(1, undefined, 0)).toBe(750)
  expect(backoffMs(1, undefined, 1)).toBe(1_250)
})

test('WEB-15 Retry-After is respected between a second and a minute', () => {
  expect([0, 0.2, 7, 60, 86_400].map((seconds) => backoffMs(1, seconds))).toEqual([
    1_000, 1_000, 7_000, 60_000, 60_000,
  ])
})

test('WEB-100 a mistake of this page is not transient', () => {
  vi.spyOn(console, 'error').mockImplementationOnce(() => {})
  expect(isTransient(toProblem(new TypeError('x is undefined')))).toBe(false)
  expect(isTransient(networkProblem(new TypeError('Failed to fetch')))).toBe(true)
})
