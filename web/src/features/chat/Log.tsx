import { useEffect, useRef, type ReactNode } from 'react'
import { Reply } from './Reply.tsx'
import type { Chat } from './use-chat.ts'

/** Pixels from the bottom within which the log keeps scrolling down with new text. */
const STICKY_BOTTOM_PX = 80

/** The messages, the latest at the bottom. Not a live region: the page announces a reply once it is complete. */
export function Log({ chat, children }: { chat: Chat; children: ReactNode }) {
  const { messages, before, reading, running } = chat
  const log = useRef<HTMLDivElement>(null)
  const isAtBottom = useRef(true)
  const last = messages.at(-1)?.id

  // A new message scrolls into view wherever the user was reading.
  useEffect(() => {
    isAtBottom.current = true
  }, [last])

  useEffect(() => {
    const { current: box } = log
    if (box && isAtBottom.current) box.scrollTop = box.scrollHeight
  }, [messages])

  return (
    <div
      className="log"
      role="log"
      aria-label="Conversation"
      aria-live="off"
      aria-busy={running !== undefined}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it must scroll by keyboard too
      tabIndex={0}
      ref={log}
      onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
        isAtBottom.current = scrollHeight - scrollTop - clientHeight < STICKY_BOTTOM_PX
      }}
    >
      {before !== null && (
        <p className="inset">
          <button type="button" className="quiet-link" onClick={() => void chat.readEarlier()}>
            Show earlier messages
          </button>
        </p>
      )}
      {reading === 'busy' && messages.length === 0 && (
        <div className="inset py-6">
          <output className="sr-only">Loading the conversation…</output>
          <p className="skeleton h-4 w-3/5" />
          <p className="skeleton mt-4 h-4 w-2/5" />
        </div>
      )}
      {messages.length > 0 && (
        <ol className="messages">
          {messages.map((message) =>
            message.role === 'user' ? (
              <li key={message.id} className="asked">
                <span className="sr-only">You:</span>
                <p className="message-text" dir="auto">
                  {message.content}
                </p>
              </li>
            ) : (
              <Reply key={message.reply_to} reply={message} chat={chat} />
            ),
          )}
        </ol>
      )}
      {children}
    </div>
  )
}
