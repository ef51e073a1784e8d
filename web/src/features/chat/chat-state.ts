import type { ChatEvent, Message, ToolCall, Transcript, TurnError } from '#contract/chat.ts'

/** A use of a tool as the page shows it: under way until its result comes. */
export type ShownCall = ToolCall | (Pick<ToolCall, 'id' | 'name' | 'arguments'> & { status: 'running' })

/** A message as the page shows it; `stopped` when the person did not wait for the rest of it. */
export type ShownMessage = Omit<Message, 'tool_calls' | 'created_at' | 'status'> & {
  status: Message['status'] | 'stopped'
  tool_calls: ShownCall[]
}

export interface ChatState {
  conversation: { id: string; title: string } | undefined
  messages: readonly ShownMessage[]
  /** Place of what was said before these messages; null when nothing was. */
  before: number | null
}

/** What changes the conversation on the page. `messageId` is of the person's message whose turn it is. */
export type ChatAction =
  | { type: 'new' }
  | { type: 'opened'; transcript: Transcript }
  | { type: 'earlier'; transcript: Transcript }
  | { type: 'renamed'; id: string; title: string }
  | { type: 'sent'; messageId: string; text: string }
  | { type: 'told'; messageId: string; events: readonly ChatEvent[] }
  | { type: 'failed'; messageId: string; error: TurnError }
  | { type: 'stopped'; messageId: string }
  | { type: 'caught up'; messageId: string; reply: Message }
  | { type: 'answered'; call: ToolCall }

export const emptyChat: ChatState = { conversation: undefined, messages: [], before: null }

/** The conversation after something has happened to it. Nothing is changed in place. */
export function reduceChat(state: ChatState, action: ChatAction): ChatState {
  switch (action.type) {
    case 'new':
      return emptyChat
    case 'opened': {
      const { conversation, messages, before } = action.transcript
      return { conversation, messages, before }
    }
    case 'earlier': {
      const { messages, before } = action.transcript
      return { ...state, messages: [...messages, ...state.messages], before }
    }
    case 'renamed':
      return state.conversation?.id === action.id
        ? { ...state, conversation: { id: action.id, title: action.title } }
        : state
    case 'sent':
      return withTurn(state, action.messageId, action.text)
    case 'told':
      return action.events.reduce((now, event) => told(now, action.messageId, event), state)
    case 'failed':
      return onReply(state, action.messageId, (reply) => failed(reply, action.error))
    case 'stopped':
      return onReply(state, action.messageId, (reply) => ({
        ...reply,
        status: 'stopped',
        tool_calls: settled(reply.tool_calls),
      }))
    case 'caught up':
      return onReply(state, action.messageId, (reply) =>
        // What was stopped stays as it was read, but what was done is told.
        reply.status === 'stopped'
          ? { ...reply, tool_calls: action.reply.tool_calls }
          : { ...action.reply, reply_to: action.messageId },
      )
    case 'answered':
      return {
        ...state,
        messages: state.messages.map((message) =>
          message.tool_calls.some(({ id }) => id === action.call.id)
            ? { ...message, tool_calls: withCall(message.tool_calls, action.call) }
            : message,
        ),
      }
  }
}

/** The person's message and its reply to come; another attempt keeps what the earlier one did. */
function withTurn(state: ChatState, messageId: string, text: string): ChatState {
  const again = onReply(state, messageId, (reply) => ({
    ...reply,
    status: 'running',
    content: '',
    error: null,
  }))
  if (again.messages.some(({ reply_to }) => reply_to === messageId)) return again
  const blank = { status: 'done' as const, error: null, tool_calls: [] }
  const said = state.messages.filter(({ id }) => id !== messageId)
  return {
    ...state,
    messages: [
      ...said,
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

function told(state: ChatState, messageId: string, { event, data }: ChatEvent): ChatState {
  const change = (step: (reply: ShownMessage) => ShownMessage) => onReply(state, messageId, step)
  switch (event) {
    case 'start':
      return { ...state, conversation: { id: data.conversation_id, title: data.title } }
    case 'text':
      return change((reply) => ({ ...reply, content: reply.content + data.delta }))
    case 'tool_call':
      return change((reply) => ({
        ...reply,
        tool_calls: withCall(reply.tool_calls, { ...data, status: 'running' }),
      }))
    case 'tool_result':
    case 'approval':
      return change((reply) => ({ ...reply, tool_calls: withCall(reply.tool_calls, data) }))
    case 'done':
      return change((reply) => ({
        ...reply,
        status: 'done',
        content: data.response,
        tool_calls: data.tool_calls,
      }))
    case 'error':
      return change((reply) => failed(reply, data))
  }
}

const onReply = (
  state: ChatState,
  messageId: string,
  step: (reply: ShownMessage) => ShownMessage,
): ChatState => ({
  ...state,
  messages: state.messages.map((message) => (message.reply_to === messageId ? step(message) : message)),
})

const failed = (reply: ShownMessage, error: TurnError): ShownMessage => ({
  ...reply,
  status: 'failed',
  error,
  tool_calls: settled(reply.tool_calls),
})

/** Without what never came to a result here. */
const settled = (calls: readonly ShownCall[]): ShownCall[] =>
  calls.filter(({ status }) => status !== 'running')

const withCall = (calls: readonly ShownCall[], call: ShownCall): ShownCall[] =>
  calls.some(({ id }) => id === call.id)
    ? calls.map((one) => (one.id === call.id ? call : one))
    : [...calls, call]

/** The turn that is under way, by the person's message. */
export const runningTurn = ({ messages }: ChatState): string | undefined =>
  messages.find(({ status }) => status === 'running')?.reply_to ?? undefined
