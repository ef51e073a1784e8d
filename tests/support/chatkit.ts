import * as z from 'zod'
import { expect } from 'vitest'
import { postJson, type TestUser } from './people.ts'
import type { TestWorker } from './worker.ts'

// The shapes of openai/chatkit-python 1.6 (chatkit/types.py), as far as we use them. They are strict, so that an unknown
// field fails a test. Its server omits fields that are null.

const Time = z.iso.datetime()
const base = { id: z.string(), thread_id: z.string(), created_at: Time }

const OutputText = z.strictObject({
  type: z.literal('output_text'),
  text: z.string(),
  annotations: z.array(z.never()),
})

const CardAction = z.strictObject({ label: z.string(), action: z.strictObject({ type: z.string() }) })

const Item = z.discriminatedUnion('type', [
  z.strictObject({
    ...base,
    type: z.literal('user_message'),
    content: z.array(z.strictObject({ type: z.literal('input_text'), text: z.string() })),
    attachments: z.array(z.never()),
    inference_options: z.strictObject({}),
  }),
  z.strictObject({ ...base, type: z.literal('assistant_message'), content: z.array(OutputText) }),
  z.strictObject({
    ...base,
    type: z.literal('widget'),
    widget: z.strictObject({
      type: z.literal('Card'),
      size: z.enum(['sm', 'md', 'lg', 'full']),
      children: z.array(z.strictObject({ type: z.literal('Text'), value: z.string() })),
      confirm: CardAction.optional(),
      cancel: CardAction.optional(),
    }),
  }),
])
export type Item = z.output<typeof Item>

const pageOf = <S extends z.ZodType>(entry: S) =>
  z.strictObject({ data: z.array(entry), has_more: z.boolean(), after: z.string().optional() })

export const ItemPage = pageOf(Item)
export const Thread = z.strictObject({
  id: z.string(),
  title: z.string().optional(),
  created_at: Time,
  status: z.strictObject({ type: z.literal('active') }),
  metadata: z.strictObject({}),
  items: ItemPage,
})
export const ThreadPage = pageOf(Thread)

const part = { content_index: z.literal(0) }
const Update = z.discriminatedUnion('type', [
  z.strictObject({
    ...part,
    type: z.enum(['assistant_message.content_part.added', 'assistant_message.content_part.done']),
    content: OutputText,
  }),
  z.strictObject({
    ...part,
    type: z.literal('assistant_message.content_part.text_delta'),
    delta: z.string().min(1),
  }),
])

export const ThreadEvent = z.discriminatedUnion('type', [
  z.strictObject({ type: z.enum(['thread.created', 'thread.updated']), thread: Thread }),
  z.strictObject({
    type: z.enum(['thread.item.added', 'thread.item.done', 'thread.item.replaced']),
    item: Item,
  }),
  z.strictObject({ type: z.literal('thread.item.updated'), item_id: z.string(), update: Update }),
  z.strictObject({ type: z.literal('thread.item.removed'), item_id: z.string() }),
  z.strictObject({
    type: z.literal('stream_options'),
    stream_options: z.strictObject({ allow_cancel: z.boolean() }),
  }),
  z.strictObject({ type: z.literal('progress_update'), icon: z.literal('bolt'), text: z.string() }),
  z.strictObject({ type: z.literal('client_effect'), name: z.string(), data: z.strictObject({}) }),
  z.strictObject({
    type: z.literal('error'),
    code: z.enum(['custom', 'stream.error']),
    message: z.string(),
    allow_retry: z.boolean(),
  }),
])
export type ThreadEvent = z.output<typeof ThreadEvent>

/** The input that ChatKit's composer sends. */
export const input = (text: string) => ({
  content: [{ type: 'input_text', text }],
  attachments: [],
  quoted_text: null,
  inference_options: {},
})

/** Calls ChatKit's endpoint for a user. Every response and every event is checked against the shapes. */
export function chatKitOf(worker: TestWorker, { token }: Pick<TestUser, 'token'>) {
  const send = (type: string, params: object): Promise<Response> =>
    worker.fetch(
      '/api/chatkit',
      postJson({ type, params, metadata: {} }, { Authorization: `Bearer ${token}` }),
    )
  async function ask<S extends z.ZodType>(shape: S, type: string, params: object): Promise<z.output<S>> {
    const response = await send(type, params)
    const text = await response.text()
    expect(`${response.status} ${text}`).toMatch(/^200 /)
    expect(response.headers.get('Content-Type')).toContain('application/json')
    return shape.parse(JSON.parse(text))
  }
  async function listen(type: string, params: object): Promise<ThreadEvent[]> {
    const response = await send(type, params)
    const text = await response.text()
    expect(`${response.status} ${text}`).toMatch(/^200 /)
    expect(response.headers.get('Content-Type')).toContain('text/event-stream')
    return text
      .trim()
      .split('\n\n')
      .map((block) => {
        // Data lines only: no event names and no ids.
        expect(block).toMatch(/^data: \{.*\}$/)
        return ThreadEvent.parse(JSON.parse(block.slice('data: '.length)))
      })
  }
  return {
    send,
    ask,
    listen,
    create: (text: string) => listen('threads.create', { input: input(text) }),
    say: (thread_id: string, text: string) =>
      listen('threads.add_user_message', { thread_id, input: input(text) }),
    items: async (thread_id: string) => (await ask(ItemPage, 'items.list', { thread_id, order: 'asc' })).data,
  }
}

/** Returns the names of events in order, each with its kind of item or update; equal neighbours are merged. */
export function orderOf(events: ThreadEvent[]): string[] {
  const names = events.map((event) => {
    if ('item' in event) return `${event.type} ${event.item.type}`
    if ('update' in event) return `${event.type} ${event.update.type.split('.')[2] ?? ''}`
    return event.type
  })
  return names.filter((name, n) => name !== names[n - 1])
}

/** Returns the finished items of a type. */
export const finished = <Type extends Item['type']>(events: ThreadEvent[], type: Type) =>
  events.flatMap((event) =>
    event.type === 'thread.item.done' && event.item.type === type
      ? [event.item as Extract<Item, { type: Type }>]
      : [],
  )
