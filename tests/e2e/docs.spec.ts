import { readFile } from 'node:fs/promises'
import { expect, test } from '@playwright/test'
import { paste } from '../support/paste.ts'

/** Pasted last, because it ends the session that the others need. */
const LAST = 'signOut'

/** Not pasted: they end all sessions or the account, and one needs the id of a session. */
const NOT_PASTED = ['endSessions', 'endSession', 'deleteAccount']

interface OpenApiDocument {
  paths: Record<string, Record<string, { operationId: string }>>
}

test('WEB-92 every operation has a curl line, and the lines work as they are pasted', async ({
  page,
  baseURL,
}) => {
  const { paths } = (await (await page.request.get('/api/openapi.json')).json()) as OpenApiDocument
  const operations = Object.values(paths).flatMap((methods) =>
    Object.values(methods).map(({ operationId }) => operationId),
  )
  await page.goto('/docs')
  const lines = await page.locator('[data-curl]').evaluateAll((elements) =>
    elements.map((element) => ({
      id: element.getAttribute('data-curl') ?? '',
      line: element.textContent,
    })),
  )
  // "start" is the line that sets the address.
  expect([...new Set(lines.map(({ id }) => id))].toSorted()).toEqual([...operations, 'start'].toSorted())
  const pasted = [
    ...lines.filter(({ id }) => id !== LAST && !NOT_PASTED.includes(id)),
    ...lines.filter(({ id }) => id === LAST),
  ]
  const output = await paste(pasted.map(({ line }) => line).join('\n'), baseURL)
  // Created by addTask; renamed, deleted and restored by later lines.
  expect(output).toContain('Water the fig')
  // Asked of the assistant by chat.
  expect(output).toMatch(/"response":"[^\n]*call Ann/)
})

test('OPS-16 the shell lines of the README work as they are pasted', async ({ baseURL }) => {
  const sections = (await readFile('README.md', 'utf8')).split(/^## /m)
  const blocks = ['Use it from a shell', 'Say it'].flatMap((title) => {
    const section = sections.find((text) => text.startsWith(`${title}\n`)) ?? ''
    return [...section.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, lines = '']) => lines)
  })
  expect(blocks.length).toBeGreaterThanOrEqual(2)
  const output = await paste(blocks.join(''), baseURL)
  // A task that was created, listed and completed, and one that the assistant added.
  expect(output).toContain('"title":"Buy milk"')
  expect(output).toContain('"completed":true')
  expect(output).toMatch(/"response":"[^\n]*bread/i)
})
