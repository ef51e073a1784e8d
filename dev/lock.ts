import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Complaint } from './command.ts'

interface Holder {
  pid: number
  born: string
}

/**
 * Takes a data folder for this process, also from one that has died; returns what gives it back.
 * @throws Complaint when a living process has it
 */
export function lockFolder(folder: string): () => void {
  const path = join(folder, 'lock')
  const me: Holder = { pid: process.pid, born: birthOf(process.pid) }
  const write = () => writeFileSync(path, JSON.stringify(me), { flag: 'wx' })
  try {
    write()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    const holder = readHolder(path)
    if (holder && lives(holder))
      throw new Complaint(
        `the data folder ${folder} is in use by process ${holder.pid}: stop that one, or take another: DATA_DIR=… npm start`,
      )
    rmSync(path)
    write()
  }
  return () => rmSync(path, { force: true })
}

/** Nothing when the file was cut off, as when a disk was full. */
function readHolder(path: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Holder
  } catch {
    return undefined
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
