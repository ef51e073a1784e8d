import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { weighBundle } from './bundle-record.ts'
import { UserError, runCommand } from './command.ts'
import { readDatabaseAddress, ROOT } from './dev-vars.ts'
import { describeMigrations, migrate, databaseHost } from './migrate.ts'
import { buildSite } from './site.ts'
import { WRANGLER, WRANGLER_QUIET } from './wrangler.ts'

const DEPLOY_HELP = `DATABASE_URL='postgres://…' npm run deploy    builds the site, migrates that database, deploys to Cloudflare
npm run deploy -- --dry-run                   builds and bundles only: no database, no account

Once, before the first time: npx wrangler login, and npx wrangler secret put NAME for DATABASE_URL,
BETTER_AUTH_SECRET and BETTER_AUTH_URL; later for any other setting of .dev.vars.example.`

async function deploy(dryRun: boolean) {
  // Checked before the database is touched; the DATABASE_URL of .dev.vars is never used.
  if (!dryRun && !process.env['DATABASE_URL'])
    throw new UserError(
      "DATABASE_URL is missing: give the production one, DATABASE_URL='postgres://…' npm run deploy",
    )
  const address = dryRun ? undefined : readDatabaseAddress(process.env)
  console.log(`site      ${await buildSite().built()}`)
  if (address)
    console.log(`database  ${databaseHost(address)}: ${describeMigrations(await migrate(address))}`)
  const wrangler = spawn(process.execPath, [WRANGLER, 'deploy', ...(dryRun ? ['--dry-run'] : [])], {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, ...WRANGLER_QUIET },
  })
  const [code] = (await once(wrangler, 'close')) as [number | null]
  if (code !== 0) throw new UserError(`wrangler ended with ${code}: nothing was deployed`)
  const { allBytes, startBytes } = weighBundle()
  console.log(`worker    ${kib(allBytes)} KiB gz, of which a task call loads ${kib(startBytes)}`)
}

const kib = (bytes: number) => (bytes / 1024).toFixed(1)

if (process.argv.includes('--help')) console.log(DEPLOY_HELP)
else await runCommand(() => deploy(process.argv.includes('--dry-run')))
