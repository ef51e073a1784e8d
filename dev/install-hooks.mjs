import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

// Run by npm after an install, with whatever Node there is: hence JavaScript. Without hooks everything still works, so
// that an install never fails for them: in CI, in an archive without .git, and without the development packages.
if (existsSync('.git') && !process.env['CI'])
  try {
    const lefthook = fileURLToPath(import.meta.resolve('lefthook/bin/index.js'))
    execFileSync(process.execPath, [lefthook, 'install'], { stdio: ['ignore', 'ignore', 'inherit'] })
  } catch {
    console.warn('The git hooks of lefthook.yml are not installed.')
  }
