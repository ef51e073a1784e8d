import { createHmac } from 'node:crypto'
import { not, sql, type SQL } from 'drizzle-orm'
import type { AppEnv } from '../context.ts'
import { oauthRegistrations } from '../db/schema.ts'
import { ProblemError } from '../problem.ts'
import { CLIENT_AUTH_METHODS, GRANT_TYPES } from './metadata.ts'

/** Registrations that one network may make within an hour. */
const REGISTRATIONS_PER_HOUR = 20
/** Registrations of all networks together: unused clients stay for days and must not fill the database. */
const REGISTRATIONS_PER_HOUR_IN_ALL = 1_000
/** Characters of a client's name that are stored. */
const NAME_MAX_CHARS = 60

type Body = Record<string, unknown>

/**
 * Reduces a registration request to what this server supports; it stores no URL that it would have to fetch. The
 * response tells a client that asked for more what it got (RFC 7591 §2). Native clients seldom say that they are native.
 */
export function toClientMetadata(request: unknown): Body {
  const body: Body = typeof request === 'object' && request !== null ? (request as Body) : {}
  const { redirect_uris: uris, token_endpoint_auth_method: method, application_type: type } = body
  const grants = Array.isArray(body['grant_types']) ? body['grant_types'] : GRANT_TYPES
  const isNative = Array.isArray(uris) && uris.some((uri) => !String(uri).startsWith('https:'))
  return {
    client_name: displayableName(body['client_name']),
    redirect_uris: uris,
    grant_types: GRANT_TYPES.filter((grant) => grants.includes(grant)),
    token_endpoint_auth_method:
      method === undefined || CLIENT_AUTH_METHODS.some((known) => known === method) ? method : 'none',
    application_type: type ?? (isNative ? 'native' : 'web'),
  }
}

/** Removes control characters, and those that change the direction of the surrounding text. */
function displayableName(name: unknown): string | undefined {
  if (typeof name !== 'string') return undefined
  const shown = name.toWellFormed().replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '')
  return Array.from(shown.trim()).slice(0, NAME_MAX_CHARS).join('') || undefined
}

/**
 * Counts a registration of this network in one statement, so that simultaneous ones cannot exceed the network's limit.
 * The limit of all together can be exceeded by as many as arrive at one moment.
 * @throws ProblemError `too-many-requests`
 */
export async function countRegistration(
  { database, settings }: Pick<AppEnv['Variables'], 'database' | 'settings'>,
  ip = '',
): Promise<void> {
  const address = createHmac('sha256', settings.BETTER_AUTH_SECRET).update(networkOf(ip)).digest('base64url')
  const t = oauthRegistrations
  const isExpired = sql`${t.since} < now() - interval '1 hour'`
  const secondsLeft = (since: SQL) =>
    sql<number>`ceil(extract(epoch from ${since} + interval '1 hour' - now()))::int`
  const db = database.repeatable
  // The state before this statement. Refused registrations do not count.
  const before = db.$with('before').as(
    db
      .select({
        total: sql<number>`coalesce(sum(least(${t.count}, ${REGISTRATIONS_PER_HOUR})), 0)::int`.as('total'),
        left: secondsLeft(sql`min(${t.since})`).as('left'),
      })
      .from(t)
      .where(not(isExpired)),
  )
  const [counted] = await db
    .with(before)
    .insert(t)
    .values({ address, count: 1, since: sql`now()` })
    .onConflictDoUpdate({
      target: t.address,
      set: {
        count: sql`case when ${isExpired} then 1 else ${t.count} + 1 end`,
        since: sql`case when ${isExpired} then now() else ${t.since} end`,
      },
    })
    .returning({
      count: t.count,
      left: secondsLeft(sql`${t.since}`),
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

/** Returns an IPv4 address, or the /64 of an IPv6 address, which is what one subscriber has. */
function networkOf(ip: string): string {
  if (!ip.includes(':')) return ip
  const [head = [], tail = []] = ip.split('::').map((part) => part.split(':').filter(Boolean))
  const zeros = Array<string>(Math.max(8 - head.length - tail.length, 0)).fill('0')
  return [...head, ...zeros, ...tail].slice(0, 4).join(':')
}
