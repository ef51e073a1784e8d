import { LIST_CHANGED } from '../lib/list-changed.ts'
import { startSession } from '../lib/api.ts'
import { currentUserId } from '../lib/current-user.ts'
import { browserStorage } from './browser-storage.ts'
import { answerUnpersistedCount } from './local-data.ts'
import { taskRemote } from './remote.ts'
import { createTaskStore, type TaskStore } from './task-store.ts'

/** Milliseconds between two looks at what changed elsewhere, while the page is in view. */
const LOOK_EVERY_MS = 30_000
/** Looks in a row that find nothing, after which the database may go to sleep until the person comes back. */
const QUIET_LOOKS = 20
/** Milliseconds for which what the server told may be in this page alone; its answers are kept all the same. */
const SAVE_AFTER_MS = 3_000

/** The store of this page, opened with what the Worker wrote into the document. */
export function startStore(): TaskStore {
  const page = startSession()
  const person = currentUserId() ?? ''
  let saving: ReturnType<typeof setTimeout> | undefined
  let quiet = 0
  const store = createTaskStore({
    server: taskRemote,
    device: browserStorage(person),
    pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    onUnsaved: () => {
      quiet = 0
      saving ??= setTimeout(save, SAVE_AFTER_MS)
    },
    onGone: () => location.replace('/'),
  })
  void store.load(page?.tasks)
  answerUnpersistedCount(person, store.unkept)

  function save(): void {
    clearTimeout(saving)
    saving = undefined
    void store.save()
  }
  function look(): void {
    if (document.visibilityState === 'visible') void store.sync()
    else if (saving !== undefined) save()
  }
  setInterval(() => {
    if (quiet++ < QUIET_LOOKS) look()
  }, LOOK_EVERY_MS)
  for (const event of ['online', 'focus', 'visibilitychange', LIST_CHANGED])
    addEventListener(event, () => {
      quiet = 0
      store.wake()
      look()
    })
  addEventListener('beforeunload', (event) => {
    if (!store.getSnapshot().safe) event.preventDefault()
  })
  return store
}
