import { useId, type ReactNode } from 'react'

/** A part of the account page: its name beside it where there is room, else above. */
export function Part({ title, children }: { title: string; children: ReactNode }) {
  const id = useId()
  return (
    <section className="account-part inset" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <div>{children}</div>
    </section>
  )
}
