import { createHmac } from 'node:crypto'
import { not, sql, type SQL } from 'drizzle-orm'
import type { AppEnv } from '../context.ts'
import { oauthRegistrations } from '../db/schema.ts'
import { ProblemError } from '../problem.ts'
import { CLIENT_AUTH_METHODS, GRANT_TYPES } from './metadata.ts'

/** Registrations that one address may make within an hour. */
const REGISTRATIONS_PER_HOUR = 20
/** And all addresses together: what lies unused goes after days, and may not fill the database until then. */
const REGISTRATIONS_PER_HOUR_IN_ALL = 1_000
/** Characters of a program's name that are kept. */
const NAME_MAX_CHARS = 60

type Body = Record<string, unknown>

/**
 * What of a registration is kept: what this server does, and nothing that it would have to fetch. A program may ask
 * for more; the answer tells it what it got (RFC 7591 §2). Native programs seldom say that they are.
 */
export function toClientMetadata(asked: unknown): Body {
  const body: Body = typeof asked === 'object' && asked !== null ? (asked as Body) : {}
  const { redirect_uris: uris, token_endpoint_auth_method: method, application_type: type } = body
  const grants = Array.isArray(body['grant_types']) ? body['grant_types'] : GRANT_TYPES
  const native = Array.isArray(uris) && uris.some((uri) => !String(uri).startsWith('https:'))
  return {
    client_name: displayableName(body['client_name']),
    redirect_uris: uris,
    grant_types: GRANT_TYPES.filter((grant) => grants.includes(grant)),
    token_endpoint_auth_method:
      method === undefined || CLIENT_AUTH_METHODS.some((known) => known === method) ? method : 'none',
    application_type: type ?? (native ? 'native' : 'web'),
  }
}

/** A name that can be shown: no controls, nothing that turns the direction of the text around it. */
function displayableName(name: unknown): string | undefined {
  if (typeof name !== 'string') return undefined
  const shown = name.toWellFormed().replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '')
  return Array.from(shown.trim()).slice(0, NAME_MAX_CHARS).join('') || undefined
}

/**
 * Counts a registration of this address, in one statement that two at once cannot slip through; only what all may
 * together can be passed, by as many as come at one moment.
 * @throws ProblemError `too-many-requests`
 */
export async function countRegistration(
  { database, settings }: Pick<AppEnv['Variables'], 'database' | 'settings'>,
  ip = '',
): Promise<void> {
  const address = createHmac('sha256', settings.BETTER_AUTH_SECRET).update(networkOf(ip)).digest('base64url')
  const t = oauthRegistrations
  const over = sql`${t.since} < now() - interval '1 hour'`
  const seconds = (since: SQL) =>
    sql<number>`ceil(extract(epoch from ${since} + interval '1 hour' - now()))::int`
  const db = database.repeatable
  // As it was before this statement; refused ones do not count.
  const before = db.$with('before').as(
    db
      .select({
        total: sql<number>`coalesce(sum(least(${t.count}, ${REGISTRATIONS_PER_HOUR})), 0)::int`.as('total'),
        left: seconds(sql`min(${t.since})`).as('left'),
      })
      .from(t)
      .where(not(over)),
  )
  const [counted] = await db
    .with(before)
    .insert(t)
    .values({ address, count: 1, since: sql`now()` })
    .onConflictDoUpdate({
      target: t.address,
      set: {
        count: sql`case when ${over} then 1 else ${t.count} + 1 end`,
        since: sql`case when ${over} then now() else ${t.since} end`,
      },
    })
    .returning({
      count: t.count,
      left: seconds(sql`${t.since}`),
      total: sql<number>`(select total from before)`,
      totalLeft: sql<number>`(select "left" from before)`,
    })
  if (!counted) return
  if (counted.count > REGISTRATIONS_PER_HOUR)
    throw tooMany('Too many programs have registered from this network. Try again later.', counted.left)
  if (counted.total >= REGISTRATIONS_PER_HOUR_IN_ALL)
    throw tooMany('Too many programs have registered. Try again later.', counted.totalLeft)
}

const tooMany = (detail: string, seconds: number) =>
  new ProblemError('too-many-requests', detail, { headers: { 'Retry-After': String(seconds) } })

/** An IPv4 address, or the /64 of an IPv6 one, which is what one subscriber has. */
function networkOf(ip: string): string {
  if (!ip.includes(':')) return ip
  const [head = [], tail = []] = ip.split('::').map((part) => part.split(':').filter(Boolean))
  const zeros = Array<string>(Math.max(8 - head.length - tail.length, 0)).fill('0')
  return [...head, ...zeros, ...tail].slice(0, 4).join(':')
}
