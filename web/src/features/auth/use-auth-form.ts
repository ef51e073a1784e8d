import { useRef, useState, type SubmitEvent } from 'react'
import { nextPath } from '../../lib/login-path.ts'
import { toProblem } from '../../lib/problem.ts'
import type { Account, FieldErrors } from './account-checks.ts'
import { toFormErrors } from './auth-request.ts'

interface Ways {
  check: (account: Account) => FieldErrors
  send: (account: Account) => Promise<void>
}

/** The mutation of a form that lets somebody in: check, send once, show what was refused, go on. */
export function useAuthForm({ check, send }: Ways) {
  const [errors, setErrors] = useState<FieldErrors>({})
  const [refusal, setRefusal] = useState<string>()
  const [busy, setBusy] = useState(false)
  // State comes a render too late to stop the second of two quick clicks.
  const underWay = useRef(false)

  function show(form: HTMLFormElement, fields: FieldErrors, message?: string): void {
    setErrors(fields)
    setRefusal(message)
    const first = [...form.elements].find((element) => (element as HTMLInputElement).name in fields)
    if (first instanceof HTMLElement) first.focus()
  }

  async function onSubmit(event: SubmitEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    const form = event.currentTarget
    if (underWay.current) return
    const account = accountIn(form)
    const wrong = check(account)
    show(form, wrong)
    if (Object.keys(wrong).length > 0) return

    underWay.current = true
    setBusy(true)
    try {
      await send(account)
      location.assign(nextPath(location.search))
    } catch (error) {
      const { fields, form: message } = toFormErrors(toProblem(error))
      show(form, fields, message)
      setBusy(false)
      underWay.current = false
    }
  }

  return { errors, refusal, busy, onSubmit: (event: SubmitEvent<HTMLFormElement>) => void onSubmit(event) }
}

function accountIn(form: HTMLFormElement): Account {
  const data = new FormData(form)
  const text = (name: string): string => {
    const value = data.get(name)
    return typeof value === 'string' ? value : ''
  }
  return { name: text('name').trim(), email: text('email').trim(), password: text('password') }
}
