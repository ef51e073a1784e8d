import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium } from '@playwright/test'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome']
const APPLICATIONS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

/** Returns a browser of this machine: CHROMIUM_PATH, one on the PATH, an application, or Playwright's own. */
function installedBrowser(): string | undefined {
  const named = process.env['CHROMIUM_PATH']
  if (named) {
    if (!isExecutable(named))
      throw new Error(`CHROMIUM_PATH=${named} cannot be run. Unset it, or name a Chromium.`)
    return named
  }
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  const onPath = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)))
  return [...onPath, ...APPLICATIONS, chromium.executablePath()].find(isExecutable)
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/**
 * Returns the path of a Chromium. Installs one first when there is none: Playwright's, or Debian's where that fails.
 * @throws Error that says what to do
 */
export async function findBrowser(): Promise<string> {
  const installed = installedBrowser()
  if (installed) return installed
  const isDebianRoot = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')
  const installers = [
    ['playwright', 'install', '--with-deps', 'chromium'],
    ...(isDebianRoot
      ? [['sh', '-c', 'apt-get update && apt-get install -y --no-install-recommends chromium']]
      : []),
  ]
  for (const [command = '', ...args] of installers) {
    console.log(`▸ No browser here yet: ${[command, ...args].join(' ')}`)
    spawnSync(command, args, { stdio: 'inherit' })
    const found = installedBrowser()
    if (found) return found
  }
  throw new Error('No browser for the tests. Install Chromium or Chrome, or set CHROMIUM_PATH to one.')
}
