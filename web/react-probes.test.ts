import { readdir, readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { NAVIGATION_PROBE, REACT_PROBES } from './integrations/drop-react-probes.ts'

const SITE = new URL('dist/_astro/', import.meta.url)
const SOURCE = new URL('src/', import.meta.url)
const REACT_DOM = new URL('cjs/react-dom-client.production.js', import.meta.resolve('react-dom'))

const read = (file: string | URL): Promise<string> => readFile(file, 'utf8')

/** Returns the text of every script under `folder`. */
async function readScripts(folder: URL): Promise<string> {
  const files = await readdir(folder, { recursive: true })
  const scripts = files.filter((file) => /\.(js|tsx?|astro)$/.test(file))
  return (await Promise.all(scripts.map((file) => read(new URL(file, folder))))).join('\n')
}

test.for(Object.keys(REACT_PROBES))(
  'WEB-120 the build removes %s, which React DOM has and our own source has not',
  async (probe) => {
    const name = probe.replace('document.', '')
    // When React no longer probes for it, the replacement has no purpose and goes.
    expect(await read(REACT_DOM)).toContain(probe)
    expect(await readScripts(SOURCE)).not.toContain(name)
    // React's own `"documentMode" in document` stays: only reading it is replaced.
    expect(await readScripts(SITE)).not.toContain(probe)
  },
)

test('WEB-120 the build removes the Navigation API from React DOM alone', async () => {
  expect(await read(REACT_DOM)).toContain(NAVIGATION_PROBE)
  const scripts = await readScripts(SITE)
  expect(scripts).not.toMatch(/typeof navigation\b/)
  expect(scripts).not.toContain('navigatesuccess')
})
