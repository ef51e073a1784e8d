import { app } from './app.ts'
import { connect } from './db/client.ts'
import { readSettings } from './settings.ts'
import { purgeTasks } from './tasks/tasks.ts'

export default {
  fetch: app.fetch,
  async scheduled(_event, bindings): Promise<void> {
    await purgeTasks(connect(readSettings(bindings)))
  },
} satisfies ExportedHandler<object>
