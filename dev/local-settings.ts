import { join, resolve } from 'node:path'
import * as z from 'zod'
import { findDatabaseUrlFault, Settings } from '../worker/settings.ts'
import { UserError } from './command.ts'
import { isServer } from './database.ts'
import { readDevVars, ROOT, type Variables } from './dev-vars.ts'

/** What the gateway in front of a database of one's own is asked with: it needs no name or password. */
const LOCAL_URL = 'postgres://margin:margin@localhost/margin'
/** The names of this machine, as an URL has them. */
const LOCAL_HOSTS = ['localhost', '127.0.0.1', '[::1]']

export interface LocalSettings {
  port: number
  dbPort: number
  /** Where Astro's own server listens, when the site is to reload as it is edited. */
  hotPort: number
  dataDir: string
  /** What the gateway stands in front of; nothing when the Worker asks a gateway or Neon elsewhere. */
  database: string | undefined
  /** Where a person opens Margin. */
  origin: string
  /** The Worker's settings as text, for wrangler. */
  worker: Record<string, string>
}

const Port = z.coerce.number().int().min(1).max(65_535)

/**
 * Reads how to run here: the environment first, then the file of the Worker's settings.
 * @throws Complaint naming every setting that is wrong
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
  const database = isElsewhere(env) ? undefined : local || join(dataDir, 'postgres')
  const file = readDevVars(env)
  const origin = originOf(env, file, hot ? hotPort : port)
  const worker: Variables = { ...file, BETTER_AUTH_URL: origin }
  if (database !== undefined) {
    worker['NEON_FETCH_ENDPOINT'] = `http://127.0.0.1:${dbPort}/sql`
    worker['DATABASE_URL'] = env['DATABASE_URL'] || LOCAL_URL
  } else {
    worker['NEON_FETCH_ENDPOINT'] = env['NEON_FETCH_ENDPOINT']
    worker['DATABASE_URL'] = env['DATABASE_URL']
  }
  for (const name of Object.keys(Settings.shape))
    if (!(name in OURS) && env[name] !== undefined) worker[name] = env[name]
  return { port, dbPort, hotPort, dataDir, database, origin, worker: checked(worker) }
}

/** Settings that are worked out here rather than taken as they come. */
const OURS = { DATABASE_URL: true, NEON_FETCH_ENDPOINT: true, BETTER_AUTH_URL: true }

/**
 * Whether the environment names a database that is reached without the gateway: another endpoint, or Neon itself.
 * @throws Complaint when it names one that nothing here leads to
 */
function isElsewhere(env: Variables): boolean {
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

/** An origin on this machine follows the port; one that was chosen, as behind a proxy, stays. */
function originOf(env: Variables, file: Variables, port: number): string {
  if (env['BETTER_AUTH_URL']) return env['BETTER_AUTH_URL']
  const chosen = file['BETTER_AUTH_URL']
  const local = !chosen || (URL.canParse(chosen) && LOCAL_HOSTS.includes(new URL(chosen).hostname))
  return local ? `http://localhost:${port}` : chosen
}

/** PGlite would take some addresses, such as memory://, but what must survive a restart needs a folder. */
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

/** The very check that the Worker makes on its first request, before anything is started. */
function checked(worker: Variables): Record<string, string> {
  const needed = { DATABASE_URL: '', BETTER_AUTH_SECRET: '' }
  const given = Object.entries(worker).filter((entry): entry is [string, string] => entry[1] !== undefined)
  const settings = { ...needed, ...Object.fromEntries(given) }
  const parsed = Settings.safeParse(settings)
  if (parsed.success) return settings
  const wrong = parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`)
  throw new UserError(`${wrong.join('; ')} (in .dev.vars or the environment)`)
}
