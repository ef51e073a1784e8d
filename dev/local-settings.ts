import { join, resolve } from 'node:path'
import * as z from 'zod'
import { findDatabaseUrlFault, Settings } from '../worker/settings.ts'
import { UserError } from './command.ts'
import { isServer } from './database.ts'
import { readDevVars, ROOT, type Variables } from './dev-vars.ts'

/** The Worker's connection string for the local gateway, which ignores it. */
const LOCAL_URL = 'postgres://margin:margin@localhost/margin'
/** The names of this machine in a URL. */
const LOCAL_HOSTS = ['localhost', '127.0.0.1', '[::1]']

export interface LocalSettings {
  port: number
  dbPort: number
  /** The port of Astro's own server, for a site that reloads as it is edited. */
  hotPort: number
  dataDir: string
  /** The database of the gateway: a folder or a URL. Undefined when the Worker uses Neon or a gateway elsewhere. */
  database: string | undefined
  /** The origin that users open. */
  origin: string
  /** The Worker's settings as text, for wrangler. */
  worker: Record<string, string>
}

const Port = z.coerce.number().int().min(1).max(65_535)

/**
 * Reads how to run on this machine: from the environment, then from the file with the Worker's settings.
 * @throws UserError naming every setting that is wrong
 */
export function readLocalSettings(env: Variables, hot: boolean): LocalSettings {
  const port = readPort(env, 'PORT', 8787)
  const dbPort = readPort(env, 'DB_PORT', 4444)
  const hotPort = readPort(env, 'HOT_PORT', 4321)
  const dataDir = readFolder(env)
  const local = env['LOCAL_DATABASE_URL']
  // A PostgreSQL of one's own may ask for no password, and have any address.
  if (local && findDatabaseUrlFault(local) === 'syntax')
    throw new UserError(
      'LOCAL_DATABASE_URL is wrong: it needs a URL like postgres://user:password@host/database',
    )
  const database = isRemoteDatabase(env) ? undefined : local || join(dataDir, 'postgres')
  const file = readDevVars(env)
  const origin = resolveOrigin(env, file, hot ? hotPort : port)
  const worker: Variables = { ...file, BETTER_AUTH_URL: origin }
  if (database !== undefined) {
    worker['NEON_FETCH_ENDPOINT'] = `http://127.0.0.1:${dbPort}/sql`
    worker['DATABASE_URL'] = env['DATABASE_URL'] || LOCAL_URL
  } else {
    worker['NEON_FETCH_ENDPOINT'] = env['NEON_FETCH_ENDPOINT']
    worker['DATABASE_URL'] = env['DATABASE_URL']
  }
  for (const name of Object.keys(Settings.shape))
    if (!(name in DERIVED) && env[name] !== undefined) worker[name] = env[name]
  return { port, dbPort, hotPort, dataDir, database, origin, worker: checkSettings(worker) }
}

/** Settings that are derived here and not copied. */
const DERIVED = { DATABASE_URL: true, NEON_FETCH_ENDPOINT: true, BETTER_AUTH_URL: true }

/**
 * Returns whether the environment names a database that is reached without the local gateway: another endpoint, or Neon.
 * @throws UserError when it names one that cannot be reached over Neon's protocol
 */
function isRemoteDatabase(env: Variables): boolean {
  if (env['NEON_FETCH_ENDPOINT']) return true
  if (env['LOCAL_DATABASE_URL']) return false
  const url = env['DATABASE_URL']
  if (!url || !isServer(url) || !URL.canParse(url)) return false
  const { hostname } = new URL(url)
  if (hostname.endsWith('.neon.tech')) return true
  if (LOCAL_HOSTS.includes(hostname)) return false
  throw new UserError(
    `DATABASE_URL names ${hostname}, which is not Neon: give a PostgreSQL of your own as LOCAL_DATABASE_URL, or name the speaker of Neon's protocol before it in NEON_FETCH_ENDPOINT`,
  )
}

/** Returns the origin: one that was chosen, such as that of a reverse proxy, or else this machine with the port. */
function resolveOrigin(env: Variables, file: Variables, port: number): string {
  if (env['BETTER_AUTH_URL']) return env['BETTER_AUTH_URL']
  const chosen = file['BETTER_AUTH_URL']
  const local = !chosen || (URL.canParse(chosen) && LOCAL_HOSTS.includes(new URL(chosen).hostname))
  return local ? `http://localhost:${port}` : chosen
}

/** Reads DATA_DIR. PGlite would take some URLs too, such as memory://, but the data must survive a restart. */
function readFolder(env: Variables): string {
  const folder = env['DATA_DIR'] || '.data'
  if (folder.includes('://'))
    throw new UserError(
      'DATA_DIR is wrong: it needs a folder, such as .data; a PostgreSQL of your own goes into LOCAL_DATABASE_URL',
    )
  return resolve(ROOT, folder)
}

function readPort(env: Variables, name: string, standard: number): number {
  const port = Port.safeParse(env[name] || standard)
  if (!port.success) throw new UserError(`${name} is wrong: it needs a number from 1 to 65535`)
  return port.data
}

/** Makes the same check as the Worker on its first request, before anything is started. */
function checkSettings(worker: Variables): Record<string, string> {
  const needed = { DATABASE_URL: '', BETTER_AUTH_SECRET: '' }
  const given = Object.entries(worker).filter((entry): entry is [string, string] => entry[1] !== undefined)
  const settings = { ...needed, ...Object.fromEntries(given) }
  const parsed = Settings.safeParse(settings)
  if (parsed.success) return settings
  const wrong = parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`)
  throw new UserError(`${wrong.join('; ')} (in .dev.vars or the environment)`)
}
