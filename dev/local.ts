import { accessSync, constants, existsSync, mkdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { Child } from './child.ts'
import { UserError, reasonOf, runCommand, since } from './command.ts'
import { isServer } from './database.ts'
import { makeDevVars, ROOT } from './dev-vars.ts'
import { readLocalSettings, type LocalSettings } from './local-settings.ts'
import { lockFolder } from './lock.ts'
import { countOf, migrate, databaseHost } from './migrate.ts'
import { startGateway } from './neon-gateway.ts'
import { checkPort, portTaken } from './ports.ts'
import { buildSite, startHotSite } from './site.ts'
import { stopAll, shutdownSignal } from './shutdown.ts'
import { startWorker } from './wrangler.ts'

const HELP = `npm start      runs Margin on this machine: database, Worker and site
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

/** What has been started, in that order; stopped in the reverse. */
const running: (() => unknown)[] = []
const say = (what: string, how: string) => console.log(`  ${what.padEnd(10)}${how}`)

async function start({ hot, asBuilt }: { hot: boolean; asBuilt: boolean }) {
  const began = Date.now()
  const made = !process.env['BETTER_AUTH_SECRET'] && makeDevVars(process.env)
  const settings = readLocalSettings(process.env, hot)
  openFolder(settings.dataDir)
  running.push(lockFolder(settings.dataDir))
  await checkPort(settings.port, 'PORT', 'Margin')
  if (settings.database) await checkPort(settings.dbPort, 'DB_PORT', GATEWAY)
  if (hot) await checkPort(settings.hotPort, 'HOT_PORT', 'the site')

  console.log('Starting Margin')
  if (made) say('settings', 'made .dev.vars, with a secret of its own')
  const site = asBuilt && existsSync(join(ROOT, 'web/dist/index.html')) ? undefined : buildSite()
  if (site) running.push(site.stop)
  await startDatabase(settings)
  if (site) say('site', await site.built())
  const worker = startWorker(settings, (line) => console.error(line))
  running.push(worker.stop)
  const workerBegan = Date.now()
  await worker.ready()
  say('worker', `ready in ${since(workerBegan)}`)
  const children: [string, Child][] = [['the Worker (wrangler)', worker]]
  if (hot) {
    const hotSite = startHotSite(settings)
    running.push(hotSite.stop)
    await hotSite.ready()
    children.push(["the site's server (astro)", hotSite])
  }
  console.log(`\nMargin is at ${settings.origin}  (started in ${since(began)}; Ctrl-C stops it)\n`)
  await Promise.race(children.map(([name, child]) => endOf(name, child)))
}

async function startDatabase(settings: LocalSettings) {
  const began = Date.now()
  if (settings.database) {
    const opening = startGateway({ database: settings.database, port: settings.dbPort })
    running.push(() =>
      opening.then(
        (gateway) => gateway.close(),
        () => {},
      ),
    )
    await opening.catch((error: unknown) => {
      // Somebody took it while the database was opened.
      if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE')
        throw portTaken(settings.dbPort, 'DB_PORT', GATEWAY)
      throw new UserError(cannotOpen(settings, error))
    })
  }
  const { DATABASE_URL = '', NEON_FETCH_ENDPOINT: endpoint } = settings.worker
  const migrations = await migrate({ databaseUrl: DATABASE_URL, endpoint })
  say('database', `${shown(settings)}, ${countOf(migrations)}, in ${since(began)}`)
}

function cannotOpen({ database = '', dataDir }: LocalSettings, error: unknown): string {
  return isServer(database)
    ? `the PostgreSQL of LOCAL_DATABASE_URL (${databaseHost({ databaseUrl: database })}) cannot be used: ${reasonOf(error)}`
    : `the database in ${dataDir} does not open: ${reasonOf(error)}; move the folder away, or take another: DATA_DIR=… npm start`
}

function shown({
  database,
  worker: { DATABASE_URL = '', NEON_FETCH_ENDPOINT: endpoint },
}: LocalSettings): string {
  if (!database) return databaseHost({ databaseUrl: DATABASE_URL, endpoint })
  return isServer(database) ? databaseHost({ databaseUrl: database }) : `embedded, in ${within(database)}`
}

/** A path as short as it is clear. */
function within(path: string): string {
  const short = relative(process.cwd(), path)
  return short.startsWith('..') ? path : short
}

function openFolder(dataDir: string) {
  try {
    mkdirSync(dataDir, { recursive: true })
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    throw new UserError(
      `the data folder ${dataDir} cannot be used: ${reasonOf(error)}; take another: DATA_DIR=… npm start`,
    )
  }
}

/** @throws Complaint when a child ends that was to run on */
async function endOf(name: string, child: Child): Promise<never> {
  throw new UserError(`${name} ended by itself (${await child.ended}); all the rest is stopped`)
}

if (process.argv.includes('--help')) console.log(HELP)
else
  await runCommand(async () => {
    const hot = process.argv.includes('--hot')
    const asked = shutdownSignal().then(() => console.log('\nStopping …'))
    try {
      await Promise.race([start({ hot, asBuilt: hot || process.argv.includes('--no-build') }), asked])
    } finally {
      await stopAll(running.reverse())
    }
    console.log('Stopped.')
  })
