import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ROOT } from '../../dev/dev-vars.ts'

/** The Worker as it is deployed, put together once for all files of a run; the configuration that runs it. */
export async function bundleWorker() {
  const folder = await mkdtemp(join(tmpdir(), 'margin-worker-'))
  const wrangler = join(ROOT, 'node_modules/.bin/wrangler')
  const env = { ...process.env, WRANGLER_SEND_METRICS: 'false' }
  await promisify(execFile)(wrangler, ['deploy', '--dry-run', '--outdir', folder], { cwd: ROOT, env })
  const config = await readFile(join(ROOT, 'wrangler.toml'), 'utf8')
  const configPath = join(folder, 'wrangler.toml')
  await writeFile(
    configPath,
    config
      .replace(/^main = .*$/m, `main = ${JSON.stringify(join(folder, 'index.js'))}\nno_bundle = true`)
      .replace(
        /^directory = "(.*)"$/m,
        (_, path: string) => `directory = ${JSON.stringify(join(ROOT, path))}`,
      ),
  )
  return { configPath, remove: () => rm(folder, { recursive: true, force: true }) }
}
