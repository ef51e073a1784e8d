import { useId, useRef, type SubmitEvent } from 'react'
import { useMutation } from '../../lib/use-mutation.ts'
import { Field } from '../../ui/Field.tsx'
import { changeAccount, formText } from './account-server.ts'
import { forgetUser, logOut } from './log-out.ts'
import { Outcome } from './Outcome.tsx'
import { useWrongPassword } from './use-wrong-password.ts'

export function DeleteAccount({ email }: { email: string }) {
  const dialog = useRef<HTMLDialogElement>(null)
  const headingId = useId()
  const { mutation, send, busy } = useMutation()
  const { wrong, field } = useWrongPassword(mutation)

  function onSubmit(event: SubmitEvent<HTMLFormElement>): void {
    event.preventDefault()
    const password = formText(event.currentTarget, 'password')
    void send(async () => {
      await changeAccount('delete-user', { password })
      await forgetUser()
      // The account is deleted even if logging out fails.
      await logOut().catch(() => location.assign('/'))
    })
  }

  return (
    <>
      <p>This permanently deletes your name, e-mail address, password, sessions and all tasks.</p>
      <button type="button" className="button button-danger mt-3" onClick={() => dialog.current?.showModal()}>
        Delete account…
      </button>
      <dialog
        ref={dialog}
        className="dialog"
        aria-labelledby={headingId}
        onClose={() => dialog.current?.querySelector('form')?.reset()}
      >
        <form method="post" noValidate className="account-form" onSubmit={onSubmit}>
          <h2 id={headingId}>Delete your account?</h2>
          <p>
            Everything that belongs to <strong className="break-words">{email}</strong> will be deleted. This
            cannot be undone. Export your tasks first if you might want them.
          </p>
          <input
            className="hidden"
            type="text"
            name="username"
            autoComplete="username"
            value={email}
            readOnly
          />
          <Field
            name="password"
            label="Your password"
            type="password"
            autoComplete="current-password"
            required
            ref={field}
            error={wrong}
          />
          <div className="flex flex-wrap gap-3">
            <button className="button button-danger" aria-busy={busy}>
              {busy ? 'Deleting…' : 'Delete everything'}
            </button>
            <button type="button" className="button button-plain" onClick={() => dialog.current?.close()}>
              Keep it
            </button>
          </div>
          <Outcome mutation={mutation} done="Deleted." failed={wrong && 'Nothing was deleted.'} />
        </form>
      </dialog>
    </>
  )
}
