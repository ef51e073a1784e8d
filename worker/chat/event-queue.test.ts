import { expect, test } from 'vitest'
import { createEventQueue } from './event-queue.ts'

async function collect(events: AsyncIterable<string>): Promise<string[]> {
  const collected: string[] = []
  for await (const event of events) collected.push(event)
  return collected
}

test('CHAT-11 events wait in order for a consumer that starts late', async () => {
  const { events, emit, close } = createEventQueue<string>()
  emit('start')
  emit('text')
  close()
  expect(await collect(events)).toEqual(['start', 'text'])
})

test('CHAT-11 a consumer that waits gets each event as it is emitted', async () => {
  const { events, emit, close } = createEventQueue<string>()
  const iterator = events[Symbol.asyncIterator]()
  const first = iterator.next()
  emit('start')
  expect(await first).toEqual({ value: 'start', done: false })
  const end = iterator.next()
  close()
  expect(await end).toEqual({ value: undefined, done: true })
})

test('CHAT-15 events can be emitted when the consumer has left', async () => {
  const { events, emit, close } = createEventQueue<string>()
  emit('start')
  for await (const event of events) {
    expect(event).toBe('start')
    break
  }
  emit('text')
  close()
  expect(await collect(events)).toEqual([])
})
