import { expect, test, vi } from 'vitest'
import { networkProblem, readProblem, toProblem } from './problem.ts'

test('WEB-11 every field of a problem document is read', async () => {
  const body = {
    type: '/docs#database-away',
    title: 'The database is away',
    status: 503,
    code: 'database-away',
    detail: 'Try again in a moment.',
    request_id: 'r-1',
    errors: [{ field: 'title', message: 'The title must not be empty.' }],
  }
  const response = Response.json(body, { status: 503, headers: { 'Retry-After': '3' } })
  const { type: _type, ...expected } = body
  expect(await readProblem(response)).toMatchObject({ ...expected, retry_after: 3 })
})

test('WEB-11 an error of Better Auth is read too', async () => {
  const response = Response.json({ code: 'INVALID_EMAIL', message: 'Invalid email' }, { status: 400 })
  expect(await readProblem(response)).toMatchObject({ code: 'INVALID_EMAIL', detail: 'Invalid email' })
})

test.for([
  ['HTML', '<h1>Bad gateway</h1>'],
  ['nothing', ''],
  ['a JSON string', '"no"'],
  ['null', 'null'],
  ['odd fields', '{"code":7,"detail":{},"errors":"none"}'],
])('WEB-11 %s in place of a problem still yields a message for the user', async ([, body]) => {
  const problem = await readProblem(new Response(body, { status: 502 }))
  expect(problem).toMatchObject({ status: 502, code: 'unreadable', errors: [] })
  expect(problem.detail).toBe('Margin is having trouble right now. Try again in a moment.')
})

test('WEB-100 an error that is no answer of the server and no failed request is logged and told as ours', () => {
  const log = vi.spyOn(console, 'error').mockImplementation(() => {})
  const offline = networkProblem(new TypeError('Failed to fetch'))
  expect(toProblem(offline)).toBe(offline)
  expect(log).not.toHaveBeenCalled()
  for (const mistake of [new TypeError('x is undefined'), new SyntaxError('Unexpected token'), 'a string']) {
    const problem = toProblem(mistake)
    expect(problem).toMatchObject({
      code: 'client-error',
      status: 0,
      title: 'Something went wrong on this page',
      detail: 'That is our mistake. Reload the page, then try again.',
      cause: mistake,
    })
    expect(log).toHaveBeenLastCalledWith(mistake)
  }
  expect(log).toHaveBeenCalledTimes(3)
  log.mockRestore()
})
