import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { UserError } from './command.ts'

interface Holder {
  pid: number
  born: string
}

/** How long another start may take to clear a dead lock away; it is a few calls of the system. */
const PATIENCE_MS = 2_000
/** How long it may take to write a lock. */
const WRITING_MS = 1_000

/**
 * Takes a data folder for this process, also from one that has died; returns what gives it back.
 * @throws Complaint when a living process has it
 */
export function lockFolder(folder: string): () => void {
  const path = join(folder, 'lock')
  const clearing = `${path}.clearing`
  const began = Date.now()
  while (!create(path)) {
    const holder = livingHolder(path)
    if (holder)
      throw new UserError(
        `the data folder ${folder} is in use by process ${holder.pid}: stop that one, or take another: DATA_DIR=… npm start`,
      )
    if (Date.now() - began > PATIENCE_MS)
      throw new UserError(
        `the lock of ${folder} is left from a start that was cut off: remove ${path} and ${clearing}, and start again`,
      )
    // One start at a time: by now another may have cleared the dead one away, and what stands there be its own.
    if (create(clearing)) {
      if (isDead(path)) rmSync(path, { force: true })
      rmSync(clearing)
    }
  }
  return () => rmSync(path, { force: true })
}

/** Whether the file was made, with this process as its holder; not when it was there. */
function create(path: string): boolean {
  const me: Holder = { pid: process.pid, born: birthOf(process.pid) }
  try {
    writeFileSync(path, JSON.stringify(me), { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** Nothing when there is no lock, when its holder has died, or when it does not say whose it is. */
function livingHolder(path: string): Holder | undefined {
  try {
    const holder = JSON.parse(readFileSync(path, 'utf8')) as Holder
    return lives(holder) ? holder : undefined
  } catch {
    return undefined
  }
}

/** A lock that does not say whose it is was cut off, as when a disk was full; unless it is being written. */
function isDead(path: string): boolean {
  try {
    const { mtimeMs } = statSync(path)
    const text = readFileSync(path, 'utf8')
    return text.endsWith('}') ? !livingHolder(path) : Date.now() - mtimeMs > WRITING_MS
  } catch {
    return false
  }
}

/** Numbers of processes are used again, after a restart of a container soon: the moment of birth tells them apart. */
function lives({ pid, born }: Holder): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
  return birthOf(pid) === born
}

/** Clock ticks from the machine's start to the process's; empty where there is no /proc. */
function birthOf(pid: number): string {
  try {
    const fieldsAfterName = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)
    return fieldsAfterName?.split(' ')[19] ?? ''
  } catch {
    return ''
  }
}
