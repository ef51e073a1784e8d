import { connect } from './db/client.ts'
import { purgeUnusedClients } from './oauth/connected-clients.ts'
import { logFailure } from './problem.ts'
import { readSettings } from './settings.ts'
import { purgeTasks } from './tasks/tasks.ts'

/**
 * What is done each night, each part whatever becomes of the other.
 * @throws Error that says nothing, so that the run counts as failed: the runtime logs it, and the driver's words quote SQL
 */
export async function runNightly(bindings: object): Promise<void> {
  const done = await Promise.all([
    attempt('purge-tasks', () => purgeTasks(connect(readSettings(bindings)))),
    attempt('purge-agents', () => purgeUnusedClients(connect(readSettings(bindings)))),
  ])
  if (done.includes(false)) throw new Error('The night’s work is not done. The log says why.')
}

async function attempt(job: string, work: () => Promise<void>): Promise<boolean> {
  try {
    await work()
    return true
  } catch (error) {
    logFailure({ job }, error)
    return false
  }
}
