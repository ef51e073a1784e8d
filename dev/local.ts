import { accessSync, constants, existsSync, mkdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { Child } from './child.ts'
import { UserError, reasonOf, runCommand, formatElapsed } from './command.ts'
import { isServer } from './database.ts'
import { createDevVars, ROOT } from './dev-vars.ts'
import { readLocalSettings, type LocalSettings } from './local-settings.ts'
import { lockFolder } from './lock.ts'
import { describeMigrations, migrate, databaseHost } from './migrate.ts'
import { startGateway } from './neon-gateway.ts'
import { checkPort, portTaken } from './ports.ts'
import { buildSite, startHotSite } from './site.ts'
import { stopAll, shutdownSignal } from './shutdown.ts'
import { startWorker } from './wrangler.ts'

const START_HELP = `npm start      runs Margin on this machine: database, Worker and site
npm run dev    the same, and the site reloads as you edit it
  -- --no-build           takes the site as it was last built

From the environment:
  PORT=8787               where Margin listens
  DATA_DIR=.data          where the embedded database keeps its files
  DB_PORT=4444            where the database speaks Neon's HTTP protocol
  HOT_PORT=4321           where the site reloads, with npm run dev
  LOCAL_DATABASE_URL      a PostgreSQL of your own, instead of the embedded one
  NEON_FETCH_ENDPOINT     another speaker of Neon's protocol; then DATABASE_URL too
  DEV_VARS=.dev.vars      the file with the Worker's settings; made when there is none
and any setting of .dev.vars.example, before what the file says.`

const GATEWAY = "the database's gateway"

/** Stops the parts that have been started, in the order of their start; called in the reverse order. */
const stops: (() => unknown)[] = []
const logStep = (part: string, state: string) => console.log(`  ${part.padEnd(10)}${state}`)

async function start({ hot, asBuilt }: { hot: boolean; asBuilt: boolean }) {
  const startedAt = Date.now()
  const created = !process.env['BETTER_AUTH_SECRET'] && createDevVars(process.env)
  const settings = readLocalSettings(process.env, hot)
  createFolder(settings.dataDir)
  stops.push(lockFolder(settings.dataDir))
  await checkPort(settings.port, 'PORT', 'Margin')
  if (settings.database) await checkPort(settings.dbPort, 'DB_PORT', GATEWAY)
  if (hot) await checkPort(settings.hotPort, 'HOT_PORT', 'the site')

  console.log('Starting Margin')
  if (created) logStep('settings', 'made .dev.vars, with a secret of its own')
  const site = asBuilt && existsSync(join(ROOT, 'web/dist/index.html')) ? undefined : buildSite()
  if (site) stops.push(site.stop)
  await startDatabase(settings)
  if (site) logStep('site', await site.built())
  const worker = startWorker(settings, (line) => console.error(line))
  stops.push(worker.stop)
  const workerStartedAt = Date.now()
  await worker.ready()
  logStep('worker', `ready in ${formatElapsed(workerStartedAt)}`)
  const children: [string, Child][] = [['the Worker (wrangler)', worker]]
  if (hot) {
    const hotSite = startHotSite(settings)
    stops.push(hotSite.stop)
    await hotSite.ready()
    children.push(["the site's server (astro)", hotSite])
  }
  console.log(
    `\nMargin is at ${settings.origin}  (started in ${formatElapsed(startedAt)}; Ctrl-C stops it)\n`,
  )
  await Promise.race(children.map(([name, child]) => failWhenEnded(name, child)))
}

async function startDatabase(settings: LocalSettings) {
  const startedAt = Date.now()
  if (settings.database) {
    const opening = startGateway({ database: settings.database, port: settings.dbPort })
    stops.push(() =>
      opening.then(
        (gateway) => gateway.close(),
        () => {},
      ),
    )
    await opening.catch((error: unknown) => {
      // Another process took the port while the database was being opened.
      if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE')
        throw portTaken(settings.dbPort, 'DB_PORT', GATEWAY)
      throw new UserError(openFailure(settings, error))
    })
  }
  const { DATABASE_URL = '', NEON_FETCH_ENDPOINT: endpoint } = settings.worker
  const migrations = await migrate({ databaseUrl: DATABASE_URL, endpoint })
  logStep(
    'database',
    `${describeDatabase(settings)}, ${describeMigrations(migrations)}, in ${formatElapsed(startedAt)}`,
  )
}

function openFailure({ database = '', dataDir }: LocalSettings, error: unknown): string {
  return isServer(database)
    ? `the PostgreSQL of LOCAL_DATABASE_URL (${databaseHost({ databaseUrl: database })}) cannot be used: ${reasonOf(error)}`
    : `the database in ${dataDir} does not open: ${reasonOf(error)}; move the folder away, or take another: DATA_DIR=… npm start`
}

function describeDatabase({
  database,
  worker: { DATABASE_URL = '', NEON_FETCH_ENDPOINT: endpoint },
}: LocalSettings): string {
  if (!database) return databaseHost({ databaseUrl: DATABASE_URL, endpoint })
  return isServer(database)
    ? databaseHost({ databaseUrl: database })
    : `embedded, in ${relativePath(database)}`
}

/** Returns a path relative to the working directory, if it is inside of that. */
function relativePath(path: string): string {
  const inside = relative(process.cwd(), path)
  return inside.startsWith('..') ? path : inside
}

function createFolder(dataDir: string) {
  try {
    mkdirSync(dataDir, { recursive: true })
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    throw new UserError(
      `the data folder ${dataDir} cannot be used: ${reasonOf(error)}; take another: DATA_DIR=… npm start`,
    )
  }
}

/** @throws UserError when a child ends, as each of them is meant to run until it is stopped */
async function failWhenEnded(name: string, child: Child): Promise<never> {
  throw new UserError(`${name} ended by itself (${await child.ended}); all the rest is stopped`)
}

if (process.argv.includes('--help')) console.log(START_HELP)
else
  await runCommand(async () => {
    const hot = process.argv.includes('--hot')
    const stopped = shutdownSignal().then(() => console.log('\nStopping …'))
    try {
      await Promise.race([start({ hot, asBuilt: hot || process.argv.includes('--no-build') }), stopped])
    } finally {
      await stopAll(stops.toReversed())
    }
    console.log('Stopped.')
  })
