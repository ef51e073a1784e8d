import { useRef, useState, type SubmitEvent } from 'react'
import { nextPath } from '../../lib/login-path.ts'
import { toProblem } from '../../lib/problem.ts'
import type { AccountInput, FieldErrors } from './account-checks.ts'
import { toFormErrors } from './auth-request.ts'

interface AuthFormOptions {
  check: (account: AccountInput) => FieldErrors
  send: (account: AccountInput) => Promise<void>
}

/** The submission of the login and registration forms: validate, send once, show errors or go to the next page. */
export function useAuthForm({ check, send }: AuthFormOptions) {
  const [errors, setErrors] = useState<FieldErrors>({})
  const [formError, setFormError] = useState<string>()
  const [busy, setBusy] = useState(false)
  // State updates one render too late to stop the second of two quick clicks.
  const inFlight = useRef(false)

  function show(form: HTMLFormElement, fields: FieldErrors, message?: string): void {
    setErrors(fields)
    setFormError(message)
    const first = [...form.elements].find((element) => (element as HTMLInputElement).name in fields)
    if (first instanceof HTMLElement) first.focus()
  }

  async function onSubmit(event: SubmitEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    const form = event.currentTarget
    if (inFlight.current) return
    const account = readAccount(form)
    const invalid = check(account)
    show(form, invalid)
    if (Object.keys(invalid).length > 0) return

    inFlight.current = true
    setBusy(true)
    try {
      await send(account)
      location.assign(nextPath(location.search))
    } catch (error) {
      const { fields, form: message } = toFormErrors(toProblem(error))
      show(form, fields, message)
      setBusy(false)
      inFlight.current = false
    }
  }

  return { errors, formError, busy, onSubmit: (event: SubmitEvent<HTMLFormElement>) => void onSubmit(event) }
}

function readAccount(form: HTMLFormElement): AccountInput {
  const data = new FormData(form)
  const text = (name: string): string => {
    const value = data.get(name)
    return typeof value === 'string' ? value : ''
  }
  return { name: text('name').trim(), email: text('email').trim(), password: text('password') }
}
