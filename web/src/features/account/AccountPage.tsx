import { useState } from 'react'
import { startSession } from '../../lib/api.ts'
import { DeleteAccount } from './DeleteAccount.tsx'
import { ExportTasks } from './ExportTasks.tsx'
import { ImportTasks } from './ImportTasks.tsx'
import { NameForm } from './NameForm.tsx'
import { Part } from './Part.tsx'
import { PasswordForm } from './PasswordForm.tsx'
import { Sessions } from './Sessions.tsx'

const page = startSession()

/** Puts in its place what the Worker wrote about agents, as HTML. */
function showAgents(place: HTMLElement | null): void {
  const part = document.querySelector<HTMLTemplateElement>('#agents-part')
  if (part) place?.replaceChildren(part.content.cloneNode(true))
}

/** Everything on /account under its heading. */
export function AccountPage() {
  /** Counts the changes after which sessions have to be read again. */
  const [round, setRound] = useState(0)
  if (!page) return <Unknown />
  const { name, email } = page.user
  return (
    <div className="account">
      <Part title="Name">
        <NameForm name={name} />
        <p className="field-hint mt-4">You log in as {email}.</p>
      </Part>
      <Part title="Password">
        <PasswordForm email={email} onChanged={() => setRound(round + 1)} />
      </Part>
      <Part title="Where you are logged in">
        <Sessions round={round} />
      </Part>
      <div ref={showAgents} />
      <Part title="Your tasks">
        <ExportTasks />
        <ImportTasks />
      </Part>
      <Part title="Delete account">
        <DeleteAccount email={email} />
      </Part>
    </div>
  )
}

/** The page came without its person: the database was away, or the device is offline. */
function Unknown() {
  return (
    <div role="alert" className="inset border-t border-line py-6">
      <p className="font-semibold">Your account could not be read.</p>
      <p className="mt-1 text-ink-soft">Margin or its database can’t be reached. Your tasks are safe.</p>
      <button type="button" className="button mt-4" onClick={() => location.reload()}>
        Try again
      </button>
    </div>
  )
}
