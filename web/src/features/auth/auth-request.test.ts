import { expect, test } from 'vitest'
import { readProblem } from '../../lib/problem.ts'
import { toFormErrors } from './auth-request.ts'

const authFailure = (status: number, body: object, headers: Record<string, string> = {}) =>
  readProblem(Response.json(body, { status, headers }))

test('WEB-5 an unknown address and a wrong password get the same message', async () => {
  const problem = await authFailure(401, {
    code: 'INVALID_EMAIL_OR_PASSWORD',
    message: 'Invalid email or password',
  })
  expect(toFormErrors(problem)).toEqual({
    fields: {},
    form: 'The e-mail address or password is incorrect.',
  })
})

test('WEB-4 an address that is already registered is reported at its field', async () => {
  const problem = await authFailure(422, {
    code: 'USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL',
    message: 'User exists',
  })
  expect(toFormErrors(problem).fields.email).toBe(
    'An account with this address already exists. Log in instead.',
  )
})

test('WEB-5 after too many attempts the message says how long to wait', async () => {
  const problem = await authFailure(429, { message: 'Too many requests' }, { 'Retry-After': '42' })
  expect(toFormErrors(problem).form).toBe('Too many attempts. Try again in 42 seconds.')
})
