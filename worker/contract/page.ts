import * as z from 'zod'
import { TaskPage } from './task.ts'

/**
 * The data that the Worker writes into a private page, as JSON in
 * `<script type="application/json" id="margin-session">`: the user, an access token, and the first tasks when they take
 * no further statement.
 */
export const PageSession = z.object({
  user: z.object({ id: z.uuid(), name: z.string(), email: z.string() }),
  token: z.string(),
  tasks: TaskPage.optional(),
  /** For OpenAI's ChatKit, only on its page. */
  chatkit_domain_key: z.string().optional(),
})
export type PageSession = z.infer<typeof PageSession>

/** Id of that script element. */
export const PAGE_SESSION_ELEMENT = 'margin-session'
