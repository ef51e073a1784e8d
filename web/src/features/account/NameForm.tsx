import { useRef, useState, type SubmitEvent } from 'react'
import { useMutation } from '../../lib/use-mutation.ts'
import { Field } from '../../ui/Field.tsx'
import { checkRegistration } from '../auth/account-checks.ts'
import { changeAccount, formText } from './account-server.ts'
import { Outcome } from './Outcome.tsx'

export function NameForm({ name }: { name: string }) {
  const { mutation, send, busy } = useMutation()
  const [error, setError] = useState<string>()
  const field = useRef<HTMLInputElement>(null)

  function onSubmit(event: SubmitEvent<HTMLFormElement>): void {
    event.preventDefault()
    const wanted = formText(event.currentTarget, 'name').trim()
    const wrong = checkRegistration({ name: wanted, email: '', password: '' }).name
    setError(wrong)
    if (wrong !== undefined) field.current?.focus()
    else void send(() => changeAccount('update-user', { name: wanted }))
  }

  return (
    <form method="post" noValidate className="account-form" onSubmit={onSubmit}>
      <Field
        ref={field}
        name="name"
        label="Name"
        autoComplete="name"
        required
        defaultValue={name}
        error={error}
      />
      <button className="button button-plain" aria-busy={busy}>
        {busy ? 'Saving…' : 'Save name'}
      </button>
      <Outcome mutation={mutation} done="Saved." />
    </form>
  )
}
