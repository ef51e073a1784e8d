/**
 * Describes where a redirect URI leads: in words for the user, and as a source for `form-action` of a
 * Content-Security-Policy. It is the only thing about a client that is known for sure.
 */
export function describeRedirect(redirectUri: string): { words: string; source: string } {
  const { protocol, hostname, host, origin } = new URL(redirectUri)
  if (protocol === 'https:') return { words: hostname, source: origin }
  if (protocol !== 'http:') return { words: `a program on this device (${protocol})`, source: protocol }
  // CSP cannot express an IPv6 host.
  const source = hostname.startsWith('[') ? 'http:' : origin
  return { words: `a program on this device (${host})`, source }
}
