import { get, set, update, type UseStore } from 'idb-keyval'
import type { Device, Kept, Message } from './device.ts'
import { alone, nameFor, storeFor } from './kept.ts'

/** Milliseconds after which a browser that does not answer is taken for one that keeps nothing. */
const ANSWERS_WITHIN_MS = 5_000

function inTime<Value>(answer: Promise<Value>): Promise<Value> {
  const late = new Promise<never>((_, reject) => setTimeout(reject, ANSWERS_WITHIN_MS))
  return Promise.race([answer, late])
}

/** The browser's IndexedDB, locks and channel, under a name of this person's own. */
export function browserDevice(userId: string): Device {
  const name = nameFor(userId)
  const channel = new BroadcastChannel(name)
  /** What is kept when the browser keeps nothing, as some do in private windows. */
  const memory: { [Name in keyof Kept]?: Kept[Name] | undefined } = {}
  let store: UseStore | undefined
  let isDurable = true

  /** The browser's answer; where it has none, this page remembers by itself from then on. */
  async function orElse<Value>(
    durable: (store: UseStore) => Promise<Value>,
    own: () => Value,
  ): Promise<Value> {
    if (isDurable)
      try {
        return await inTime(durable((store ??= storeFor(userId))))
      } catch {
        isDurable = false
      }
    return own()
  }

  return {
    read: (key) =>
      orElse(
        (from) => get(key, from),
        () => memory[key],
      ),
    write: (key, value) =>
      orElse(
        (into) => set(key, value, into),
        () => {
          memory[key] = value
        },
      ),
    change: (step) =>
      orElse(
        (into) => update<Kept['outbox']>('outbox', (old) => (memory.outbox = step(old)), into),
        () => {
          memory.outbox = step(memory.outbox)
        },
      ),
    alone: (purpose, work) => alone(`${name} ${purpose}`, work),
    tell: (message) => {
      // What is in this page alone is no concern of others.
      if (isDurable) channel.postMessage(message)
    },
    listen: (hear) => {
      channel.onmessage = ({ data }: MessageEvent<Message>) => {
        if (isDurable || data === 'gone') hear(data)
      }
    },
    isDurable: () => isDurable,
  }
}
