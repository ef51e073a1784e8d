import * as z from 'zod'
import { ChatMessage, ConversationTitle } from './chat.ts'
import { uuidOf } from './id.ts'
import { CHATKIT_PAGE, MESSAGES_PAGE } from './limits.ts'

/** Characters of a quoted text. */
const QUOTE_MAX_CHARS = 300

const thread_id = uuidOf('`thread_id`')
const item_id = uuidOf('`item_id`')

const notSupported = (what: string) => z.null(`${what} cannot be chosen here.`).optional()

/** A user's message; its parts and its quoted text become one text. */
const UserInput = z
  .object({
    content: z.array(
      z.object({
        type: z.enum(['input_text', 'input_tag'], 'A part of `content` is input_text or input_tag.'),
        text: z.string('A part of `content` has a `text`.'),
      }),
      '`content` is a list of parts.',
    ),
    attachments: z.array(z.unknown()).max(0, 'Files cannot be attached here.').default([]),
    quoted_text: z.string().nullish(),
    inference_options: z
      .object({ tool_choice: notSupported('A tool'), model: notSupported('The model') })
      .nullish(),
  })
  .transform(({ content, quoted_text }) => withQuote(content.map(({ text }) => text).join(''), quoted_text))
  .pipe(ChatMessage.shape.message)

/** Appends the quoted text on one line and in quotation marks, so that it is not read as another command. */
function withQuote(text: string, quoted: string | null | undefined): string {
  const line = quoted?.replaceAll(/["“”]/g, '').replaceAll(/\s+/g, ' ').trim()
  if (!line) return text
  const codePoints = Array.from(line)
  const shown =
    codePoints.length > QUOTE_MAX_CHARS ? `${codePoints.slice(0, QUOTE_MAX_CHARS).join('')}…` : line
  return `${text.trim()} (about “${shown}”)`
}

const page = {
  limit: z
    .int('`limit` is a whole number.')
    .positive('`limit` is at least 1.')
    .nullish()
    .transform((limit) => Math.min(limit ?? CHATKIT_PAGE, MESSAGES_PAGE)),
  order: z.enum(['asc', 'desc'], '`order` is asc or desc.').default('desc'),
  after: uuidOf('`after`').nullish(),
}

const call = <Type extends string, Params extends z.ZodRawShape>(type: Type, params: Params) =>
  z.object({ type: z.literal(type), params: z.object(params, '`params` is an object.') })

const CALLS = [
  call('threads.create', { input: UserInput }),
  call('threads.add_user_message', { thread_id, input: UserInput }),
  call('threads.retry_after_item', { thread_id, item_id }),
  call('threads.custom_action', {
    thread_id,
    item_id,
    action: z.object({ type: z.enum(['approve', 'refuse'], 'The actions are approve and refuse.') }),
  }),
  call('threads.get_by_id', { thread_id }),
  call('threads.list', page),
  call('items.list', { thread_id, ...page }),
  call('threads.update', { thread_id, title: ConversationTitle.shape.title }),
  call('threads.delete', { thread_id }),
  call('items.feedback', {
    thread_id,
    item_ids: z.array(z.string()),
    kind: z.enum(['positive', 'negative']),
  }),
] as const

/** A request of ChatKit's protocol for self-hosted backends; unknown fields are ignored. */
export const ChatKitCall = z.discriminatedUnion('type', CALLS, {
  error: `\`type\` is one of ${CALLS.map(({ shape }) => shape.type.value).join(', ')}. Attachments, dictation, forms and tools of the client are left out.`,
})
export type ChatKitCall = z.output<typeof ChatKitCall>

/** The request as our API reference shows it; OpenAI documents the protocol itself. */
export const ChatKitEnvelope = z.object({ type: z.string(), params: z.looseObject({}) }).meta({
  id: 'ChatKitCall',
  description: 'A call of ChatKit’s protocol; OpenAI’s documentation of it says which there are.',
  examples: [{ type: 'threads.list', params: { limit: 20 } }],
})
