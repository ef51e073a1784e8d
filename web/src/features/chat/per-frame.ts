/** Milliseconds between two batches where no frames are drawn, as in a tab out of sight. */
const OUT_OF_SIGHT_MS = 200

/** Gathers what is pushed, and hands it on at most once a frame; `flush` hands on what is left. */
export function perFrame<Item>(hand: (items: Item[]) => void) {
  let waiting: Item[] = []

  function flush(): void {
    const items = waiting
    waiting = []
    if (items.length > 0) hand(items)
  }

  return {
    push(item: Item): void {
      if (waiting.push(item) > 1) return
      if (document.hidden) setTimeout(flush, OUT_OF_SIGHT_MS)
      else requestAnimationFrame(flush)
    },
    flush,
  }
}
