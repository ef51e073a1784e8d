import { app } from './app.ts'
import { connect } from './db/client.ts'
import { purgeAgents } from './oauth/agents.ts'
import { readSettings } from './settings.ts'
import { purgeTasks } from './tasks/tasks.ts'

export default {
  fetch: app.fetch,
  async scheduled(_event, bindings): Promise<void> {
    const database = connect(readSettings(bindings))
    await Promise.all([purgeTasks(database), purgeAgents(database)])
  },
} satisfies ExportedHandler<object>
