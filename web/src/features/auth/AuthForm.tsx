import type { ReactNode } from 'react'
import { useHydrated } from '../../lib/use-hydrated.ts'
import type { useAuthForm } from './use-auth-form.ts'

interface AuthFormProps {
  form: ReturnType<typeof useAuthForm>
  label: string
  busyLabel: string
  children: ReactNode
  /** The link to the other form; it passes `?next=` on. */
  other: { question: string; label: string; path: string }
}

/** The layout that the login and registration forms share. */
export function AuthForm({ form, label, busyLabel, children, other }: AuthFormProps) {
  const hydrated = useHydrated()
  return (
    // POST, and disabled until React handles the submit: otherwise the browser could put the password into the URL.
    <form method="post" noValidate onSubmit={form.onSubmit} className="mt-8 grid max-w-sm gap-5">
      <div role="alert" className="empty:absolute">
        {form.formError && <p className="notice">{form.formError}</p>}
      </div>
      {children}
      <button className="button mt-2" disabled={!hydrated} aria-busy={form.busy}>
        {form.busy ? busyLabel : label}
      </button>
      <p className="text-small text-ink-soft">
        {other.question}{' '}
        {/* Without an href until hydrated: only then is `?next=` known, and a click before would lose it. */}
        <a className="link" href={hydrated ? other.path + location.search : undefined}>
          {other.label}
        </a>
      </p>
    </form>
  )
}
