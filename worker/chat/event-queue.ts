/** A queue that one consumer reads to its end. */
export interface EventQueue<Event> {
  events: AsyncIterable<Event>
  emit: (event: Event) => void
  close: () => void
}

/**
 * Creates an unbounded single-consumer queue. Emitting never blocks: events wait for a consumer that starts late, and
 * are dropped with the queue when the consumer has left.
 */
export function createEventQueue<Event>(): EventQueue<Event> {
  const queued: Event[] = []
  let isClosed = false
  let wake = () => {}
  async function* consume(): AsyncGenerator<Event> {
    for (let n = 0; ;) {
      const event = queued[n]
      if (event !== undefined) {
        n++
        yield event
      } else if (isClosed) return
      else await new Promise<void>((resolve) => (wake = resolve))
    }
  }
  return {
    events: consume(),
    emit: (event) => {
      queued.push(event)
      wake()
    },
    close: () => {
      isClosed = true
      wake()
    },
  }
}
