import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test } from 'vitest'
import { newFolder, runHere } from '../tests/support/start.ts'
import { ROOT } from './dev-vars.ts'

const ROUNDS = 60

/** Starts a process that tries to lock each folder whose name it reads, and lives on; `lock` tells whether it got it. */
async function startLocker(folder: string) {
  const script = `
    import { createInterface } from 'node:readline'
    import { UserError } from './dev/command.ts'
    import { lockFolder } from './dev/lock.ts'
    for await (const round of createInterface(process.stdin.on('error', () => {})))
      try {
        if (round !== 'ready') lockFolder('${folder}/' + round)
        console.log('locked')
      } catch (error) {
        console.log(error instanceof UserError ? 'refused' : String(error))
      }`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], { cwd: ROOT })
  onTestFinished(() => void child.kill('SIGKILL'))
  const answers = createInterface(child.stdout)
  const lock = async (round: string) => {
    const answered = once(answers, 'line')
    child.stdin.write(`${round}\n`)
    return ((await answered) as [string])[0]
  }
  await lock('ready')
  return lock
}

test('OPS-13 of several starts that find the lock of one that has died, exactly one gets the folder', async () => {
  const folder = newFolder()
  for (let round = 0; round < ROUNDS; round++) {
    mkdirSync(join(folder, String(round)))
    const lock = join(folder, String(round), 'lock')
    writeFileSync(lock, round % 2 ? '{"pid":' : '{"pid":1,"born":"never"}')
    utimesSync(lock, 0, 0)
  }
  const lockers = await Promise.all([1, 2, 3].map(() => startLocker(folder)))
  for (let round = 0; round < ROUNDS; round++) {
    const answers = await Promise.all(lockers.map((lock) => lock(String(round))))
    expect(answers.toSorted()).toEqual(['locked', 'refused', 'refused'])
  }
})

test('OPS-13 what a start that was cut off leaves of its lock is named, to be removed', async () => {
  const folder = newFolder()
  for (const name of ['lock', 'lock.clearing']) writeFileSync(join(folder, name), '{"pid":1,"born":"never"}')
  const script = `import { lockFolder } from './dev/lock.ts'; lockFolder('${folder}')`
  const { said } = await runHere(['--input-type=module', '--eval', script])
  expect(said).toContain(`remove ${folder}/lock and ${folder}/lock.clearing, and start again`)
})
