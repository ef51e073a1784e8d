import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseEnv } from 'node:util'
import { Settings } from '../worker/settings.ts'
import { UserError, reasonOf } from './command.ts'

/** The root of this project, so that commands work from any directory. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url))

export type Variables = Record<string, string | undefined>

/** The file with the Worker's settings; `DEV_VARS` names another. */
const pathOf = (env: Variables) => resolve(ROOT, env['DEV_VARS'] || '.dev.vars')

/** What the file says; nothing when there is none. */
export function readDevVars(env: Variables): Variables {
  const path = pathOf(env)
  try {
    return existsSync(path) ? parseEnv(readFileSync(path, 'utf8')) : {}
  } catch (error) {
    throw new UserError(`${path} cannot be read: ${reasonOf(error)}`)
  }
}

/** Makes the file, like the example but with a secret of its own, unless it is there; whether it did. */
export function makeDevVars(env: Variables): boolean {
  const path = pathOf(env)
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
  /** Where Neon's protocol is spoken, when not at Neon itself. */
  endpoint?: string | undefined
}

/**
 * The database that the environment names, or else the file: the endpoint always from the same place as the URL, so
 * that a DATABASE_URL of production never meets the endpoint of this machine.
 * @throws Complaint when there is none, or it is no such URL
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
