import { useId, useRef, useState } from 'react'
import type { Conversation } from '#contract/chat.ts'
import { useMutation } from '../../lib/use-mutation.ts'
import { chatServer } from './chat-server.ts'
import { ConversationRow } from './ConversationRow.tsx'
import { conversationUrl } from './conversation-url.ts'

interface ConversationsProps {
  /** Id of the conversation on the page. */
  openId: string | undefined
  onOpen: (id: string | undefined) => void
  onRenamed: (id: string, title: string) => void
}

/** The History button and its dialog, in which conversations are opened, renamed and deleted. */
export function Conversations({ openId, onOpen, onRenamed }: ConversationsProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const headingId = useId()
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

  async function rename(id: string, title: string): Promise<void> {
    const renamed = await chatServer.rename(id, title)
    setAll((known) => known?.map((conversation) => (conversation.id === id ? renamed : conversation)))
    onRenamed(id, renamed.title)
  }

  async function remove(id: string): Promise<void> {
    await chatServer.remove(id)
    setAll((known) => known?.filter((conversation) => conversation.id !== id))
    // The row that had the focus has been removed.
    dialog.current?.querySelector<HTMLElement>('h2')?.focus()
    if (id === openId) onOpen(undefined)
  }

  return (
    <>
      <button type="button" className="quiet-link" aria-haspopup="dialog" onClick={show}>
        History
      </button>
      <dialog ref={dialog} className="dialog history" aria-labelledby={headingId} closedby="any">
        <form method="dialog" className="help-head">
          <h2 id={headingId} tabIndex={-1}>
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
            {all.map((conversation) => (
              <ConversationRow
                key={conversation.id}
                {...{ conversation }}
                href={conversationUrl(conversation.id)}
                isOpen={conversation.id === openId}
                onOpen={() => {
                  dialog.current?.close()
                  onOpen(conversation.id)
                }}
                onRename={(title) => rename(conversation.id, title)}
                onRemove={() => remove(conversation.id)}
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
