/// <reference lib="dom" />
import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { chromium, type Page } from '@playwright/test'
import { findBrowser } from '../tests/support/browser.ts'

/** Renders the icons and the social preview from the favicon and an HTML page: `npm run pictures`. */

const PUBLIC = new URL('../web/public/', import.meta.url)
const FONT =
  '../node_modules/@fontsource-variable/instrument-sans/files/instrument-sans-latin-wght-normal.woff2'

const favicon = await readFile(new URL('favicon.svg', PUBLIC), 'utf8')
const font = (await readFile(new URL(FONT, import.meta.url))).toString('base64')

/** `drawn` is the drawing's share of the side; `whole` fills an icon to its edges, for systems that cut its shape. */
const icons = [
  { file: 'icon-192.png', side: 192, drawn: 1 },
  { file: 'icon-512.png', side: 512, drawn: 1 },
  { file: 'icon-maskable-512.png', side: 512, drawn: 0.8, whole: true },
  { file: 'apple-touch-icon.png', side: 180, drawn: 0.9, whole: true },
]

const edgeToEdge = `
  body { background: #fff }
  .sheet { display: none }
  .rule { d: path('M20 -9v60') }`

const iconHtml = ({ side, drawn, whole = false }: (typeof icons)[number]) => `${favicon}<style>
  body { margin: 0; height: ${side}px; display: grid; place-items: center }
  svg { width: ${side * drawn}px; overflow: visible }
  ${whole ? edgeToEdge : ''}
</style>`

async function shoot(
  page: Page,
  file: string,
  html: string,
  { width, height }: { width: number; height: number },
) {
  await page.setViewportSize({ width, height })
  await page.setContent(html)
  await page.evaluate(() => document.fonts.ready)
  const picture = await page.screenshot({ omitBackground: true })
  await writeFile(new URL(file, PUBLIC), picture)
  console.log(`web/public/${file}: ${(picture.byteLength / 1000).toFixed(1)} kB`)
}

const browser = await chromium.launch({ executablePath: await findBrowser(), args: ['--no-sandbox'] })
try {
  const page = await browser.newPage({ colorScheme: 'light' })
  for (const icon of icons)
    await shoot(page, icon.file, iconHtml(icon), { width: icon.side, height: icon.side })
  const preview = await readFile(fileURLToPath(new URL('preview.html', import.meta.url)), 'utf8')
  await shoot(page, 'preview.png', preview.replace('FONT', `data:font/woff2;base64,${font}`), {
    width: 1200,
    height: 630,
  })
} finally {
  await browser.close()
}
