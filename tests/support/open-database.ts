import { connect, type Database } from '../../worker/db/client.ts'
import { Settings } from '../../worker/settings.ts'
import { ORIGIN, SECRET, type TestWorker } from './worker.ts'

/** Opens the database of a test's Worker for verbs that the test calls itself; its statements are recorded too. */
export const openDatabase = (worker: TestWorker): Database =>
  connect(
    Settings.parse({
      DATABASE_URL: 'postgres://margin:margin@localhost/margin',
      NEON_FETCH_ENDPOINT: worker.tap.url,
      BETTER_AUTH_SECRET: SECRET,
      BETTER_AUTH_URL: ORIGIN,
    }),
  )
