/** Milliseconds between two batches in a hidden tab, where no frames are drawn. */
const HIDDEN_TAB_INTERVAL_MS = 200

/** Passes pushed items to `apply` in batches, at most one per animation frame; `flush` passes the rest at once. */
export function batchPerFrame<Item>(apply: (items: Item[]) => void) {
  let pending: Item[] = []

  function flush(): void {
    const items = pending
    pending = []
    if (items.length > 0) apply(items)
  }

  return {
    push(item: Item): void {
      if (pending.push(item) > 1) return
      if (document.hidden) setTimeout(flush, HIDDEN_TAB_INTERVAL_MS)
      else requestAnimationFrame(flush)
    },
    flush,
  }
}
