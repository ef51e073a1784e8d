import { useEffect, useEffectEvent, useReducer, useState } from 'react'
import type { ToolCall, Transcript, TurnError } from '#contract/chat.ts'
import { toProblem, type ApiProblem } from '../../lib/problem.ts'
import { uuidv7 } from '../../lib/uuid.ts'
import { changesTaskList, describeCall } from './call-words.ts'
import { chatServer } from './chat-server.ts'
import { emptyChat, reduceChat, runningTurn } from './chat-state.ts'
import { conversationIdInUrl, conversationUrl } from './conversation-url.ts'
import { readDraft, saveDraft } from './draft.ts'
import { notifyTaskList } from './panel.ts'
import { useTurns } from './use-turns.ts'

const NOT_SENT: TurnError = { code: 'network', message: 'This was not sent.' }

export type Chat = ReturnType<typeof useChat>

/** The conversation on the page and what the user can do in it. None of its functions rejects. */
export function useChat() {
  const [state, dispatch] = useReducer(reduceChat, emptyChat)
  const [reading, setReading] = useState<'idle' | 'busy' | ApiProblem>('idle')
  /** Text for screen readers, set once it is complete. */
  const [announcement, announce] = useState('')
  const { sendMessage, followTurn, leaveTurn } = useTurns(dispatch, announce)

  /** Shows the conversation that the URL names. */
  async function openFromUrl(): Promise<void> {
    const signal = leaveTurn()
    const id = conversationIdInUrl()
    let transcript: Transcript | undefined
    if (id !== undefined) {
      setReading('busy')
      try {
        transcript = await chatServer.read(id)
      } catch (error) {
        if (!signal.aborted) setReading(toProblem(error))
        return
      }
      if (signal.aborted) return
    }
    setReading('idle')
    dispatch(transcript ? { type: 'opened', transcript } : { type: 'cleared' })
    restoreUnsent(id, transcript)
    const running = transcript?.messages.find(({ status }) => status === 'running')
    if (id !== undefined && running?.reply_to) void followTurn(id, running.reply_to, signal)
  }

  /** Shows a message of this conversation that was sent before a reload and did not reach the server. */
  function restoreUnsent(conversationId: string | undefined, transcript: Transcript | undefined): void {
    const { unsent } = readDraft()
    if (!unsent || unsent.conversationId !== conversationId) return
    if (transcript?.messages.some(({ id }) => id === unsent.id)) return saveDraft({ unsent: undefined })
    dispatch({ type: 'sent', messageId: unsent.id, text: unsent.text })
    dispatch({ type: 'failed', messageId: unsent.id, error: NOT_SENT })
  }

  function retry(messageId: string): void {
    const message = state.messages.find(({ id }) => id === messageId)
    if (message) void sendMessage(messageId, message.content, state.conversation?.id)
  }

  const onNavigate = useEffectEvent(() => void openFromUrl())
  const onOnline = useEffectEvent(() => {
    const last = state.messages.at(-1)
    if (last?.error?.code === 'network' && last.reply_to) retry(last.reply_to)
    else if (typeof reading === 'object') void openFromUrl()
  })
  useEffect(() => {
    const [navigated, online] = [() => onNavigate(), () => onOnline()]
    navigated()
    addEventListener('popstate', navigated)
    addEventListener('online', online)
    return () => {
      removeEventListener('popstate', navigated)
      removeEventListener('online', online)
    }
  }, [])

  return {
    ...state,
    running: runningTurn(state),
    reading,
    announcement,
    retry,
    send: (text: string): void => void sendMessage(uuidv7(), text, state.conversation?.id),
    /** Stops the stream. The server finishes the turn, and its tool calls are shown when it has. */
    stop(messageId: string): void {
      const signal = leaveTurn()
      dispatch({ type: 'stopped', messageId })
      announce('Stopped.')
      // A new conversation has the id of its first message.
      void followTurn(state.conversation?.id ?? messageId, messageId, signal)
    },
    /** Opens a conversation, or a new one without an id. */
    open(id: string | undefined): void {
      history.pushState(null, '', conversationUrl(id))
      void openFromUrl()
    },
    openFromUrl,
    async readEarlier(): Promise<void> {
      const { conversation, before } = state
      if (!conversation || before === null) return
      const transcript = await chatServer.read(conversation.id, before).catch(() => undefined)
      if (transcript) dispatch({ type: 'earlier loaded', transcript })
    },
    applyRename: (id: string, title: string): void => dispatch({ type: 'renamed', id, title }),
    applyAnswer(call: ToolCall): void {
      dispatch({ type: 'call updated', call })
      announce(describeCall(call).words)
      if (changesTaskList(call)) notifyTaskList()
    },
    applyUndo(call: ToolCall): void {
      dispatch({ type: 'call updated', call })
      announce(`Undone: ${describeCall(call).words}`)
      notifyTaskList()
    },
  }
}
