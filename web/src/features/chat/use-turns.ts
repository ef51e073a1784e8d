import { useRef, type Dispatch } from 'react'
import type { ChatEvent } from '#contract/chat.ts'
import { INTERRUPTED } from '#contract/interrupted.ts'
import { changesTaskList, describeCall } from './call-words.ts'
import type { ChatAction } from './chat-state.ts'
import { conversationUrl } from './conversation-url.ts'
import { saveDraft } from './draft.ts'
import { notifyTaskList } from './panel.ts'
import { batchPerFrame } from './per-frame.ts'
import { pollReply, streamTurn, describeFailedSend } from './turn.ts'

/**
 * The turn that this page follows, at most one. Its progress is dispatched, and `announce` gets what a screen reader
 * should read out. None of the functions rejects.
 */
export function useTurns(dispatch: Dispatch<ChatAction>, announce: (text: string) => void) {
  const followed = useRef<AbortController>(undefined)

  /** Stops following the turn, which the server finishes by itself. Returns the signal for whatever comes next. */
  function leaveTurn(): AbortSignal {
    followed.current?.abort()
    followed.current = new AbortController()
    return followed.current.signal
  }

  /** Sends a message and follows its turn; sent again with the same id it is another attempt at that turn. */
  async function sendMessage(messageId: string, text: string, conversationId: string | undefined) {
    const signal = leaveTurn()
    dispatch({ type: 'sent', messageId, text })
    saveDraft({ unsent: { id: messageId, text, conversationId } })
    const batch = batchPerFrame<ChatEvent>((events) => {
      if (!signal.aborted) dispatch({ type: 'received', messageId, events })
    })
    const message = {
      message: text,
      message_id: messageId,
      ...(conversationId && { conversation_id: conversationId }),
    }
    try {
      for await (const event of streamTurn(message, signal)) {
        if (signal.aborted) return
        handleEvent(event)
        batch.push(event)
      }
      batch.flush()
    } catch (error) {
      batch.flush()
      if (signal.aborted) return
      const turnError = describeFailedSend(error)
      dispatch({ type: 'failed', messageId, error: turnError })
      announce(turnError.message)
    }
  }

  function handleEvent({ event, data }: ChatEvent): void {
    if (event === 'start') {
      saveDraft({ unsent: undefined })
      history.replaceState(null, '', conversationUrl(data.conversation_id))
    } else if (event === 'tool_result' && changesTaskList(data)) notifyTaskList()
    else if (event === 'error') announce(data.message)
    else if (event === 'done')
      announce([...data.tool_calls.map((call) => `${describeCall(call).words}.`), data.response].join(' '))
  }

  /** Follows a turn that is not streamed to this page, by polling, until `signal` aborts. */
  async function followTurn(conversationId: string, messageId: string, signal: AbortSignal) {
    const reply = await pollReply(conversationId, messageId, signal)
    if (signal.aborted) return
    if (!reply) return dispatch({ type: 'failed', messageId, error: INTERRUPTED })
    dispatch({ type: 'reply loaded', messageId, reply })
    notifyTaskList()
    announce(reply.error?.message ?? reply.content)
  }

  return { sendMessage, followTurn, leaveTurn }
}
