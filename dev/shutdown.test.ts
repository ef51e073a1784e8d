import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, onTestFinished, test } from 'vitest'
import { ROOT } from './dev-vars.ts'

/**
 * Starts a process that shuts down as `npm start` does. Its clock is ours: a line on its standard input moves it forward
 * by that many milliseconds. `stops` is the source of the list of functions that stop its parts.
 */
async function startProcess(stops: string) {
  const script = `
    import { createInterface } from 'node:readline'
    import { mock } from 'node:test'
    import { shutdownSignal, stopAll } from './dev/shutdown.ts'
    mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1_000_000 })
    createInterface(process.stdin).on('line', (ms) => {
      mock.timers.tick(Number(ms))
      console.log('tick ' + ms)
    })
    process.on('SIGINT', () => console.log('interrupted'))
    const asked = shutdownSignal()
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
  const printed = (words: string) =>
    expect.poll(() => said.out + said.error, { message: words }).toContain(words)
  await printed('up\n')
  return {
    child,
    said,
    ended,
    printed,
    tick: async (ms: number) => {
      child.stdin.write(`${ms}\n`)
      await printed(`tick ${ms}\n`)
    },
  }
}

const NEVER = '() => new Promise(() => {})'
const GAVE_UP = /^margin: ended before everything had stopped; [^\n]*\n$/

test('OPS-10 a stop that fails does not keep the others from stopping', async () => {
  const { child, said, ended } = await startProcess(
    `[() => { throw new Error('stuck') }, () => Promise.reject(new Error('torn')), () => console.log('the last')]`,
  )
  child.kill('SIGTERM')
  expect(await ended).toBe(0)
  expect(said).toEqual({
    out: 'up\nstopping\nthe last\n',
    error: 'margin: while stopping: stuck\nmargin: while stopping: torn\n',
  })
})

test('OPS-10 a second Ctrl-C ends what does not stop; npm’s echo of the first does not', async () => {
  const { child, said, ended, printed, tick } = await startProcess(`[${NEVER}]`)
  child.kill('SIGINT')
  await printed('stopping\n')
  await tick(1_000)
  child.kill('SIGINT')
  await printed('interrupted\nstopping\ntick 1000\ninterrupted\n')
  await tick(1)
  expect(child.exitCode).toBeNull()
  child.kill('SIGINT')
  expect(await ended).toBe(1)
  expect(said.error).toMatch(GAVE_UP)
})

test('OPS-10 what has not stopped within 10 s is abandoned', async () => {
  const { child, said, ended, printed, tick } = await startProcess(`[${NEVER}]`)
  child.kill('SIGTERM')
  await printed('stopping\n')
  await tick(9_999)
  expect(child.exitCode).toBeNull()
  child.stdin.write('1\n')
  expect(await ended).toBe(1)
  expect(said.error).toMatch(GAVE_UP)
})
