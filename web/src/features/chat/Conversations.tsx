import { useId, useRef, useState } from 'react'
import type { Conversation } from '#contract/chat.ts'
import { useMutation } from '../../lib/use-mutation.ts'
import { chatServer } from './chat-server.ts'
import { ConversationRow } from './ConversationRow.tsx'
import { conversationUrl } from './conversation-url.ts'

interface ConversationsProps {
  /** Of the conversation on the page. */
  here: string | undefined
  onOpen: (id: string | undefined) => void
  onRenamed: (id: string, title: string) => void
}

/** The button and the dialog of what was talked about before. */
export function Conversations({ here, onOpen, onRenamed }: ConversationsProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const title = useId()
  const [all, setAll] = useState<readonly Conversation[]>()
  const [next, setNext] = useState<string | null>(null)
  const reading = useMutation()

  const read = (cursor?: string) =>
    void reading.send(async () => {
      const page = await chatServer.list(cursor)
      setAll((known = []) => [...(cursor ? known : []), ...page.conversations])
      setNext(page.next_cursor)
    })

  function show(): void {
    dialog.current?.showModal()
    read()
  }

  async function rename(id: string, words: string): Promise<void> {
    const changed = await chatServer.rename(id, words)
    setAll((known) => known?.map((one) => (one.id === id ? changed : one)))
    onRenamed(id, changed.title)
  }

  async function remove(id: string): Promise<void> {
    await chatServer.remove(id)
    setAll((known) => known?.filter((one) => one.id !== id))
    // The row that had the focus is gone.
    dialog.current?.querySelector<HTMLElement>('h2')?.focus()
    if (id === here) onOpen(undefined)
  }

  return (
    <>
      <button type="button" className="quiet-link" aria-haspopup="dialog" onClick={show}>
        History
      </button>
      <dialog ref={dialog} className="dialog history" aria-labelledby={title} closedby="any">
        <form method="dialog" className="help-head">
          <h2 id={title} tabIndex={-1}>
            Conversations
          </h2>
          <button className="quiet-link">Close</button>
        </form>
        {reading.mutation.state === 'error' && (
          <div role="alert" className="py-3">
            <p>{reading.mutation.problem.detail}</p>
            <button type="button" className="button button-plain mt-3" onClick={() => read()}>
              Try again
            </button>
          </div>
        )}
        {all?.length === 0 && <p className="py-3 text-ink-soft">None yet.</p>}
        {!all && reading.busy && <p className="skeleton h-16" aria-hidden="true" />}
        {all && all.length > 0 && (
          <ul className="history-list" aria-label="Conversations">
            {all.map((one) => (
              <ConversationRow
                key={one.id}
                conversation={one}
                href={conversationUrl(one.id)}
                isHere={one.id === here}
                onOpen={() => {
                  dialog.current?.close()
                  onOpen(one.id)
                }}
                onRename={(words) => rename(one.id, words)}
                onRemove={() => remove(one.id)}
              />
            ))}
          </ul>
        )}
        {next !== null && (
          <button type="button" className="button button-plain mt-3" onClick={() => read(next)}>
            Show more
          </button>
        )}
      </dialog>
    </>
  )
}
