import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ROOT } from '../../dev/dev-vars.ts'

/** Bundles the Worker as it is deployed, and returns a configuration of wrangler's that runs it without building again. */
export async function bundleWorker() {
  await promisify(execFile)(process.execPath, ['dev/bundle.ts'], { cwd: ROOT })
  const folder = await mkdtemp(join(tmpdir(), 'margin-worker-'))
  const configPath = join(folder, 'wrangler.toml')
  const config = await readFile(join(ROOT, 'wrangler.toml'), 'utf8')
  await writeFile(
    configPath,
    config
      .replace(/^\[build\]\n(.+\n)+/m, '')
      .replace(
        /^(main|directory) = "(.*)"$/gm,
        (_, name, path) => `${name} = ${JSON.stringify(join(ROOT, path))}`,
      ),
  )
  return { configPath, remove: () => rm(folder, { recursive: true, force: true }) }
}
