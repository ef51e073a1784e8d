import * as z from 'zod'

const SECRET_MIN_CHARS = 32

const origin = z.url({ protocol: /^https?$/ }).transform((url) => new URL(url).origin)
const secret = z
  .string()
  .min(
    SECRET_MIN_CHARS,
    `needs at least ${SECRET_MIN_CHARS} characters; make one with: openssl rand -base64 32`,
  )
  .refine(
    (text) => !text.startsWith('replace-me'),
    'still holds the example; make one with: openssl rand -base64 32',
  )
/** An empty variable counts as not set: dashboards and .env files cannot express the difference. */
const unset = z.literal('').transform(() => undefined)
const list = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((item) => item.trim())
      .filter(Boolean),
  )

const NEEDS_DATABASE_URL = 'needs a URL like postgres://user:password@host/database'

/**
 * Returns what a connection string lacks, undefined for nothing. The driver and Neon would say so at the first query
 * only. Like the driver, this reads all but the scheme as HTTP.
 */
export function findDatabaseUrlFault(text: string): 'syntax' | 'hostname' | 'password' | undefined {
  const [, rest] = /^postgres(?:ql)?:(\/\/.*)$/.exec(text) ?? []
  if (!rest || !URL.canParse(`http:${rest}`)) return 'syntax'
  const { username, password, hostname, pathname } = new URL(`http:${rest}`)
  if (username === '' || hostname === '-' || pathname === '/') return 'syntax'
  // Neon finds a project by the name of its host. The loopback address is asked for by nobody but local gateways.
  if (hostname.startsWith('[') && hostname !== '[::1]') return 'hostname'
  return password === '' ? 'password' : undefined
}

const DatabaseUrl = z.string(NEEDS_DATABASE_URL).superRefine((text, context) => {
  const fault = findDatabaseUrlFault(text)
  if (fault === 'syntax') context.addIssue(NEEDS_DATABASE_URL)
  else if (fault === 'hostname')
    context.addIssue(`has an IPv6 address, which Neon does not take: it ${NEEDS_DATABASE_URL}`)
  else if (fault === 'password') context.addIssue(`lacks a password: it ${NEEDS_DATABASE_URL}`)
})

export const Settings = z.object({
  DATABASE_URL: DatabaseUrl,
  NEON_FETCH_ENDPOINT: unset.or(z.url({ protocol: /^https?$/ })).optional(),
  BETTER_AUTH_SECRET: secret,
  BETTER_AUTH_SECRET_PREVIOUS: unset.or(secret).optional(),
  BETTER_AUTH_URL: origin,
  ALLOWED_ORIGINS: list.pipe(z.array(origin)),
  TRUSTED_ISSUERS: list.pipe(z.array(z.url({ protocol: /^https?$/ }))),
  OPENAI_API_KEY: unset.or(z.string()).optional(),
  OPENAI_BASE_URL: unset.or(z.url({ protocol: /^https?$/ })).optional(),
  OPENAI_MODEL: unset.or(z.string()).optional(),
  OPENAI_API: unset.or(z.enum(['responses', 'chat'], 'is responses or chat')).optional(),
  CHATKIT_DOMAIN_KEY: unset.or(z.string()).optional(),
})
export type Settings = z.output<typeof Settings>

/** The static site. */
export interface Assets {
  fetch(request: Request): Promise<Response>
}

/** Settings are missing or invalid; the message names each one and what it needs, never its value. */
export class SettingsError extends Error {
  override name = 'SettingsError'
}

let settings: Settings | undefined

/**
 * Returns the settings of this isolate, which are parsed on its first request.
 * @throws SettingsError when one of them is missing or invalid
 */
export function readSettings(bindings: object): Settings {
  if (settings) return settings
  const parsed = Settings.safeParse(bindings)
  if (!parsed.success)
    throw new SettingsError(
      parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`).join('; '),
    )
  return (settings = parsed.data)
}

/** Returns the static site of these bindings. */
export function readAssets(bindings: object): Assets {
  const { ASSETS } = bindings as { ASSETS: Assets }
  return {
    async fetch(request) {
      const response = await ASSETS.fetch(request)
      // Fetched responses have immutable headers: middleware needs a copy.
      return new Response(response.body, response)
    },
  }
}
