import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { freePort } from '../support/free-port.ts'
import { addTask, expectOpenTasks, expectStored } from './task-list.ts'
import { signUp } from './users.ts'

const PORT = await freePort()
const DB_PORT = await freePort()
const folder = mkdtempSync(join(tmpdir(), 'margin-restart-'))
let running: ChildProcess | undefined

/** Starts the product with ports and a folder of its own. Resolves when it is ready. */
async function start(): Promise<ChildProcess> {
  const child = spawn('node', ['dev/local.ts', '--no-build'], {
    stdio: 'ignore',
    env: {
      ...process.env,
      PORT: String(PORT),
      DB_PORT: String(DB_PORT),
      DATA_DIR: folder,
      DEV_VARS: join(folder, 'none'),
      BETTER_AUTH_SECRET: 'a-secret-for-restarts-that-is-long-enough',
    },
  })
  const ready = () =>
    fetch(`http://localhost:${PORT}/api/ready`).then(
      (response) => response.ok,
      () => false,
    )
  await expect.poll(ready, { timeout: 90_000, intervals: [250] }).toBe(true)
  return child
}

/** Stops it as Ctrl+C does. Returns its exit code. */
async function stop(child: ChildProcess): Promise<number | null> {
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve))
  child.kill('SIGINT')
  return exited
}

test.afterAll(async () => {
  if (running?.exitCode === null) await stop(running)
  rmSync(folder, { recursive: true, force: true })
})

test('OPS-26 users, sessions and tasks survive a restart', async ({ browser }) => {
  test.setTimeout(240_000)
  const page = await (await browser.newContext({ baseURL: `http://localhost:${PORT}` })).newPage()
  running = await start()
  await signUp(page)
  await page.goto('/tasks')
  for (const title of ['One', 'Two']) await addTask(page, title)
  await page.getByRole('checkbox', { name: 'Two' }).check()
  await expectStored(page, [{ title: 'Two', completed: true }, { title: 'One' }])
  expect(await stop(running)).toBe(0)
  await expect(fetch(`http://localhost:${PORT}/api/health`)).rejects.toThrow()
  running = await start()
  await page.reload()
  await expect(page.getByRole('checkbox', { name: 'Two' })).toBeChecked()
  await expectOpenTasks(page, 1)
})
