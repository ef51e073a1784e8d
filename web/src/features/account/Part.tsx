import { useId, type ReactNode } from 'react'

/** A section of the account page, its heading beside it on wide screens and above it on narrow ones. */
export function Part({ title, children }: { title: string; children: ReactNode }) {
  const id = useId()
  return (
    <section className="account-part inset" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <div>{children}</div>
    </section>
  )
}
