/** Milliseconds between two batches where no frames are drawn, as in a tab out of sight. */
const HIDDEN_TAB_BATCH_MS = 200

/** Gathers what is pushed, and hands it on at most once a frame; `flush` hands on what is left. */
export function batchPerFrame<Item>(hand: (items: Item[]) => void) {
  let waiting: Item[] = []

  function flush(): void {
    const items = waiting
    waiting = []
    if (items.length > 0) hand(items)
  }

  return {
    push(item: Item): void {
      if (waiting.push(item) > 1) return
      if (document.hidden) setTimeout(flush, HIDDEN_TAB_BATCH_MS)
      else requestAnimationFrame(flush)
    },
    flush,
  }
}
