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

/** Fills `host` with the list of agents, which the Worker wrote into the document as a template. */
function insertAgents(host: HTMLElement | null): void {
  const part = document.querySelector<HTMLTemplateElement>('#agents-part')
  if (part) host?.replaceChildren(part.content.cloneNode(true))
}

/** All of /account below its heading. */
export function AccountPage() {
  /** Incremented by a change after which the sessions have to be read again. */
  const [revision, setRevision] = useState(0)
  if (!page) return <UnreadAccount />
  const { name, email } = page.user
  return (
    <div className="account">
      <Part title="Name">
        <NameForm name={name} />
        <p className="field-hint mt-4">You log in as {email}.</p>
      </Part>
      <Part title="Password">
        <PasswordForm email={email} onChanged={() => setRevision(revision + 1)} />
      </Part>
      <Part title="Where you are logged in">
        <Sessions revision={revision} />
      </Part>
      <div ref={insertAgents} />
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

/** Shown when the document has no user: the database was unavailable, or the device is offline. */
function UnreadAccount() {
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
