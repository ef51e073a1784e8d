import { useState } from 'react'
import type { Conversation } from '#contract/chat.ts'
import { CONVERSATION_TITLE_MAX_CHARS } from '#contract/limits.ts'
import { useMutation } from '../../lib/use-mutation.ts'

interface RowProps {
  conversation: Conversation
  href: string
  isHere: boolean
  onOpen: () => void
  onRename: (title: string) => Promise<void>
  onRemove: () => Promise<void>
}

const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' })

/** A conversation in the history: opened by its title, renamed in place, deleted when asked twice. */
export function ConversationRow({ conversation, href, isHere, onOpen, onRename, onRemove }: RowProps) {
  const { title, updated_at } = conversation
  const [state, setState] = useState<'shown' | 'renaming' | 'deleting'>('shown')
  const { mutation, send, busy } = useMutation()

  async function rename(form: HTMLFormElement): Promise<void> {
    const said = new FormData(form).get('title')
    const words = typeof said === 'string' ? said.trim() : ''
    if (!words || words === title || (await send(() => onRename(words)))) setState('shown')
  }

  return (
    <li className="history-row">
      {state === 'renaming' ? (
        <form
          className="contents"
          onSubmit={(event) => {
            event.preventDefault()
            void rename(event.currentTarget)
          }}
        >
          <div className="field-box flex-1">
            <input
              name="title"
              aria-label={`New title of ${title}`}
              defaultValue={title}
              maxLength={CONVERSATION_TITLE_MAX_CHARS}
              autoComplete="off"
              dir="auto"
              // oxlint-disable-next-line jsx-a11y/no-autofocus -- what the button just pressed asked for
              autoFocus
              onKeyDown={(event) => {
                if (event.key !== 'Escape') return
                event.preventDefault()
                setState('shown')
              }}
            />
          </div>
          <button className="quiet-link" aria-busy={busy}>
            Save
          </button>
        </form>
      ) : (
        <>
          <a
            className="history-title"
            href={href}
            aria-current={isHere ? 'page' : undefined}
            onClick={(event) => {
              if (event.metaKey || event.ctrlKey || event.shiftKey) return
              event.preventDefault()
              onOpen()
            }}
          >
            <span dir="auto">{title}</span>
            <time dateTime={updated_at}>{DAY.format(new Date(updated_at))}</time>
          </a>
          {state === 'deleting' ? (
            <>
              <button
                type="button"
                className="quiet-link danger"
                aria-busy={busy}
                // oxlint-disable-next-line jsx-a11y/no-autofocus -- the button that had the focus is gone
                autoFocus
                onClick={() => void send(onRemove)}
              >
                Delete for good
              </button>
              <button type="button" className="quiet-link" onClick={() => setState('shown')}>
                Keep
              </button>
            </>
          ) : (
            <>
              <button type="button" className="quiet-link" onClick={() => setState('renaming')}>
                Rename<span className="sr-only"> {title}</span>
              </button>
              <button type="button" className="quiet-link" onClick={() => setState('deleting')}>
                Delete<span className="sr-only"> {title}</span>
              </button>
            </>
          )}
        </>
      )}
      <p role="alert" className="call-problem">
        {mutation.state === 'error' && mutation.problem.detail}
      </p>
    </li>
  )
}
