import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

/**
 * Runs documented lines in one shell as they are, except that `baseURL` replaces http://localhost:8787; returns what they
 * print.
 * @throws Error when a line fails, or gets a response of 400 or more
 */
export async function paste(lines: string, baseURL = ''): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'margin-shell-'))
  try {
    // A status of 400 or more becomes an error, and an error ends the shell with the line's number.
    await writeFile(join(folder, '.curlrc'), 'fail\nshow-error\n')
    const script = lines.replaceAll('http://localhost:8787', baseURL)
    const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-x', '-c', script], {
      cwd: folder,
      env: { ...process.env, CURL_HOME: folder },
    })
    return stdout
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
