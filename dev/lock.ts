import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { UserError } from './command.ts'

interface Holder {
  pid: number
  /** When the process started, in clock ticks; empty where that is not known. */
  born: string
}

/** Longest that another start may take to remove a stale lock, ms; it takes a few system calls. */
const CLEAR_TIMEOUT_MS = 2_000
/** Longest that it may take to write a lock file, ms. */
const WRITE_TIMEOUT_MS = 1_000

/**
 * Locks a data folder for this process, even when one that has died holds the lock; returns a function that unlocks it.
 * @throws UserError when a living process holds it
 */
export function lockFolder(folder: string): () => void {
  const path = join(folder, 'lock')
  const clearing = `${path}.clearing`
  const startedAt = Date.now()
  while (!createLock(path)) {
    const holder = findLivingHolder(path)
    if (holder)
      throw new UserError(
        `the data folder ${folder} is in use by process ${holder.pid}: stop that one, or take another: DATA_DIR=… npm start`,
      )
    if (Date.now() - startedAt > CLEAR_TIMEOUT_MS)
      throw new UserError(
        `the lock of ${folder} is left from a start that was cut off: remove ${path} and ${clearing}, and start again`,
      )
    // One start at a time: by now, another one may have removed the stale lock and created its own.
    if (createLock(clearing)) {
      if (isStale(path)) rmSync(path, { force: true })
      rmSync(clearing)
    }
  }
  return () => rmSync(path, { force: true })
}

/** Creates the file with this process as its holder; returns false when it exists. */
function createLock(path: string): boolean {
  const me: Holder = { pid: process.pid, born: startTicks(process.pid) }
  try {
    writeFileSync(path, JSON.stringify(me), { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** Returns undefined when there is no lock, when its holder has died, or when the file names none. */
function findLivingHolder(path: string): Holder | undefined {
  try {
    const holder = JSON.parse(readFileSync(path, 'utf8')) as Holder
    return isAlive(holder) ? holder : undefined
  } catch {
    return undefined
  }
}

/** A file that names no holder was cut off, for instance by a full disk, unless it is just being written. */
function isStale(path: string): boolean {
  try {
    const { mtimeMs } = statSync(path)
    const text = readFileSync(path, 'utf8')
    return text.endsWith('}') ? !findLivingHolder(path) : Date.now() - mtimeMs > WRITE_TIMEOUT_MS
  } catch {
    return false
  }
}

/** Process ids are reused, soon after a container restarts: the start time tells two processes apart. */
function isAlive({ pid, born }: Holder): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
  return startTicks(pid) === born
}

/** Returns the clock ticks from the boot to the start of the process; empty where there is no /proc. */
function startTicks(pid: number): string {
  try {
    const fieldsAfterName = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)
    return fieldsAfterName?.split(' ')[19] ?? ''
  } catch {
    return ''
  }
}
