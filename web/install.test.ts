import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'

const read = (path: string) => readFile(new URL(`dist${path}`, import.meta.url))

/** Returns width and height, in pixels, from the header of a PNG. */
function sizeOf(png: Buffer): string {
  expect(png.subarray(1, 4).toString()).toBe('PNG')
  return `${png.readUInt32BE(16)}x${png.readUInt32BE(20)}`
}

test('WEB-85 the manifest names icons that exist, in their actual sizes', async () => {
  const manifest = JSON.parse((await read('/manifest.webmanifest')).toString()) as {
    start_url: string
    icons: { src: string; sizes: string; purpose?: string }[]
  }
  expect(manifest.start_url).toBe('/tasks')
  const pictures = manifest.icons.filter(({ src }) => src.endsWith('.png'))
  for (const { src, sizes } of pictures) expect(sizeOf(await read(src))).toBe(sizes)
  expect(pictures.map(({ sizes }) => sizes)).toEqual(expect.arrayContaining(['192x192', '512x512']))
  expect(pictures.some(({ purpose }) => purpose === 'maskable')).toBe(true)
})

test.for(['index', 'login', 'register', 'tasks'])(
  'WEB-85 %s names the manifest and an icon for iOS',
  async (name) => {
    const html = (await read(`/${name}.html`)).toString()
    expect(html).toContain('<link rel="manifest" href="/manifest.webmanifest">')
    expect(html).toContain('<link rel="apple-touch-icon" href="/apple-touch-icon.png">')
    expect(sizeOf(await read('/apple-touch-icon.png'))).toBe('180x180')
  },
)

test.for(['index', 'login', 'register', 'docs'])('WEB-86 a link to %s has a preview', async (name) => {
  const html = (await read(`/${name}.html`)).toString()
  for (const property of ['og:title', 'og:description', 'og:image', 'og:image:alt'])
    expect(html).toMatch(new RegExp(`<meta property="${property}" content="[^"]+">`))
  expect(html).toContain('<meta name="twitter:card" content="summary_large_image">')
})

test('WEB-86 the picture of a preview is 1200 × 630 and at most 120 kB', async () => {
  const picture = await read('/preview.png')
  expect(sizeOf(picture)).toBe('1200x630')
  expect(picture.byteLength).toBeLessThanOrEqual(120_000)
})

test('WEB-86 private pages have no preview', async () => {
  expect((await read('/tasks.html')).toString()).not.toContain('og:')
})
