/** A version 7 UUID (RFC 9562): 48 bits of time, so ids made later sort later, the rest random. */
export function uuidv7(now = Date.now(), random = crypto.getRandomValues(new Uint8Array(10))): string {
  const time = now.toString(16).padStart(12, '0')
  const rest = [...random].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  const variant = (8 + ((random[2] ?? 0) & 3)).toString(16)
  return [
    time.slice(0, 8),
    time.slice(8),
    `7${rest.slice(1, 4)}`,
    `${variant}${rest.slice(5, 8)}`,
    rest.slice(8, 20),
  ].join('-')
}
