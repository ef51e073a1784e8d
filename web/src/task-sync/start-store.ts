import { startSession } from '../lib/api.ts'
import { currentUserId } from '../lib/current-user.ts'
import { LIST_CHANGED } from '../lib/list-changed.ts'
import { browserStorage } from './browser-storage.ts'
import { answerUnpersistedCount } from './local-data.ts'
import { taskRemote } from './remote.ts'
import { createTaskStore, type TaskStore } from './task-store.ts'

/** Milliseconds between two pulls while the page is visible. */
const PULL_INTERVAL_MS = 30_000
/** Pulls in a row without news after which the database may sleep until the user comes back. */
const MAX_IDLE_PULLS = 20
/** Milliseconds for which the saved replica may be older than this tab's; the outbox has what was acknowledged. */
const SAVE_DELAY_MS = 3_000

/** Creates and starts the store of this page from what the Worker wrote into the document. */
export function startStore(): TaskStore {
  const session = startSession()
  const userId = currentUserId() ?? ''
  const store = createTaskStore({
    userId,
    remote: taskRemote,
    storage: browserStorage(userId),
    pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  })
  let saveTimer: ReturnType<typeof setTimeout> | undefined
  let idlePulls = 0

  function save(): void {
    clearTimeout(saveTimer)
    saveTimer = undefined
    void store.save()
  }
  function pullIfVisible(): void {
    if (document.visibilityState === 'visible') void store.sync()
    else if (saveTimer !== undefined) save()
  }

  store.onUnsaved(() => {
    idlePulls = 0
    saveTimer ??= setTimeout(save, SAVE_DELAY_MS)
  })
  store.onLogout(() => location.replace('/'))
  void store.load(session?.tasks)
  answerUnpersistedCount(userId, store.unpersistedCount)
  setInterval(() => {
    if (idlePulls++ < MAX_IDLE_PULLS) pullIfVisible()
  }, PULL_INTERVAL_MS)
  for (const event of ['online', 'focus', 'visibilitychange', LIST_CHANGED])
    addEventListener(event, () => {
      idlePulls = 0
      store.wake()
      pullIfVisible()
    })
  addEventListener('beforeunload', (event) => {
    if (!store.getSnapshot().persisted) event.preventDefault()
  })
  return store
}
