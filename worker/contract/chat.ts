import * as z from 'zod'
import { CHAT_MESSAGE_MAX_CHARS, CONVERSATION_TITLE_MAX_CHARS } from './limits.ts'
import { Cursor } from './cursor.ts'
import { uuidOf } from './id.ts'
import { textOf } from './text.ts'
import { Time } from './time.ts'
import { ToolError, Undo } from './tool.ts'

export const ChatMessage = z
  .object({
    message: textOf('The message', { min: 1, max: CHAT_MESSAGE_MAX_CHARS }),
    conversation_id: uuidOf('`conversation_id`')
      .optional()
      .meta({ description: 'Where it belongs; a new conversation when absent.' }),
    message_id: uuidOf('`message_id`').optional().meta({
      description:
        'Your own UUID makes a repeat harmless: one turn, the same answer. After a failure it tries again.',
    }),
  })
  .meta({ id: 'ChatMessage' })
export type ChatMessage = z.output<typeof ChatMessage>

/** One call of a tool by the model. A call with the status `waiting` is an approval: the user has yet to answer it. */
export const ToolCall = z
  .object({
    id: z.uuid(),
    name: z.string(),
    arguments: z.record(z.string(), z.unknown()),
    status: z.enum(['done', 'failed', 'waiting', 'refused']),
    result: z.record(z.string(), z.unknown()).nullable(),
    error: ToolError.nullable(),
    undo: Undo.nullable(),
    undone: z.boolean().meta({ description: 'Whether it was taken back, at its address for that.' }),
  })
  .meta({ id: 'ToolCall', description: 'One use of a tool; `undo`, if any, takes it back.' })
export type ToolCall = z.infer<typeof ToolCall>

/** Why a turn failed: a code for programs and a message for the user. */
export const TurnError = z.object({ code: z.string(), message: z.string() })
export type TurnError = z.infer<typeof TurnError>

export const Message = z
  .object({
    id: z.uuid(),
    role: z.enum(['user', 'assistant']),
    content: z.string(),
    status: z.enum(['done', 'running', 'failed']),
    reply_to: z.uuid().nullable(),
    error: TurnError.nullable(),
    tool_calls: z.array(ToolCall),
    created_at: Time,
  })
  .meta({
    id: 'Message',
    description: 'A message of a conversation. To retry one that failed, send `reply_to` again.',
  })
export type Message = z.infer<typeof Message>

export const ConversationTitle = z
  .object({ title: textOf('The title', { min: 1, max: CONVERSATION_TITLE_MAX_CHARS }) })
  .meta({ id: 'ConversationTitle' })

export const Conversation = z
  .object({ id: z.uuid(), title: z.string(), created_at: Time, updated_at: Time })
  .meta({ id: 'Conversation' })
export type Conversation = z.infer<typeof Conversation>

export const ConversationPage = z
  .object({ conversations: z.array(Conversation), next_cursor: z.string().nullable() })
  .meta({ id: 'ConversationPage' })
export type ConversationPage = z.infer<typeof ConversationPage>

export const ConversationsQuery = z.object({ cursor: Cursor.optional() })

const Position = z.coerce
  .number('Use `before` from an earlier answer.')
  .int('Use `before` from an earlier answer.')
export const TranscriptQuery = z.object({ before: Position.positive().optional() })

export const Transcript = z
  .object({
    conversation: Conversation,
    messages: z.array(Message),
    before: z.int().nullable().meta({ description: 'Send it as `before` for the messages before these.' }),
  })
  .meta({ id: 'Transcript', description: 'The latest messages of a conversation, oldest first.' })
export type Transcript = z.infer<typeof Transcript>

export const ApprovalAnswer = z
  .object({ approve: z.boolean('`approve` must be true or false.') })
  .meta({ id: 'ApprovalAnswer' })

/** The result of a turn: the JSON response, and the last event of a stream. */
export const ChatAnswer = z
  .object({
    conversation_id: z.uuid(),
    message_id: z.uuid().meta({ description: 'Of the message that was answered.' }),
    reply_id: z.uuid(),
    response: z.string(),
    tool_calls: z.array(ToolCall),
  })
  .meta({ id: 'ChatAnswer' })
export type ChatAnswer = z.infer<typeof ChatAnswer>

/** An event of a turn that is streamed as text/event-stream; `data` is sent as JSON. */
export type ChatEvent =
  | { event: 'start'; data: { conversation_id: string; message_id: string; reply_id: string; title: string } }
  | { event: 'text'; data: { delta: string } }
  | { event: 'tool_call'; data: Pick<ToolCall, 'id' | 'name' | 'arguments'> }
  | { event: 'tool_result'; data: ToolCall }
  | { event: 'approval'; data: ToolCall }
  | { event: 'done'; data: ChatAnswer }
  | { event: 'error'; data: TurnError }
