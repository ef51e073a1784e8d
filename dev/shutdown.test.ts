import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { ROOT } from './dev-vars.ts'

/** A process that stops when it is asked to, as `npm start` does: by `stops`, a list as text. */
async function running(stops: string) {
  const script = `
    import { stopAll, stopAsked } from './dev/shutdown.ts'
    const asked = stopAsked()
    setInterval(() => {}, 1_000)
    console.log('up')
    await asked
    console.log('stopping')
    await stopAll(${stops})
    process.exit(0)`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], { cwd: ROOT })
  onTestFinished(() => void child.kill('SIGKILL'))
  const said = { out: '', error: '' }
  child.stdout.on('data', (chunk: Buffer) => (said.out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (said.error += chunk.toString()))
  const ended = once(child, 'close').then(([code]) => code as number | null)
  await expect.poll(() => said.out).toContain('up')
  return { child, said, ended }
}

const FOR_EVER = '() => new Promise(() => {})'
const GIVEN_UP = /^margin: ended before everything had stopped; [^\n]*\n$/

test('OPS-10 a stop that fails keeps none of the others from stopping', async () => {
  const { child, said, ended } = await running(
    `[() => { throw new Error('stuck') }, () => Promise.reject(new Error('torn')), () => console.log('the last')]`,
  )
  child.kill('SIGINT')
  expect(await ended).toBe(0)
  expect(said).toEqual({
    out: 'up\nstopping\nthe last\n',
    error: 'margin: while stopping: stuck\nmargin: while stopping: torn\n',
  })
})

test('OPS-10 a second Ctrl-C ends what does not stop; npm’s echo of the first is not one', async () => {
  const { child, said, ended } = await running(`[${FOR_EVER}]`)
  child.kill('SIGINT')
  child.kill('SIGINT')
  await expect.poll(() => said.out).toContain('stopping')
  await pause(1_100)
  expect(child.exitCode).toBeNull()
  child.kill('SIGINT')
  expect(await ended).toBe(1)
  expect(said.error).toMatch(GIVEN_UP)
})

test('OPS-10 what has not stopped within 10 s is left', async () => {
  const { child, said, ended } = await running(`[${FOR_EVER}]`)
  const began = Date.now()
  child.kill('SIGTERM')
  expect(await ended).toBe(1)
  expect(Date.now() - began).toBeGreaterThan(9_000)
  expect(said.error).toMatch(GIVEN_UP)
})
