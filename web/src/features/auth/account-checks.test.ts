import { expect, test } from 'vitest'
import { NewAccount } from '#contract/account.ts'
import { checkLogin, checkRegistration } from './account-checks.ts'

const validAccount = { name: 'Ann', email: 'ann@example.com', password: 'correct horse battery' }

/** Returns the errors of the contract's schema, in the shape of the form's checks. */
function contractErrors(account: typeof validAccount) {
  const issues = NewAccount.safeParse(account).error?.issues ?? []
  return Object.fromEntries(issues.map(({ path, message }) => [path.join('.'), message]))
}

test.for([
  validAccount,
  { ...validAccount, name: '   ' },
  { ...validAccount, name: 'x'.repeat(101) },
  { ...validAccount, name: '😀'.repeat(100) },
  { ...validAccount, email: '' },
  { ...validAccount, email: 'ann' },
  { ...validAccount, email: 'ann@example' },
  { ...validAccount, email: 'ann@example..com' },
  { ...validAccount, password: '' },
  { ...validAccount, password: '1234567' },
  { ...validAccount, password: 'x'.repeat(129) },
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
