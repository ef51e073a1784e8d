import { CallRow } from './CallRow.tsx'
import type { ShownMessage } from './chat-state.ts'
import type { Chat } from './use-chat.ts'

/** A reply of the assistant: its tool calls, then its text, which is never read as HTML. */
export function Reply({ reply, chat }: { reply: ShownMessage; chat: Chat }) {
  const { status, content, tool_calls, error, reply_to } = reply
  return (
    <li className="reply">
      <span className="sr-only">Assistant:</span>
      {tool_calls.length > 0 && (
        <ul className="calls">
          {tool_calls.map((call) => (
            <CallRow key={call.id} call={call} isOver={status !== 'running'} chat={chat} />
          ))}
        </ul>
      )}
      {content && (
        <p className="message-text" dir="auto">
          {content}
        </p>
      )}
      {status === 'running' && !content && tool_calls.length === 0 && (
        <p className="thinking">
          <span className="sr-only">Answering…</span>
          <i />
          <i />
          <i />
        </p>
      )}
      {status === 'stopped' && (
        <p className="message-note">Stopped. Anything already started will still finish.</p>
      )}
      {status === 'failed' && (
        <div className="message-failed">
          <p>{error?.message}</p>
          <button type="button" className="link min-h-11" onClick={() => reply_to && chat.retry(reply_to)}>
            Try again
          </button>
        </div>
      )}
    </li>
  )
}
