import { connect } from './db/client.ts'
import { purgeUnusedClients } from './oauth/connected-clients.ts'
import { logFailure } from './problem.ts'
import { readSettings } from './settings.ts'
import { purgeTasks } from './tasks/tasks.ts'

/**
 * Runs the nightly jobs; one that fails does not stop the others.
 * @throws a generic Error, so that the cron run is marked failed without leaking SQL: the runtime logs its message
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
