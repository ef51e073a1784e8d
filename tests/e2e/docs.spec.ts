import { readFile } from 'node:fs/promises'
import { expect, test } from '@playwright/test'
import { paste } from '../support/paste.ts'

/** After these, others would find nobody logged in. */
const LAST = ['signOut']

/** These end sessions or the account, so that nothing after them could be tried; one wants the id of a session. */
const ENDING = ['endSessions', 'endSession', 'deleteAccount']

test('WEB-92 the curl lines of the reference work as they are pasted', async ({ page, baseURL }) => {
  await page.goto('/docs')
  const lines = await page
    .locator('[data-curl]')
    .evaluateAll((codes) => codes.map((code) => [code.getAttribute('data-curl') ?? '', code.textContent]))
  const last = lines.filter(([id = '']) => LAST.includes(id))
  const others = lines.filter((line) => !last.includes(line) && !ENDING.includes(line[0] ?? ''))
  const pasted = [...others, ...last]
  expect(pasted.length).toBeGreaterThan(10)
  expect(await paste(pasted.map(([, line = '']) => line).join('\n'), baseURL)).toContain('Water the fig')
})

test('OPS-16 the README’s lines for a shell work as they are pasted', async ({ baseURL }) => {
  const sections = (await readFile('README.md', 'utf8')).split(/^## /m)
  const blocks = ['Use it from a shell', 'Say it'].flatMap((title) => {
    const section = sections.find((text) => text.startsWith(`${title}\n`)) ?? ''
    return [...section.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, lines = '']) => lines)
  })
  expect(blocks.length).toBeGreaterThanOrEqual(2)
  const said = await paste(blocks.join(''), baseURL)
  // Made, listed, completed, and talked about.
  expect(said).toContain('"title":"Buy milk"')
  expect(said).toContain('"completed":true')
  expect(said).toMatch(/"response":"[^\n]*bread/i)
})
