import type { ReactNode } from 'react'
import { useHydrated } from '../../lib/use-hydrated.ts'
import type { useAuthForm } from './use-auth-form.ts'

interface AuthFormProps {
  form: ReturnType<typeof useAuthForm>
  label: string
  busyLabel: string
  children: ReactNode
  /** The way to the other form; `?next=` goes along. */
  other: { question: string; label: string; path: string }
}

/** The frame that logging in and registering share. */
export function AuthForm({ form, label, busyLabel, children, other }: AuthFormProps) {
  const hydrated = useHydrated()
  return (
    // Never GET, and no way to send it before React is there: a password must not end up in an address.
    <form method="post" noValidate onSubmit={form.onSubmit} className="mt-8 grid max-w-sm gap-5">
      <div role="alert" className="empty:absolute">
        {form.refusal && <p className="notice">{form.refusal}</p>}
      </div>
      {children}
      <button className="button mt-2" disabled={!hydrated} aria-busy={form.busy}>
        {form.busy ? busyLabel : label}
      </button>
      <p className="text-small text-ink-soft">
        {other.question}{' '}
        {/* Not a link before it knows where to: pressed too soon, it would lose the way back. */}
        <a className="link" href={hydrated ? other.path + location.search : undefined}>
          {other.label}
        </a>
      </p>
    </form>
  )
}
