import { useRef } from 'react'
import { useMutation } from '../../lib/use-mutation.ts'
import { describeCall } from './call-words.ts'
import { chatServer } from './chat-server.ts'
import type { ShownCall } from './chat-state.ts'
import type { Chat } from './use-chat.ts'

interface CallRowProps {
  call: ShownCall
  /** Whether its turn has ended. The server stores calls at the end, so they cannot be approved or undone before. */
  isOver: boolean
  chat: Pick<Chat, 'applyAnswer' | 'applyUndo'>
}

/** A tool call of the assistant: what it did, or what it asks the user to approve. */
export function CallRow({ call, isOver, chat }: CallRowProps) {
  const { mutation, send, busy } = useMutation()
  const row = useRef<HTMLLIElement>(null)
  const { mark, words } = describeCall(call)
  const undone = call.status !== 'running' && call.undone

  async function answer(approve: boolean): Promise<void> {
    const done = await send(async () => chat.applyAnswer(await chatServer.answer(call.id, approve)))
    // The button that had the focus has been removed.
    if (done) row.current?.focus()
  }

  async function undo(): Promise<void> {
    const done = await send(async () => chat.applyUndo(await chatServer.undo(call.id)))
    if (done) row.current?.focus()
  }

  return (
    <li className="call-row" data-mark={undone ? 'undone' : mark} ref={row} tabIndex={-1}>
      <span className="call-mark" aria-hidden="true" />
      <p className="call-words">
        <span className={undone ? 'line-through' : undefined}>{words}</span>
        {undone && ' Undone.'}
      </p>
      {isOver && call.status === 'waiting' && (
        <span className="call-actions">
          <button
            type="button"
            className="button button-danger"
            aria-busy={busy}
            onClick={() => void answer(true)}
          >
            Approve<span className="sr-only"> {words}</span>
          </button>
          <button type="button" className="button button-plain" onClick={() => void answer(false)}>
            Refuse<span className="sr-only"> {words}</span>
          </button>
        </span>
      )}
      {isOver && call.status === 'done' && call.undo && !undone && (
        <button type="button" className="call-undo" aria-busy={busy} onClick={() => void undo()}>
          Undo<span className="sr-only"> {words}</span>
        </button>
      )}
      <p role="alert" className="call-problem">
        {mutation.state === 'error' && mutation.problem.detail}
      </p>
    </li>
  )
}
