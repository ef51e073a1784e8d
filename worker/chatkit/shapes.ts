import type { Widgets } from '@openai/chatkit'
import { isApproval } from '../chat/conversations/approvals.ts'
import type { Conversation, Message, ToolCall } from '../contract/chat.ts'
import { ToolTask } from '../contract/tool.ts'

/** ChatKit's name for a conversation. Its items are messages and approvals. */
export interface Thread {
  id: string
  title?: string
  created_at: string
  status: { type: 'active' }
  metadata: Record<string, never>
  items: Page<Item>
}

export interface Page<Entry> {
  data: Entry[]
  has_more: boolean
  after?: string
}

interface ItemBase {
  id: string
  thread_id: string
  created_at: string
}

export type Item = ItemBase &
  (
    | {
        type: 'user_message'
        content: [{ type: 'input_text'; text: string }]
        attachments: []
        inference_options: Record<string, never>
      }
    | { type: 'assistant_message'; content: TextPart[] }
    | { type: 'widget'; widget: Widgets.Card }
  )

interface TextPart {
  type: 'output_text'
  text: string
  annotations: []
}

/** An event in the stream of a turn. */
export type ThreadEvent =
  | { type: 'thread.created' | 'thread.updated'; thread: Thread }
  | { type: 'thread.item.added' | 'thread.item.done' | 'thread.item.replaced'; item: Item }
  | { type: 'thread.item.updated'; item_id: string; update: TextUpdate }
  | { type: 'thread.item.removed'; item_id: string }
  | { type: 'stream_options'; stream_options: { allow_cancel: boolean } }
  | { type: 'progress_update'; icon: 'bolt'; text: string }
  | { type: 'client_effect'; name: 'tasks_changed'; data: Record<string, never> }
  | { type: 'error'; code: 'custom'; message: string; allow_retry: boolean }

type TextUpdate = { content_index: 0 } & (
  | {
      type: 'assistant_message.content_part.added' | 'assistant_message.content_part.done'
      content: TextPart
    }
  | { type: 'assistant_message.content_part.text_delta'; delta: string }
)

type ThreadSource = Pick<Conversation, 'id' | 'created_at'> & { title?: string }

/** Converts a conversation to a thread, without items unless they are given. */
export const toThread = (
  { id, title, created_at }: ThreadSource,
  items: Page<Item> = { data: [], has_more: false },
): Thread => ({
  id,
  ...(title !== undefined && { title }),
  created_at,
  status: { type: 'active' },
  metadata: {},
  items,
})

/** Converts a page of conversations to a page of threads without items. */
export const toThreadPage = ({ conversations, hasMore }: ConversationList): Page<Thread> =>
  toPage(
    conversations.map((conversation) => toThread(conversation)),
    hasMore ? conversations.at(-1)?.id : undefined,
  )

interface ConversationList {
  conversations: Conversation[]
  hasMore: boolean
}

/** Converts a conversation to a thread with the items of a page of its messages, in the order of that page. */
export function toThreadWithItems(
  { conversation, messages, hasMore }: ConversationMessages,
  order: 'asc' | 'desc',
): Thread {
  const items = messages.flatMap((message) => {
    const own = toItems(conversation.id, message)
    return order === 'desc' ? own.toReversed() : own
  })
  return toThread(conversation, toPage(items, hasMore ? messages.at(-1)?.id : undefined))
}

interface ConversationMessages {
  conversation: Conversation
  messages: Message[]
  hasMore: boolean
}

const toPage = <Entry>(data: Entry[], after: string | undefined): Page<Entry> => ({
  data,
  has_more: after !== undefined,
  ...(after !== undefined && { after }),
})

/** Converts a message to its items: the message and its approvals. A running reply has none yet. */
export function toItems(threadId: string, message: Message): Item[] {
  const { id, role, content, status, error, tool_calls, created_at } = message
  const base = { id, thread_id: threadId, created_at }
  if (role === 'user')
    return [
      {
        ...base,
        type: 'user_message',
        content: [{ type: 'input_text', text: content }],
        attachments: [],
        inference_options: {},
      },
    ]
  if (status === 'running') return []
  const text = [content, error?.message].filter(Boolean).join('\n\n')
  return [
    { ...base, type: 'assistant_message', content: [toTextPart(text)] },
    ...tool_calls.filter(isApproval).map((call) => approvalItem(base, call)),
  ]
}

/** Converts an approval to a card with the id of its tool call, and with buttons while it waits. */
export function approvalItem(base: Omit<ItemBase, 'id'>, { id, status, result, error }: ToolCall): Item {
  const { title } = ToolTask.parse(result?.['task'])
  const text = {
    waiting: `Delete “${title}”?`,
    done: `Deleted “${title}”. It can be restored for 30 days.`,
    refused: `Kept “${title}”.`,
    failed: error?.message ?? '',
  }[status]
  const buttons = {
    confirm: { label: 'Delete', action: { type: 'approve' } },
    cancel: { label: 'Keep', action: { type: 'refuse' } },
  }
  const { thread_id, created_at } = base
  return {
    id,
    thread_id,
    created_at,
    type: 'widget',
    widget: {
      type: 'Card',
      size: 'sm',
      children: [{ type: 'Text', value: text }],
      ...(status === 'waiting' && buttons),
    },
  }
}

/**
 * Escapes brackets in the assistant's text, because ChatKit renders Markdown: a title must not become an image or a link,
 * whose server would learn what was read. Each character is escaped by itself, so that deltas can be escaped one by one.
 */
export const escapeMarkdown = (text: string): string => text.replaceAll(/[\\[<]/g, String.raw`\$&`)

export const toTextPart = (text: string): TextPart => ({
  type: 'output_text',
  text: escapeMarkdown(text),
  annotations: [],
})
