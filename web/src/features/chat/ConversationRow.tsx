import { useState } from 'react'
import type { Conversation } from '#contract/chat.ts'
import { CONVERSATION_TITLE_MAX_CHARS } from '#contract/limits.ts'
import { useMutation } from '../../lib/use-mutation.ts'

interface ConversationRowProps {
  conversation: Conversation
  href: string
  /** Whether it is the conversation on the page. */
  isOpen: boolean
  onOpen: () => void
  onRename: (title: string) => Promise<void>
  onRemove: () => Promise<void>
}

const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' })

/** A conversation in the history: a link, renamed in place, and deleted after a second press. */
export function ConversationRow({
  conversation,
  href,
  isOpen,
  onOpen,
  onRename,
  onRemove,
}: ConversationRowProps) {
  const { title, updated_at } = conversation
  const [state, setState] = useState<'shown' | 'renaming' | 'deleting'>('shown')
  const { mutation, send, busy } = useMutation()

  async function rename(input: string): Promise<void> {
    const wanted = input.trim()
    if (!wanted || wanted === title || (await send(() => onRename(wanted)))) setState('shown')
  }

  return (
    <li className="history-row">
      {state === 'renaming' ? (
        <RenameForm
          {...{ title, busy }}
          onSave={(input) => void rename(input)}
          onCancel={() => setState('shown')}
        />
      ) : (
        <>
          <a
            className="history-title"
            href={href}
            aria-current={isOpen ? 'page' : undefined}
            onClick={(event) => {
              if (event.metaKey || event.ctrlKey || event.shiftKey) return
              event.preventDefault()
              onOpen()
            }}
          >
            <span dir="auto">{title}</span>
            <time dateTime={updated_at}>{DAY.format(new Date(updated_at))}</time>
          </a>
          {/* React keeps the two buttons: the focus stays on the second one, from Delete to Keep and back. */}
          {state === 'deleting' ? (
            <>
              <button
                type="button"
                className="quiet-link danger"
                aria-busy={busy}
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

interface RenameFormProps {
  title: string
  busy: boolean
  onSave: (title: string) => void
  onCancel: () => void
}

function RenameForm({ title, busy, onSave, onCancel }: RenameFormProps) {
  const [input, setInput] = useState(title)
  return (
    <form
      className="contents"
      onSubmit={(event) => {
        event.preventDefault()
        onSave(input)
      }}
    >
      <div className="field-box flex-1">
        <input
          name="title"
          aria-label={`New title of ${title}`}
          value={input}
          maxLength={CONVERSATION_TITLE_MAX_CHARS}
          autoComplete="off"
          dir="auto"
          // oxlint-disable-next-line jsx-a11y/no-autofocus -- the user has just pressed Rename
          autoFocus
          onChange={(event) => setInput(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return
            event.preventDefault()
            onCancel()
          }}
        />
      </div>
      <button className="quiet-link" aria-busy={busy}>
        Save
      </button>
    </form>
  )
}
