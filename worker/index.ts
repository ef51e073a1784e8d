import { app } from './app.ts'
import { runNightly } from './nightly.ts'

export default {
  fetch: app.fetch,
  scheduled: (_event, bindings) => runNightly(bindings),
} satisfies ExportedHandler<object>
