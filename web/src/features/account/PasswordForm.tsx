import { useState, type SubmitEvent } from 'react'
import { PASSWORD_MIN_CHARS } from '#contract/limits.ts'
import { useMutation } from '../../lib/use-mutation.ts'
import { Field } from '../../ui/Field.tsx'
import { checkRegistration } from '../auth/account-checks.ts'
import { changeAccount, formText } from './account-server.ts'
import { Outcome } from './Outcome.tsx'
import { useWrongPassword } from './use-wrong-password.ts'

interface PasswordFormProps {
  email: string
  onChanged: () => void
}

export function PasswordForm({ email, onChanged }: PasswordFormProps) {
  const { mutation, send, busy } = useMutation()
  const [errors, setErrors] = useState<{ currentPassword?: string; newPassword?: string }>({})
  const { wrong: refused, field } = useWrongPassword(mutation)
  const problem = mutation.state === 'error' ? mutation.problem : undefined
  const isUnknown = problem !== undefined && (problem.status === 0 || problem.status >= 500)

  async function change(form: HTMLFormElement): Promise<void> {
    const currentPassword = formText(form, 'currentPassword')
    const newPassword = formText(form, 'newPassword')
    const weak = checkRegistration({ name: 'x', email: '', password: newPassword }).password
    const wrong = {
      ...(currentPassword === '' && { currentPassword: 'Enter your current password.' }),
      ...(weak !== undefined && { newPassword: weak }),
    }
    setErrors(wrong)
    const [first] = Object.keys(wrong)
    if (first !== undefined) return focusOn(form, first)
    const revokeOtherSessions = new FormData(form).has('others')
    const done = await send(() =>
      changeAccount('change-password', { currentPassword, newPassword, revokeOtherSessions }),
    )
    if (!done) return
    form.reset()
    onChanged()
  }

  function onSubmit(event: SubmitEvent<HTMLFormElement>): void {
    event.preventDefault()
    void change(event.currentTarget)
  }

  return (
    <form method="post" noValidate className="account-form" onSubmit={onSubmit}>
      {/* Tells password managers which account the password is for. */}
      <input className="hidden" type="text" name="username" autoComplete="username" value={email} readOnly />
      <Field
        name="currentPassword"
        label="Current password"
        type="password"
        autoComplete="current-password"
        required
        ref={field}
        error={errors.currentPassword ?? refused}
      />
      <Field
        name="newPassword"
        label="New password"
        type="password"
        autoComplete="new-password"
        required
        hint={`At least ${PASSWORD_MIN_CHARS} characters.`}
        error={errors.newPassword}
      />
      <label className="check">
        <input type="checkbox" name="others" defaultChecked /> Log out everywhere else
      </label>
      <button className="button button-plain" aria-busy={busy}>
        {busy ? 'Changing…' : 'Change password'}
      </button>
      <Outcome
        mutation={mutation}
        done="Your password is changed."
        failed={
          isUnknown
            ? 'The server did not answer, so your password may already have changed. If the old one fails, log in with the new one.'
            : refused && 'Nothing was changed.'
        }
      />
    </form>
  )
}

function focusOn(form: HTMLFormElement, name: string): void {
  const field = form.elements.namedItem(name)
  if (field instanceof HTMLElement) field.focus()
}
