import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { checkSpecs } from './spec-ids.ts'
import { newFolder } from './support/start.ts'

const REQUIREMENTS = [...ids('FR', 13), ...ids('SC', 7)].map((id) => `| ${id} | TASK-1 |\n`).join('')

/** A project without faults, by path. */
const SOUND = {
  'specs/requirements.md': REQUIREMENTS,
  'specs/features/tasks.md': '- **TASK-1** A task is added.\n',
  'specs/decisions/0001-first.md': '# 1. First\n',
  'specs/decisions/0002-second.md': '# 2. Second\n',
  'worker/tasks.test.ts': "test('TASK-1 adds', () => {})\n",
  'README.md': 'See `worker/tasks.test.ts`, `worker/*.test.ts` and [the decisions](specs/decisions).\n',
}

function ids(family: string, count: number): string[] {
  return Array.from({ length: count }, (_, n) => `${family}-${String(n + 1).padStart(3, '0')}`)
}

/** The faults of the sound project with these files changed. */
function faultsWith(changes: Record<string, string>): string[] {
  const root = newFolder()
  for (const [path, text] of Object.entries({ ...SOUND, ...changes })) {
    mkdirSync(join(root, dirname(path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  return checkSpecs(root).faults
}

test.for<[what: string, changes: Record<string, string>, faults: string[]]>([
  ['no fault in a sound project', {}, []],
  [
    'a clause that is defined twice',
    {
      'specs/features/tasks.md': '- **TASK-1** A task is added.\n- **TASK-1** A task is removed.\n',
    },
    ['specs/features/tasks.md: TASK-1 is defined twice'],
  ],
  [
    'a clause without a test',
    { 'specs/features/web.md': '- **WEB-1** There is a page.\n' },
    ['specs/features/web.md: WEB-1 has no test'],
  ],
  [
    'a title with an unknown clause, and one with none',
    { 'worker/other.test.ts': "test('TASK-2 removes', () => {})\ntest('removes', () => {})\n" },
    [
      'worker/other.test.ts: “removes” does not start with the id of a clause',
      'worker/other.test.ts: TASK-2 is not in specs/features',
    ],
  ],
  [
    'a requirement that is missing',
    { 'specs/requirements.md': REQUIREMENTS.replace('FR-007', 'FR-014') },
    ['specs/requirements.md: FR-007 is missing'],
  ],
  [
    'a gap in the decisions and a heading with another number',
    { 'specs/decisions/0004-fourth.md': '# 5. Fourth\n' },
    ['specs/decisions/0004-fourth.md: its heading says 5', 'specs/decisions: there is no decision 3'],
  ],
  [
    'a number that two decisions have',
    { 'specs/decisions/0002-twin.md': '# 2. Twin\n' },
    ['specs/decisions/0002-twin.md: another decision has this number'],
  ],
  [
    'paths and links that lead nowhere',
    {
      'README.md': 'See `worker/gone.ts` and [this](specs/gone.md).\n',
      'worker/code.ts': '// (specs/decisions/0009-gone.md)\n',
    },
    [
      'README.md: worker/gone.ts does not exist',
      'README.md: specs/gone.md does not exist',
      'worker/code.ts: specs/decisions/0009-gone.md does not exist',
    ],
  ],
])('OPS-130 the check of the specs finds %s', ([, changes, faults]) => {
  expect(faultsWith(changes)).toEqual(faults)
})
