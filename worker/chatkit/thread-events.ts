import type { Turn } from '../chat/conversations/turns.ts'
import type { ChatEvent, ToolCall } from '../contract/chat.ts'
import {
  escaped,
  isQuestion,
  itemsOf,
  questionItem,
  textPart,
  threadOf,
  type Item,
  type ThreadEvent,
} from './shapes.ts'

/** What a person reads while a tool is at work. */
const AT_WORK: Record<string, string> = {
  add_task: 'Adding a task…',
  list_tasks: 'Reading your tasks…',
  complete_task: 'Ticking off a task…',
  update_task: 'Changing a task…',
  delete_task: 'Looking for the task…',
}

/** How a turn came to be: a conversation begins with it, a message is added, or one is answered anew. */
export type Began = 'created' | 'added' | 'again'

/**
 * A turn as ChatKit is told of it, in the order of OpenAI's own server. The answer is told of under the id that it is
 * stored with.
 */
export async function* threadEvents(
  turn: Turn,
  events: AsyncIterable<ChatEvent>,
  began: Began,
): AsyncGenerator<ThreadEvent> {
  const { conversation, message, reply } = turn
  const { title: _, ...untitled } = conversation
  if (began === 'created') yield { type: 'thread.created', thread: threadOf(untitled) }
  if (began !== 'again')
    for (const item of itemsOf(conversation.id, message)) yield { type: 'thread.item.done', item }
  // To stop listening is not to stop: a turn is taken to its end.
  yield { type: 'stream_options', stream_options: { allow_cancel: false } }
  if (began === 'created') yield { type: 'thread.updated', thread: threadOf(conversation) }

  const base = { id: reply.id, thread_id: conversation.id, created_at: reply.created_at }
  const calls = new Map(reply.tool_calls.map((call) => [call.id, call]))
  let isOpen = false
  for await (const event of events) {
    if (event.event === 'tool_call')
      yield { type: 'progress_update', icon: 'bolt', text: AT_WORK[event.data.name] ?? 'Working…' }
    if (event.event === 'tool_result' || event.event === 'approval') calls.set(event.data.id, event.data)
    if (event.event === 'text') {
      if (!isOpen) yield* opening(base)
      isOpen = true
      yield update(reply.id, {
        type: 'assistant_message.content_part.text_delta',
        content_index: 0,
        delta: escaped(event.data.delta),
      })
    }
    if (event.event === 'done') {
      if (!isOpen) yield* opening(base)
      const content = textPart(event.data.response)
      yield update(reply.id, { type: 'assistant_message.content_part.done', content_index: 0, content })
      yield { type: 'thread.item.done', item: { ...base, type: 'assistant_message', content: [content] } }
      yield* outcome(base, [...calls.values()])
    }
    if (event.event === 'error') {
      if (isOpen) yield { type: 'thread.item.removed', item_id: reply.id }
      yield* outcome(base, [...calls.values()])
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

function* opening(base: Base): Generator<ThreadEvent> {
  yield { type: 'thread.item.added', item: { ...base, type: 'assistant_message', content: [] } }
  yield update(base.id, {
    type: 'assistant_message.content_part.added',
    content_index: 0,
    content: textPart(''),
  })
}

/** What the tools leave behind: questions to the person, and a list that is not what it was. */
function* outcome(base: Base, calls: ToolCall[]): Generator<ThreadEvent> {
  for (const call of calls.filter(isQuestion))
    yield { type: 'thread.item.done', item: questionItem(base, call) }
  if (calls.some(hasWritten)) yield TASKS_CHANGED
}

const hasWritten = ({ name, status }: ToolCall): boolean => status === 'done' && name !== 'list_tasks'

export const TASKS_CHANGED: ThreadEvent = { type: 'client_effect', name: 'tasks_changed', data: {} }
