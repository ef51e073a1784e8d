import { drizzleAdapter } from 'better-auth/adapters/drizzle'
import type { BetterAuthOptions, DBAdapter } from 'better-auth'
import {
  account,
  accountRelations,
  session,
  sessionRelations,
  user,
  userRelations,
  verification,
} from '../db/auth-schema.ts'
import type { Database } from '../db/client.ts'
import { oauthClient, oauthConsent, oauthRefreshToken } from '../db/oauth-schema.ts'

const tables = {
  user,
  account,
  session,
  verification,
  userRelations,
  accountRelations,
  sessionRelations,
  oauthClient,
  oauthConsent,
  oauthRefreshToken,
}

/**
 * Better Auth's drizzle adapter for the models of its OAuth provider that are kept. The rest are not data here: the
 * one resource is /mcp, by the settings; access tokens are signed, never stored. Better Auth would otherwise write the
 * resource into the database at its start and read it back at each request.
 */
export function oauthAdapter({ once }: Database, resource: string) {
  const inner = drizzleAdapter(once, { provider: 'pg', schema: tables })
  return (options: BetterAuthOptions): DBAdapter => {
    const kept = inner(options)
    const fixed: Pick<DBAdapter, 'findOne' | 'findMany' | 'create' | 'deleteMany'> = {
      findOne: (query) => {
        const named = query.where.some(({ field, value }) => field === 'identifier' && value === resource)
        return Promise.resolve((named ? { identifier: resource, name: resource } : null) as never)
      },
      findMany: () => Promise.resolve([]),
      create: ({ data }) => Promise.resolve(data as never),
      deleteMany: () => Promise.resolve(0),
    }
    const of = (model: string) => (NOT_KEPT.has(model) ? fixed : kept)
    const adapter: DBAdapter = {
      ...kept,
      // All that Better Auth does in one is to register a client, which is one row here.
      transaction: (run) => run(adapter),
      findOne: (query) => of(query.model).findOne(query),
      findMany: (query) => of(query.model).findMany(query),
      create: (query) => of(query.model).create(query),
      deleteMany: (query) => of(query.model).deleteMany(query),
    }
    return adapter
  }
}

const NOT_KEPT = new Set(['oauthResource', 'oauthClientResource', 'oauthAccessToken'])
