import { useEffect, useEffectEvent, useReducer, useRef, useState } from 'react'
import type { ChatEvent, ToolCall, Transcript, TurnError } from '#contract/chat.ts'
import { ApiProblem, networkProblem } from '../../lib/problem.ts'
import { uuidv7 } from '../../lib/uuid.ts'
import { notifyTaskList } from './panel.ts'
import { changesTaskList, describeCall } from './call-words.ts'
import { chatServer } from './chat-server.ts'
import { emptyChat, reduceChat, runningTurn } from './chat-state.ts'
import { saveDraft, readDraft } from './draft.ts'
import { batchPerFrame } from './per-frame.ts'
import { conversationIdInUrl, conversationUrl } from './conversation-url.ts'

/** Milliseconds between two looks at a turn that another request takes, and for how long they go on. */
const LOOK_EVERY_MS = 1_500
const LOOK_FOR_MS = 45_000

const CUT_OFF: TurnError = {
  code: 'interrupted',
  message: 'The answer was cut off. Try again: what was done already is not done twice.',
}
const NOT_SENT: TurnError = { code: 'network', message: 'This was not sent.' }

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const problemFrom = (error: unknown) => (error instanceof ApiProblem ? error : networkProblem(error))

export type Chat = ReturnType<typeof useChat>

/** One conversation on the page, and what can be done in it. None of its functions rejects. */
export function useChat() {
  const [state, dispatch] = useReducer(reduceChat, emptyChat)
  const [reading, setReading] = useState<'idle' | 'busy' | ApiProblem>('idle')
  /** What a screen reader is told, once it is whole. */
  const [said, setSaid] = useState('')
  const listening = useRef<AbortController>(undefined)

  /** Goes from the conversation on the page: the server ends its turn by itself. */
  function leave(): AbortController {
    listening.current?.abort()
    return (listening.current = new AbortController())
  }

  async function take(messageId: string, text: string, conversationId: string | undefined) {
    const here = leave()
    const { signal } = here
    dispatch({ type: 'sent', messageId, text })
    saveDraft({ unsent: { id: messageId, text, conversationId } })
    const frames = batchPerFrame<ChatEvent>((events) => {
      if (!signal.aborted) dispatch({ type: 'told', messageId, events })
    })
    const message = {
      message: text,
      message_id: messageId,
      ...(conversationId && { conversation_id: conversationId }),
    }
    for (const until = Date.now() + LOOK_FOR_MS; ;) {
      try {
        let last: ChatEvent | undefined
        for await (const event of chatServer.send(message, signal)) {
          if (signal.aborted) return
          heed(event)
          frames.push(event)
          last = event
        }
        frames.flush()
        if (last?.event !== 'done' && last?.event !== 'error') throw new Error('The stream was cut off.')
        return
      } catch (error) {
        frames.flush()
        if (signal.aborted) return
        const { code, detail, retry_after } =
          error instanceof ApiProblem ? error : { code: CUT_OFF.code, detail: CUT_OFF.message }
        // A turn that was stopped here still goes on there: its conversation is free in a moment.
        if (code === 'conflict' && retry_after !== undefined && Date.now() < until) {
          await pause(retry_after * 1_000)
          if (signal.aborted) return
          continue
        }
        dispatch({ type: 'failed', messageId, error: { code, message: detail } })
        setSaid(detail)
        return
      }
    }
  }

  function heed({ event, data }: ChatEvent): void {
    if (event === 'start') {
      saveDraft({ unsent: undefined })
      history.replaceState(null, '', conversationUrl(data.conversation_id))
    } else if (event === 'tool_result' && changesTaskList(data)) notifyTaskList()
    else if (event === 'error') setSaid(data.message)
    else if (event === 'done')
      setSaid([...data.tool_calls.map((call) => `${describeCall(call).words}.`), data.response].join(' '))
  }

  /** Looks at a turn that is not listened to, until it has ended. */
  async function catchUp(conversationId: string, messageId: string, { signal }: AbortController) {
    for (const until = Date.now() + LOOK_FOR_MS; Date.now() < until;) {
      await pause(LOOK_EVERY_MS)
      if (signal.aborted) return
      const transcript = await chatServer.read(conversationId).catch(() => undefined)
      const reply = transcript?.messages.find(({ reply_to }) => reply_to === messageId)
      if (signal.aborted) return
      if (!reply || reply.status === 'running') continue
      dispatch({ type: 'caught up', messageId, reply })
      notifyTaskList()
      setSaid(reply.error?.message ?? reply.content)
      return
    }
    dispatch({ type: 'failed', messageId, error: CUT_OFF })
  }

  /** Shows the conversation that the address names. */
  async function openHere(): Promise<void> {
    const here = leave()
    const id = conversationIdInUrl()
    let transcript: Transcript | undefined
    if (id !== undefined) {
      setReading('busy')
      try {
        transcript = await chatServer.read(id)
      } catch (error) {
        if (!here.signal.aborted) setReading(problemFrom(error))
        return
      }
      if (here.signal.aborted) return
    }
    setReading('idle')
    dispatch(transcript ? { type: 'opened', transcript } : { type: 'new' })
    const { unsent } = readDraft()
    if (unsent && unsent.conversationId === id) {
      if (transcript?.messages.some((message) => message.id === unsent.id)) saveDraft({ unsent: undefined })
      else {
        dispatch({ type: 'sent', messageId: unsent.id, text: unsent.text })
        dispatch({ type: 'failed', messageId: unsent.id, error: NOT_SENT })
      }
    }
    const going = transcript?.messages.find(({ status }) => status === 'running')
    if (id !== undefined && going?.reply_to) void catchUp(id, going.reply_to, here)
  }

  function retry(messageId: string): void {
    const message = state.messages.find(({ id }) => id === messageId)
    if (message) void take(messageId, message.content, state.conversation?.id)
  }

  const opened = useEffectEvent(() => void openHere())
  const online = useEffectEvent(() => {
    const last = state.messages.at(-1)
    if (last?.error?.code === 'network' && last.reply_to) retry(last.reply_to)
    else if (typeof reading === 'object') void openHere()
  })
  useEffect(() => {
    const [open, again] = [() => opened(), () => online()]
    open()
    addEventListener('popstate', open)
    addEventListener('online', again)
    return () => {
      removeEventListener('popstate', open)
      removeEventListener('online', again)
    }
  }, [])

  return {
    ...state,
    running: runningTurn(state),
    reading,
    said,
    retry,
    send: (text: string): void => void take(uuidv7(), text, state.conversation?.id),
    /** Stops listening; what was begun is ended there, and told of here when it is. */
    stop(messageId: string): void {
      const here = leave()
      dispatch({ type: 'stopped', messageId })
      setSaid('Stopped.')
      // A new conversation goes by the id of its first message.
      void catchUp(state.conversation?.id ?? messageId, messageId, here)
    },
    /** Opens a conversation, or a new one. */
    open(id: string | undefined): void {
      history.pushState(null, '', conversationUrl(id))
      void openHere()
    },
    openHere,
    async readEarlier(): Promise<void> {
      const { conversation, before } = state
      if (!conversation || before === null) return
      const transcript = await chatServer.read(conversation.id, before).catch(() => undefined)
      if (transcript) dispatch({ type: 'earlier', transcript })
    },
    renamed: (id: string, title: string): void => dispatch({ type: 'renamed', id, title }),
    answered(call: ToolCall): void {
      dispatch({ type: 'answered', call })
      setSaid(describeCall(call).words)
      if (changesTaskList(call)) notifyTaskList()
    },
    undone(call: ToolCall): void {
      dispatch({ type: 'answered', call })
      setSaid(`Undone: ${describeCall(call).words}`)
      notifyTaskList()
    },
  }
}
