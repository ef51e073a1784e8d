import { expect, test } from 'vitest'
import { NewAccount } from '#contract/account.ts'
import { checkLogin, checkRegistration } from './account-checks.ts'

const good = { name: 'Ann', email: 'ann@example.com', password: 'correct horse battery' }

/** Returns the errors of the contract's schema, in the shape of the form's checks. */
function contractErrors(account: typeof good) {
  const issues = NewAccount.safeParse(account).error?.issues ?? []
  return Object.fromEntries(issues.map(({ path, message }) => [path.join('.'), message]))
}

test.for([
  good,
  { ...good, name: '   ' },
  { ...good, name: 'x'.repeat(101) },
  { ...good, name: '😀'.repeat(100) },
  { ...good, email: '' },
  { ...good, email: 'ann' },
  { ...good, email: 'ann@example' },
  { ...good, email: 'ann@example..com' },
  { ...good, password: '' },
  { ...good, password: '1234567' },
  { ...good, password: 'x'.repeat(129) },
  { name: '', email: '@', password: 'short' },
])('WEB-4 the registration check says the same as the contract: %j', (account) => {
  expect(checkRegistration(account)).toEqual(contractErrors(account))
})

test('WEB-5 logging in requires an e-mail address and any password, also one too short for today’s rules', () => {
  expect(checkLogin({ email: '', password: '' })).toEqual({
    email: 'Enter an e-mail address like ann@example.com.',
    password: 'Enter your password.',
  })
  expect(checkLogin({ email: 'ann@example.com', password: 'old' })).toEqual({})
})
