import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { newFolder } from '../tests/support/start.ts'
import { ROOT } from './dev-vars.ts'

const install = (cwd: string, env: NodeJS.ProcessEnv = {}) =>
  execFileSync(process.execPath, [join(ROOT, 'dev/install-hooks.mjs')], {
    cwd,
    env: { PATH: process.env['PATH'], HOME: cwd, ...env },
  })

test('OPS-133 an install sets up the hooks of a clone, and does nothing in CI or without git', () => {
  const folder = newFolder()
  copyFileSync(join(ROOT, 'lefthook.yml'), join(folder, 'lefthook.yml'))
  const hook = join(folder, '.git/hooks/pre-commit')
  install(folder)
  expect(existsSync(join(folder, '.git'))).toBe(false)
  execFileSync('git', ['init', '--quiet'], { cwd: folder })
  install(folder, { CI: 'true' })
  expect(existsSync(hook)).toBe(false)
  install(folder)
  expect(existsSync(hook)).toBe(true)
})
