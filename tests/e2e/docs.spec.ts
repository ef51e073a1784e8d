import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from '@playwright/test'

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

  const folder = await mkdtemp(join(tmpdir(), 'margin-docs-'))
  // A status of 400 or more becomes an error, and an error ends the shell with the line's number.
  await writeFile(join(folder, '.curlrc'), 'fail\nshow-error\n')
  const script = pasted
    .map(([, line = '']) => line.replace('http://localhost:8787', baseURL ?? ''))
    .join('\n')
  const run = promisify(execFile)
  const { stdout } = await run('bash', ['-euo', 'pipefail', '-x', '-c', script], {
    cwd: folder,
    env: { ...process.env, CURL_HOME: folder },
  })
  expect(stdout).toContain('Water the fig')
  await rm(folder, { recursive: true, force: true })
})
