/**
 * Where a program's answers go, in words for a person, and as a source for `form-action` of a
 * Content-Security-Policy. It is all that is known of a program for sure.
 */
export function redirectTarget(redirectUri: string): { words: string; source: string } {
  const { protocol, hostname, host, origin } = new URL(redirectUri)
  if (protocol === 'https:') return { words: hostname, source: origin }
  if (protocol !== 'http:') return { words: `a program on this device (${protocol})`, source: protocol }
  // A policy has no words for IPv6.
  const source = hostname.startsWith('[') ? 'http:' : origin
  return { words: `a program on this device (${host})`, source }
}
