import { session } from '../../lib/api.ts'
import { readPageSession } from '../../lib/page-session.ts'
import { taskServer } from './task-server.ts'
import { createTaskStore, type TaskStore } from './task-store.ts'

/** Resolves after `ms`, or as soon as the device is online again. */
function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms)
    addEventListener('online', done, { once: true })
    function done(): void {
      clearTimeout(timer)
      removeEventListener('online', done)
      resolve()
    }
  })
}

/** The store of this page, opened with what the Worker wrote into the document. */
export function startStore(): TaskStore {
  const page = readPageSession()
  if (page) session.adopt(page.token)
  const store = createTaskStore({ server: taskServer, pause })
  void store.load(page?.tasks)
  addEventListener('beforeunload', (event) => {
    if (store.getSnapshot().unsent > 0) event.preventDefault()
  })
  return store
}
