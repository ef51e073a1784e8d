/** An event that modules can subscribe to, so that the one that emits it need not know them. */
export interface Signal<Value> {
  emit: (value: Value) => void
  /** Calls `listener` on each emit, after those that subscribed before; returns a function that stops it. */
  subscribe: (listener: (value: Value) => void) => () => void
}

export function createSignal<Value>(): Signal<Value> {
  const listeners = new Set<(value: Value) => void>()
  return {
    emit: (value) => listeners.forEach((listener) => listener(value)),
    subscribe: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
