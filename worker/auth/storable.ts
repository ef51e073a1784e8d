import { isStorable } from '../contract/text.ts'

/** NUL in text that is percent-encoded, or was. */
const NUL = /\0|%00/
/** The escapes of JSON that can make such text, so that most bodies need not be parsed for them. */
const SUSPECT_ESCAPE = /\\u(?:0000|d[89a-f])/i

/**
 * Returns whether Postgres can store all text that a request holds in its query, its body and its Basic credentials.
 * Better Auth puts some of it into SQL as it came, where the database would refuse it: every request to Better Auth is
 * checked here first. Cookies are signed, and are checked by their signature. `ignore` names fields of JSON that the
 * endpoint checks or drops itself.
 */
export async function isStorableRequest(request: Request, ignore: readonly string[] = []): Promise<boolean> {
  if (NUL.test(new URL(request.url).search) || NUL.test(basicCredentials(request))) return false
  if (!request.body) return true
  const body = await request.clone().text()
  if (body.includes('\0')) return false
  const isForm = request.headers.get('Content-Type')?.toLowerCase().includes('x-www-form-urlencoded')
  return isForm ? !NUL.test(body) : isStorableJson(body, ignore)
}

/** Returns the decoded credentials; nothing for those that are not Base64, which their endpoint refuses. */
function basicCredentials(request: Request): string {
  const [, encoded = ''] = /^Basic +([\w+/=-]+)/i.exec(request.headers.get('Authorization') ?? '') ?? []
  try {
    return atob(encoded.replaceAll('-', '+').replaceAll('_', '/'))
  } catch {
    return ''
  }
}

/** A body that is no JSON passes: its endpoint refuses it in words of its own. */
function isStorableJson(json: string, ignore: readonly string[]): boolean {
  if (!SUSPECT_ESCAPE.test(json)) return true
  let storable = true
  try {
    JSON.parse(json, (name, value: unknown) => {
      if (ignore.includes(name)) return value
      if (!isStorable(name) || (typeof value === 'string' && !isStorable(value))) storable = false
      return value
    })
  } catch {
    return true
  }
  return storable
}

/** The refusal in words, for a caller of either shape of error. */
export const NOT_STORABLE = 'This request holds a character that cannot be stored.'
