import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { expect, test } from 'vitest'
import { newFolder } from '../tests/support/start.ts'
import { stubModules } from './bundle-plugins.ts'

interface Stub {
  new (): object
  (): unknown
}

/** Bundles a package of which `spare.mjs` is stubbed, with an entry that imports all of it. */
async function bundleWith(path: RegExp) {
  const folder = newFolder()
  writeFileSync(
    join(folder, 'spare.mjs'),
    `class Hidden {}
     export class Files { list() {} }
     export async function* pages() {}
     export const helper = () => 1, { length } = 'destructured'
     export { Hidden as Batches }
     export default class {}`,
  )
  writeFileSync(
    join(folder, 'entry.mjs'),
    `import * as spare from './spare.mjs'
     export class Sub extends spare.Files {}
     export { spare }`,
  )
  const outfile = join(folder, 'out.mjs')
  await build({
    absWorkingDir: folder,
    entryPoints: ['entry.mjs'],
    outfile,
    bundle: true,
    format: 'esm',
    plugins: [stubModules({ path })],
    logLevel: 'silent',
  })
  return (await import(outfile)) as { spare: Record<string, Stub>; Sub: Stub }
}

test('OPS-131 a stub has every export of its module, and each throws when it is used', async () => {
  const { spare, Sub } = await bundleWith(/\/spare\.mjs$/)
  expect(Object.keys(spare).toSorted()).toEqual(['Batches', 'Files', 'default', 'helper', 'length', 'pages'])
  for (const stub of Object.values(spare)) expect(() => stub()).toThrow(/^not bundled: .*\/spare\.mjs$/)
  // OpenAI's client constructs each of its resources, used or not.
  for (const stub of [...Object.values(spare), Sub]) {
    const instance = new stub()
    expect(() => Reflect.get(instance, 'list')).toThrow('not bundled')
  }
})

test('OPS-131 the bundling fails when there is no module to stub', async () => {
  await expect(bundleWith(/\/renamed\.mjs$/)).rejects.toThrow('no module matches')
})
