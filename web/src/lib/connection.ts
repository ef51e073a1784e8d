/** Calls `onChange` when the device goes offline or online. Returns the function that unsubscribes. */
export function subscribeToConnection(onChange: () => void): () => void {
  const events = ['online', 'offline']
  for (const event of events) addEventListener(event, onChange)
  return () => {
    for (const event of events) removeEventListener(event, onChange)
  }
}
