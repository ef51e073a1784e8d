import { PASSWORD_MIN_CHARS } from '#contract/limits.ts'
import { Field } from '../../ui/Field.tsx'
import { checkRegistration } from './account-checks.ts'
import { callAuth } from './auth-request.ts'
import { AuthForm } from './AuthForm.tsx'
import { useAuthForm } from './use-auth-form.ts'

/** The registration form; a new account is logged in. */
export function RegisterForm() {
  const form = useAuthForm({
    check: checkRegistration,
    send: (account) => callAuth('sign-up/email', account),
  })
  return (
    <AuthForm
      form={form}
      label="Start your list"
      busyLabel="Creating your account…"
      other={{ question: 'Already have an account?', label: 'Log in', path: '/login' }}
    >
      <Field name="name" label="Name" autoComplete="name" required error={form.errors.name} />
      <Field
        name="email"
        label="E-mail address"
        type="email"
        autoComplete="username"
        required
        error={form.errors.email}
      />
      <Field
        name="password"
        label="Password"
        type="password"
        autoComplete="new-password"
        required
        hint={`At least ${PASSWORD_MIN_CHARS} characters.`}
        error={form.errors.password}
      />
    </AuthForm>
  )
}
