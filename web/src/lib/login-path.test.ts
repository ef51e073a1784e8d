import { expect, test } from 'vitest'
import { loginPath, nextPath } from './login-path.ts'

test('WEB-6 logging in leads back to the page that asked for it', () => {
  const path = loginPath({ pathname: '/tasks', search: '?filter=open' })
  expect(nextPath(new URL(path, 'https://margin.example').search)).toBe('/tasks?filter=open')
})

test.for([
  '//evil.example',
  String.raw`/\evil.example`,
  '/\t/evil.example',
  '/.//evil.example',
  '/a/..//evil.example',
  'https://evil.example',
  'javascript:alert(1)',
  'tasks',
  '',
])('WEB-6 a link to log in cannot redirect to %j', (next) => {
  expect(nextPath(`?next=${encodeURIComponent(next)}`)).toBe('/tasks')
})
