import { isApproval } from '../chat/conversations/approvals.ts'
import { isDoneWrite, type Turn } from '../chat/conversations/turns.ts'
import type { ChatEvent, ToolCall } from '../contract/chat.ts'
import type { ToolName } from '../contract/tool.ts'
import {
  approvalItem,
  escapeMarkdown,
  toItems,
  toTextPart,
  toThread,
  type Item,
  type ThreadEvent,
} from './shapes.ts'

/** Texts for the user while a tool is running. */
const PROGRESS_TEXTS = {
  add_task: 'Adding a task…',
  list_tasks: 'Reading your tasks…',
  complete_task: 'Ticking off a task…',
  update_task: 'Changing a task…',
  delete_task: 'Looking for the task…',
} satisfies Record<ToolName, string>

const progressTexts = new Map<string, string>(Object.entries(PROGRESS_TEXTS))

/** What began a turn: a new thread, a new message in a thread, or a retry of a message. */
export type TurnOrigin = 'created' | 'added' | 'regenerated'

/**
 * Converts the events of a turn to those of ChatKit, in the order of OpenAI's own server. The reply streams under the id
 * it is stored with.
 */
export async function* threadEvents(
  turn: Turn,
  events: AsyncIterable<ChatEvent>,
  origin: TurnOrigin,
): AsyncGenerator<ThreadEvent> {
  const { conversation, message, reply } = turn
  const { title: _, ...untitled } = conversation
  if (origin === 'created') yield { type: 'thread.created', thread: toThread(untitled) }
  if (origin !== 'regenerated')
    for (const item of toItems(conversation.id, message)) yield { type: 'thread.item.done', item }
  // A turn cannot be cancelled: it runs to its end when the client stops reading.
  yield { type: 'stream_options', stream_options: { allow_cancel: false } }
  if (origin === 'created') yield { type: 'thread.updated', thread: toThread(conversation) }

  const base = { id: reply.id, thread_id: conversation.id, created_at: reply.created_at }
  const calls = new Map(reply.tool_calls.map((call) => [call.id, call]))
  let isOpen = false
  for await (const event of events) {
    if (event.event === 'tool_call')
      yield { type: 'progress_update', icon: 'bolt', text: progressTexts.get(event.data.name) ?? 'Working…' }
    if (event.event === 'tool_result' || event.event === 'approval') calls.set(event.data.id, event.data)
    if (event.event === 'text') {
      if (!isOpen) yield* openMessage(base)
      isOpen = true
      yield update(reply.id, {
        type: 'assistant_message.content_part.text_delta',
        content_index: 0,
        delta: escapeMarkdown(event.data.delta),
      })
    }
    if (event.event === 'done') {
      if (!isOpen) yield* openMessage(base)
      const content = toTextPart(event.data.response)
      yield update(reply.id, { type: 'assistant_message.content_part.done', content_index: 0, content })
      yield { type: 'thread.item.done', item: { ...base, type: 'assistant_message', content: [content] } }
      yield* toolCallEvents(base, [...calls.values()])
    }
    if (event.event === 'error') {
      if (isOpen) yield { type: 'thread.item.removed', item_id: reply.id }
      yield* toolCallEvents(base, [...calls.values()])
      yield { type: 'error', code: 'custom', message: event.data.message, allow_retry: true }
    }
  }
}

type Base = Pick<Item, 'id' | 'thread_id' | 'created_at'>
type Update = Extract<ThreadEvent, { type: 'thread.item.updated' }>['update']

const update = (item_id: string, change: Update): ThreadEvent => ({
  type: 'thread.item.updated',
  item_id,
  update: change,
})

function* openMessage(base: Base): Generator<ThreadEvent> {
  yield { type: 'thread.item.added', item: { ...base, type: 'assistant_message', content: [] } }
  yield update(base.id, {
    type: 'assistant_message.content_part.added',
    content_index: 0,
    content: toTextPart(''),
  })
}

/** Yields an item for each approval, and `tasks_changed` if a tool call has changed tasks. */
function* toolCallEvents(base: Base, calls: ToolCall[]): Generator<ThreadEvent> {
  for (const call of calls.filter(isApproval))
    yield { type: 'thread.item.done', item: approvalItem(base, call) }
  if (calls.some(isDoneWrite)) yield TASKS_CHANGED
}

export const TASKS_CHANGED: ThreadEvent = { type: 'client_effect', name: 'tasks_changed', data: {} }
