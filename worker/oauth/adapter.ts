import { drizzleAdapter } from 'better-auth/adapters/drizzle'
import type { BetterAuthOptions, DBAdapter } from 'better-auth'
import { authTables, toRow } from '../auth/adapter.ts'
import type { Database } from '../db/client.ts'
import { oauthClient, oauthConsent, oauthRefreshToken } from '../db/oauth-schema.ts'

const tables = { ...authTables, oauthClient, oauthConsent, oauthRefreshToken }

/** Models of Better Auth's OAuth provider that are not in the database. */
const NOT_STORED = new Set(['oauthResource', 'oauthClientResource', 'oauthAccessToken'])

/**
 * Better Auth's drizzle adapter for the stored models of its OAuth provider. The others are constant here: the one
 * resource is /mcp, by the settings, and access tokens are signed, never stored. Better Auth would otherwise write the
 * resource into the database at its start and read it back at every request.
 */
export function oauthAdapter({ once }: Database, resource: string) {
  const inner = drizzleAdapter(once, { provider: 'pg', schema: tables })
  return (options: BetterAuthOptions): DBAdapter => {
    const stored = inner(options)
    const constant: Pick<DBAdapter, 'findOne' | 'findMany' | 'create' | 'deleteMany'> = {
      findOne: (query) => {
        const isOurs = query.where.some(({ field, value }) => field === 'identifier' && value === resource)
        return Promise.resolve(toRow(isOurs ? { identifier: resource, name: resource } : null))
      },
      findMany: () => Promise.resolve([]),
      create: ({ data }) => Promise.resolve(toRow(data)),
      deleteMany: () => Promise.resolve(0),
    }
    const adapterOf = (model: string) => (NOT_STORED.has(model) ? constant : stored)
    const adapter: DBAdapter = {
      ...stored,
      // Better Auth uses a transaction only to register a client, which is one row here.
      transaction: (run) => run(adapter),
      findOne: (query) => adapterOf(query.model).findOne(query),
      findMany: (query) => adapterOf(query.model).findMany(query),
      create: (query) => adapterOf(query.model).create(query),
      deleteMany: (query) => adapterOf(query.model).deleteMany(query),
    }
    return adapter
  }
}
