import * as z from 'zod'
import { TaskPage } from './task.ts'

/**
 * What the Worker writes into a guarded page, as JSON in `<script type="application/json" id="margin-session">`:
 * who is here, a token for the API, and the first tasks when they cost no second question to the database.
 */
export const PageSession = z.object({
  user: z.object({ id: z.uuid(), name: z.string(), email: z.string() }),
  token: z.string(),
  tasks: TaskPage.optional(),
  /** For OpenAI's ChatKit, on its page alone. */
  chatkit_domain_key: z.string().optional(),
})
export type PageSession = z.infer<typeof PageSession>

/** Id of the element that carries it. */
export const PAGE_SESSION_ELEMENT = 'margin-session'
