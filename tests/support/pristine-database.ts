import { cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { ROOT } from '../../dev/dev-vars.ts'

const CACHE = join(ROOT, 'node_modules/.cache/margin')
const { version } = JSON.parse(
  readFileSync(join(ROOT, 'node_modules/@electric-sql/pglite/package.json'), 'utf8'),
) as { version: string }
/** An empty database of this PGlite: `files` as a data directory, `files.tar` as a snapshot. */
const PRISTINE = join(CACHE, `pglite-${version}`)

/** Returns a snapshot of an empty database, to start PGlite in memory from: a fifth of the work of initdb. */
export async function pristineSnapshot(): Promise<Blob> {
  await makePristine()
  return new Blob([await readFile(join(PRISTINE, 'files.tar'))])
}

/** Copies the files of an empty database into `directory`, which must not exist. */
export async function copyPristine(directory: string): Promise<void> {
  await makePristine()
  await cp(join(PRISTINE, 'files'), directory, { recursive: true })
}

/** Makes both once for this version of PGlite; of several processes that make them at once, one wins. */
async function makePristine(): Promise<void> {
  if (existsSync(PRISTINE)) return
  await mkdir(CACHE, { recursive: true })
  const draft = await mkdtemp(join(CACHE, 'draft-'))
  const pglite = await PGlite.create(join(draft, 'files'))
  const snapshot = await pglite.dumpDataDir('none')
  await pglite.close()
  await writeFile(join(draft, 'files.tar'), Buffer.from(await snapshot.arrayBuffer()))
  await rename(draft, PRISTINE).catch(async (error: unknown) => {
    await rm(draft, { recursive: true })
    if (!existsSync(PRISTINE)) throw error
  })
}
