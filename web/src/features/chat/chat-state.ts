import type { ChatEvent, Message, ToolCall, Transcript, TurnError } from '#contract/chat.ts'

/** A tool call as the page shows it: `running` until its result arrives. */
export type ShownCall = ToolCall | (Pick<ToolCall, 'id' | 'name' | 'arguments'> & { status: 'running' })

/** A message as the page shows it: `stopped` when the user did not wait for the rest of the reply. */
export type ShownMessage = Omit<Message, 'tool_calls' | 'created_at' | 'status'> & {
  status: Message['status'] | 'stopped'
  tool_calls: ShownCall[]
}

export interface ChatState {
  conversation: { id: string; title: string } | undefined
  messages: readonly ShownMessage[]
  /** Cursor of the messages before these; null when there are none. */
  before: number | null
}

/** A change of the conversation on the page. `messageId` is the user's message, by which its turn is known. */
export type ChatAction =
  | { type: 'cleared' }
  | { type: 'opened'; transcript: Transcript }
  | { type: 'earlier loaded'; transcript: Transcript }
  | { type: 'renamed'; id: string; title: string }
  | { type: 'sent'; messageId: string; text: string }
  | { type: 'received'; messageId: string; events: readonly ChatEvent[] }
  | { type: 'failed'; messageId: string; error: TurnError }
  | { type: 'stopped'; messageId: string }
  | { type: 'reply loaded'; messageId: string; reply: Message }
  | { type: 'call updated'; call: ToolCall }

export const emptyChat: ChatState = { conversation: undefined, messages: [], before: null }

/** Returns the next state; `state` itself is not changed. */
export function reduceChat(state: ChatState, action: ChatAction): ChatState {
  switch (action.type) {
    case 'cleared':
      return emptyChat
    case 'opened': {
      const { conversation, messages, before } = action.transcript
      return { conversation, messages, before }
    }
    case 'earlier loaded': {
      const { messages, before } = action.transcript
      return { ...state, messages: [...messages, ...state.messages], before }
    }
    case 'renamed':
      return state.conversation?.id === action.id
        ? { ...state, conversation: { id: action.id, title: action.title } }
        : state
    case 'sent':
      return startTurn(state, action.messageId, action.text)
    case 'received':
      return action.events.reduce((next, event) => applyEvent(next, action.messageId, event), state)
    case 'failed':
      return updateReply(state, action.messageId, (reply) => toFailed(reply, action.error))
    case 'stopped':
      return updateReply(state, action.messageId, (reply) => ({
        ...reply,
        status: 'stopped',
        tool_calls: withoutRunning(reply.tool_calls),
      }))
    case 'reply loaded':
      return updateReply(state, action.messageId, (reply) =>
        // A stopped reply keeps the text the user had read, and gains the calls that were made since.
        reply.status === 'stopped'
          ? { ...reply, tool_calls: action.reply.tool_calls }
          : { ...action.reply, reply_to: action.messageId },
      )
    case 'call updated':
      return {
        ...state,
        messages: state.messages.map((message) =>
          message.tool_calls.some(({ id }) => id === action.call.id)
            ? { ...message, tool_calls: upsertCall(message.tool_calls, action.call) }
            : message,
        ),
      }
  }
}

/** Adds the user's message and an empty reply, or restarts the reply of an earlier attempt, which keeps its calls. */
function startTurn(state: ChatState, messageId: string, text: string): ChatState {
  const restarted = updateReply(state, messageId, (reply) => ({
    ...reply,
    status: 'running',
    content: '',
    error: null,
  }))
  if (restarted.messages.some(({ reply_to }) => reply_to === messageId)) return restarted
  const blank = { status: 'done' as const, error: null, tool_calls: [] }
  const others = state.messages.filter(({ id }) => id !== messageId)
  return {
    ...state,
    messages: [
      ...others,
      { ...blank, id: messageId, role: 'user', content: text, reply_to: null },
      {
        ...blank,
        id: `reply-${messageId}`,
        role: 'assistant',
        content: '',
        reply_to: messageId,
        status: 'running',
      },
    ],
  }
}

function applyEvent(state: ChatState, messageId: string, { event, data }: ChatEvent): ChatState {
  const update = (change: (reply: ShownMessage) => ShownMessage) => updateReply(state, messageId, change)
  switch (event) {
    case 'start':
      return { ...state, conversation: { id: data.conversation_id, title: data.title } }
    case 'text':
      return update((reply) => ({ ...reply, content: reply.content + data.delta }))
    case 'tool_call':
      return update((reply) => ({
        ...reply,
        tool_calls: upsertCall(reply.tool_calls, { ...data, status: 'running' }),
      }))
    case 'tool_result':
    case 'approval':
      return update((reply) => ({ ...reply, tool_calls: upsertCall(reply.tool_calls, data) }))
    case 'done':
      return update((reply) => ({
        ...reply,
        status: 'done',
        content: data.response,
        tool_calls: data.tool_calls,
      }))
    case 'error':
      return update((reply) => toFailed(reply, data))
  }
}

const updateReply = (
  state: ChatState,
  messageId: string,
  change: (reply: ShownMessage) => ShownMessage,
): ChatState => ({
  ...state,
  messages: state.messages.map((message) => (message.reply_to === messageId ? change(message) : message)),
})

const toFailed = (reply: ShownMessage, error: TurnError): ShownMessage => ({
  ...reply,
  status: 'failed',
  error,
  tool_calls: withoutRunning(reply.tool_calls),
})

const withoutRunning = (calls: readonly ShownCall[]): ShownCall[] =>
  calls.filter(({ status }) => status !== 'running')

const upsertCall = (calls: readonly ShownCall[], call: ShownCall): ShownCall[] =>
  calls.some(({ id }) => id === call.id)
    ? calls.map((known) => (known.id === call.id ? call : known))
    : [...calls, call]

/** Returns the id of the user's message whose turn is running, if any. */
export const runningTurn = ({ messages }: ChatState): string | undefined =>
  messages.find(({ status }) => status === 'running')?.reply_to ?? undefined
