import { useEffect, useRef, useState, useSyncExternalStore, type RefObject } from 'react'
import { subscribeToConnection } from '../../lib/connection.ts'
import { startSession } from '../../lib/api.ts'
import { currentUserId } from '../../lib/current-user.ts'
import { onLogout } from '../../task-sync/local-data.ts'
import { Composer } from './Composer.tsx'
import { Conversations } from './Conversations.tsx'
import { readDraft, saveDraft } from './draft.ts'
import { Log } from './Log.tsx'
import { closePanel, isInPanel } from './panel.ts'
import { Start } from './Start.tsx'
import { useChat } from './use-chat.ts'

startSession()
if (isInPanel()) {
  document.documentElement.classList.add('beside')
  // The window then has two pages, each with a main landmark, which need names to be told apart.
  document.querySelector('main')?.setAttribute('aria-label', 'Assistant')
}

/** The assistant: all of /chat below the top bar, and the whole page in the panel on /tasks. */
export function ChatApp() {
  const chat = useChat()
  const [text, setText] = useState(() => readDraft().text)
  const field = useRef<HTMLTextAreaElement>(null)
  const online = useSyncExternalStore(subscribeToConnection, () => navigator.onLine)
  const { messages, running, reading, conversation } = chat
  const isEmpty = messages.length === 0 && reading === 'idle'
  useFieldFocus(field)
  useEscapeToClose()
  useExitOnLogOut()

  function write(next: string): void {
    setText(next)
    saveDraft({ text: next })
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
        <Conversations openId={conversation?.id} onOpen={open} onRenamed={chat.applyRename} />
      </div>
      {!online && (
        <output className="inset chat-note">
          You are offline. What you write stays here until you are back.
        </output>
      )}
      {typeof reading === 'object' ? (
        <ReadingProblem detail={reading.detail} onRetry={() => void chat.openFromUrl()} />
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
      <output className="sr-only">{chat.announcement}</output>
    </div>
  )
}

function ReadingProblem({ detail, onRetry }: { detail: string; onRetry: () => void }) {
  return (
    <div role="alert" className="inset border-t border-line py-6 flex-1">
      <p className="font-semibold">This conversation could not be read.</p>
      <p className="mt-1 text-ink-soft">{detail}</p>
      <button type="button" className="button mt-4" onClick={onRetry}>
        Try again
      </button>
    </div>
  )
}

/** Focuses the message field at the start, and each time the panel around this page opens. */
function useFieldFocus(field: RefObject<HTMLTextAreaElement | null>): void {
  useEffect(() => {
    const focus = () => field.current?.focus()
    focus()
    const panel = isInPanel() ? frameElement?.parentElement : undefined
    panel?.addEventListener('toggle', focus)
    return () => panel?.removeEventListener('toggle', focus)
  }, [field])
}

function useEscapeToClose(): void {
  useEffect(() => {
    const onKeyDown = ({ key }: KeyboardEvent) => {
      if (key === 'Escape' && isInPanel() && !document.querySelector('dialog[open]')) closePanel()
    }
    addEventListener('keydown', onKeyDown)
    return () => removeEventListener('keydown', onKeyDown)
  }, [])
}

/** Leaves the page when the user logs out in another tab. In the panel, the page around this one does. */
function useExitOnLogOut(): void {
  useEffect(
    () =>
      onLogout(currentUserId() ?? '', () => {
        if (!isInPanel()) location.replace('/')
      }),
    [],
  )
}
