import { useRef } from 'react'
import { useMutation } from '../../lib/use-mutation.ts'
import { wordsFor } from './call-words.ts'
import { chatServer } from './chat-server.ts'
import type { ShownCall } from './chat-state.ts'
import type { Chat } from './use-chat.ts'

type Ways = Pick<Chat, 'answered' | 'undone'>

/**
 * A line of the sheet for one thing the assistant did, or asks to do. It is answered and undone when its turn `isOver`:
 * calls are stored with that.
 */
export function CallRow({ call, isOver, chat }: { call: ShownCall; isOver: boolean; chat: Ways }) {
  const { mutation, send, busy } = useMutation()
  const row = useRef<HTMLLIElement>(null)
  const { mark, words } = wordsFor(call)
  const undone = call.status !== 'running' && call.undone

  async function answer(approve: boolean): Promise<void> {
    const done = await send(async () => chat.answered(await chatServer.answer(call.id, approve)))
    // The button that had the focus is gone.
    if (done) row.current?.focus()
  }

  async function undo(): Promise<void> {
    const done = await send(async () => chat.undone(await chatServer.undo(call.id)))
    if (done) row.current?.focus()
  }

  return (
    <li className="call-row" data-mark={undone ? 'kept' : mark} ref={row} tabIndex={-1}>
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
