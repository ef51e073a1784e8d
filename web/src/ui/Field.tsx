import { useId, useState, type ComponentProps } from 'react'
import { useHydrated } from '../lib/use-hydrated.ts'

interface FieldProps extends Omit<ComponentProps<'input'>, 'id' | 'name'> {
  name: string
  label: string
  hint?: string
  error?: string | undefined
}

/** A labelled input with its hint and its error; a password can be shown. */
export function Field({ name, label, hint, error, type = 'text', ...input }: FieldProps) {
  const id = useId()
  const [shown, setShown] = useState(false)
  const hydrated = useHydrated()
  const notes = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ')
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <div className="field-box">
        <input
          {...input}
          id={id}
          name={name}
          type={shown ? 'text' : type}
          aria-invalid={error !== undefined}
          aria-describedby={notes || undefined}
        />
        {type === 'password' && (
          <button type="button" disabled={!hydrated} aria-pressed={shown} onClick={() => setShown(!shown)}>
            {shown ? 'Hide' : 'Show'}
            <span className="sr-only"> password</span>
          </button>
        )}
      </div>
      {hint && (
        <p className="field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error && (
        <p className="field-error" id={`${id}-error`}>
          {error}
        </p>
      )}
    </div>
  )
}
