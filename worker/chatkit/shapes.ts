import type { Widgets } from '@openai/chatkit'
import type { Conversation, Message, ToolCall } from '../contract/chat.ts'
import { ToolTask } from '../contract/tool.ts'

/** What ChatKit calls a thread is a conversation here; its items are messages, and questions whether to delete. */
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

/** What the stream of a turn is made of. */
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

type Place = Pick<Conversation, 'id' | 'created_at'> & { title?: string }

export const threadOf = (
  { id, title, created_at }: Place,
  items: Page<Item> = { data: [], has_more: false },
): Thread => ({
  id,
  ...(title !== undefined && { title }),
  created_at,
  status: { type: 'active' },
  metadata: {},
  items,
})

/** A message as items: itself, and what the assistant asked in it. An answer under way is none yet. */
export function itemsOf(threadId: string, message: Message): Item[] {
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
    { ...base, type: 'assistant_message', content: [textPart(text)] },
    ...tool_calls.filter(isQuestion).map((asked) => questionItem(base, asked)),
  ]
}

/** Whether the person was, or is still, asked about it. */
export const isQuestion = ({ name, result }: ToolCall): boolean =>
  name === 'delete_task' && result?.['task'] !== undefined

/** A question under the id of the tool call that it is about, with buttons while it waits. */
export function questionItem(base: Omit<ItemBase, 'id'>, { id, status, result, error }: ToolCall): Item {
  const { title } = ToolTask.parse(result?.['task'])
  const say = {
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
      children: [{ type: 'Text', value: say }],
      ...(status === 'waiting' && buttons),
    },
  }
}

/**
 * Words of the assistant for ChatKit, which shows Markdown: with its brackets escaped, so that a title cannot become a
 * picture or a link, which would tell its server what was read. Sign by sign, so that parts can be escaped by themselves.
 */
export const escaped = (text: string): string => text.replaceAll(/[\\[<]/g, String.raw`\$&`)

export const textPart = (text: string): TextPart => ({
  type: 'output_text',
  text: escaped(text),
  annotations: [],
})
