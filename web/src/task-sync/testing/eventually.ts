/** Turns of the event loop that an expectation may take: far more than any test needs. */
const MAX_TURNS = 500

/** Lets everything run that is ready to: all microtasks, and what timers of 0 ms and I/O have queued. */
export const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/**
 * Repeats `expectation` until it does not throw. It counts turns of the event loop, not time, so that a slow machine
 * makes no difference: nothing in these tests waits for a clock.
 * @throws the last error of `expectation`
 */
export async function eventually(expectation: () => void): Promise<void> {
  for (let turn = 0; turn < MAX_TURNS; turn++) {
    try {
      return expectation()
    } catch {
      await nextTurn()
    }
  }
  expectation()
}
