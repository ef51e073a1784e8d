import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseEnv } from 'node:util'
import { Settings } from '../worker/settings.ts'
import { UserError, reasonOf } from './command.ts'

/** The root of the project, so that commands work from any directory. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url))

export type Variables = Record<string, string | undefined>

/** Returns the path of the file with the Worker's settings: `.dev.vars`, or what `DEV_VARS` names. */
const devVarsPath = (env: Variables) => resolve(ROOT, env['DEV_VARS'] || '.dev.vars')

/**
 * Reads the file; empty when there is none.
 * @throws UserError when it cannot be read
 */
export function readDevVars(env: Variables): Variables {
  const path = devVarsPath(env)
  try {
    return existsSync(path) ? parseEnv(readFileSync(path, 'utf8')) : {}
  } catch (error) {
    throw new UserError(`${path} cannot be read: ${reasonOf(error)}`)
  }
}

/**
 * Creates the file from the example, with a random secret; returns false when it exists already.
 * @throws UserError when it cannot be written
 */
export function createDevVars(env: Variables): boolean {
  const path = devVarsPath(env)
  if (existsSync(path)) return false
  const example = readFileSync(join(ROOT, '.dev.vars.example'), 'utf8')
  const secret = randomBytes(32).toString('base64')
  const text = example
    .replace(/^(#[^\n]*\n)+/, '# Settings of the Worker on this machine; made by `npm start`.\n')
    .replace(/^BETTER_AUTH_SECRET=.*$/m, `BETTER_AUTH_SECRET="${secret}"`)
  try {
    writeFileSync(path, text, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    throw new UserError(`${path} cannot be written: ${reasonOf(error)}`)
  }
  return true
}

export interface DatabaseAddress {
  databaseUrl: string
  /** The URL of another server that speaks Neon's protocol; undefined for Neon itself. */
  endpoint?: string | undefined
}

/**
 * Reads the database from the environment, or else from the file. URL and endpoint always come from the same one, so
 * that a DATABASE_URL of production is never combined with the endpoint of this machine.
 * @throws UserError when there is none, or it is wrong
 */
export function readDatabaseAddress(env: Variables): DatabaseAddress {
  const source = env['DATABASE_URL'] ? env : readDevVars(env)
  const databaseUrl = source['DATABASE_URL']
  if (!databaseUrl)
    throw new UserError(
      'DATABASE_URL is missing: set it in the environment or in .dev.vars, like postgres://user:password@host/database',
    )
  const { DATABASE_URL, NEON_FETCH_ENDPOINT } = Settings.shape
  const url = DATABASE_URL.safeParse(databaseUrl)
  if (!url.success) throw new UserError(`DATABASE_URL is wrong: it ${url.error.issues[0]?.message}`)
  const endpoint = NEON_FETCH_ENDPOINT.safeParse(source['NEON_FETCH_ENDPOINT'])
  if (!endpoint.success)
    throw new UserError('NEON_FETCH_ENDPOINT is wrong: it needs a URL like http://127.0.0.1:4444/sql')
  return { databaseUrl, endpoint: endpoint.data }
}
