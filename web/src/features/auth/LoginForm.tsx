import { Field } from '../../ui/Field.tsx'
import { checkLogin } from './account-checks.ts'
import { callAuth } from './auth-request.ts'
import { AuthForm } from './AuthForm.tsx'
import { useAuthForm } from './use-auth-form.ts'

/** The login form; afterwards the user is back on the page that asked for the login. */
export function LoginForm() {
  const form = useAuthForm({
    check: checkLogin,
    send: ({ email, password }) => callAuth('sign-in/email', { email, password }),
  })
  return (
    <AuthForm
      form={form}
      label="Log in"
      busyLabel="Logging in…"
      other={{ question: 'New here?', label: 'Start your list', path: '/register' }}
    >
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
        autoComplete="current-password"
        required
        error={form.errors.password}
      />
    </AuthForm>
  )
}
