import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { tokenStore } from '../../lib/api.ts'
import { followConnection } from '../../lib/connection.ts'
import { readPageSession } from '../../lib/page-session.ts'
import { currentUserId } from '../../lib/current-user.ts'
import { onLogout } from '../../task-sync/local-data.ts'
import { closePanel, isBeside } from './beside.ts'
import { Composer } from './Composer.tsx'
import { Conversations } from './Conversations.tsx'
import { keepDraft, readDraft } from './draft.ts'
import { Log } from './Log.tsx'
import { Start } from './Start.tsx'
import { useChat } from './use-chat.ts'

const page = readPageSession()
if (page) tokenStore.adopt(page.token)
if (isBeside()) {
  document.documentElement.classList.add('beside')
  // Two pages in one window, each with its main part.
  document.querySelector('main')?.setAttribute('aria-label', 'Assistant')
}

/** The assistant: everything on /chat under the top bar, and all of it beside the list. */
export function ChatApp() {
  const chat = useChat()
  const [text, setText] = useState(() => readDraft().text)
  const field = useRef<HTMLTextAreaElement>(null)
  const online = useSyncExternalStore(followConnection, () => navigator.onLine)
  const { messages, running, reading, conversation } = chat
  const isEmpty = messages.length === 0 && reading === 'idle'

  useEffect(() => {
    const focus = () => field.current?.focus()
    focus()
    // The panel was opened again: it is the page around that shows it.
    const panel = isBeside() ? frameElement?.parentElement : undefined
    panel?.addEventListener('toggle', focus)
    const away = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && isBeside() && !document.querySelector('dialog[open]')) closePanel()
    }
    addEventListener('keydown', away)
    const stopListening = onLogout(currentUserId() ?? '', () => {
      if (!isBeside()) location.replace('/')
    })
    return () => {
      panel?.removeEventListener('toggle', focus)
      removeEventListener('keydown', away)
      stopListening()
    }
  }, [])

  function write(next: string): void {
    setText(next)
    keepDraft({ text: next })
  }

  function open(id: string | undefined): void {
    chat.open(id)
    field.current?.focus()
  }

  return (
    <div className="chat">
      <div className="chat-head inset">
        <h1 className="chat-title">{conversation?.title ?? 'Assistant'}</h1>
        <button type="button" className="quiet-link" disabled={isEmpty} onClick={() => open(undefined)}>
          New
        </button>
        <Conversations here={conversation?.id} onOpen={open} onRenamed={chat.renamed} />
      </div>
      {!online && (
        <output className="inset chat-note">
          You are offline. What you write stays here until you are back.
        </output>
      )}
      {typeof reading === 'object' ? (
        <div role="alert" className="inset border-t border-line py-6 flex-1">
          <p className="font-semibold">This conversation could not be read.</p>
          <p className="mt-1 text-ink-soft">{reading.detail}</p>
          <button type="button" className="button mt-4" onClick={() => void chat.openHere()}>
            Try again
          </button>
        </div>
      ) : (
        <Log chat={chat}>
          {isEmpty && (
            <Start
              onChoose={(chosen) => {
                write(chosen)
                field.current?.focus()
              }}
            />
          )}
        </Log>
      )}
      <Composer
        {...{ field, text }}
        running={running !== undefined}
        onText={write}
        onSend={(message) => {
          write('')
          chat.send(message)
        }}
        onStop={() => running && chat.stop(running)}
      />
      <output className="sr-only">{chat.said}</output>
    </div>
  )
}
