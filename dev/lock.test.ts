import { mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { newFolder, runHere } from '../tests/support/start.ts'

const ROUNDS = 60

/** Takes each of the folders at its moment (ms since 1970, then every 20 ms), and says which it got. */
const taker = (folder: string, from: number) => `
  import { lockFolder } from './dev/lock.ts'
  const mine = []
  for (let round = 0; round < ${ROUNDS}; round++) {
    while (Date.now() < ${from} + round * 20);
    try { lockFolder('${folder}/' + round); mine.push(round) } catch (error) { if (error.name !== 'Complaint') throw error }
  }
  console.log(mine.join(' '))
  await new Promise((resolve) => setTimeout(resolve, 1_000))`

test('OPS-13 of several starts that find the lock of one that has died, one alone gets the folder', async () => {
  const folder = newFolder()
  for (let round = 0; round < ROUNDS; round++) {
    mkdirSync(join(folder, String(round)))
    const lock = join(folder, String(round), 'lock')
    writeFileSync(lock, round % 2 ? '{"pid":' : '{"pid":1,"born":"never"}')
    utimesSync(lock, 0, 0)
  }
  const script = taker(folder, Date.now() + 1_500)
  const taken = await Promise.all([1, 2, 3].map(() => runHere(['--input-type=module', '--eval', script])))
  expect(taken.map(({ code }) => code)).toEqual([0, 0, 0])
  const rounds = taken.flatMap(({ said }) => said.trim().split(' ').filter(Boolean).map(Number))
  expect(rounds.toSorted((a, b) => a - b)).toEqual(Array.from({ length: ROUNDS }, (_, round) => round))
})

test('OPS-13 what a start that was cut off leaves of its lock is named, to be removed', async () => {
  const folder = newFolder()
  for (const name of ['lock', 'lock.clearing']) writeFileSync(join(folder, name), '{"pid":1,"born":"never"}')
  const script = `import { lockFolder } from './dev/lock.ts'; lockFolder('${folder}')`
  const { said } = await runHere(['--input-type=module', '--eval', script])
  expect(said).toContain(`remove ${folder}/lock and ${folder}/lock.clearing, and start again`)
})
