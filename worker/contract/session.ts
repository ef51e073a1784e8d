import * as z from 'zod'
import { Time } from './time.ts'

/** A session of the user: where they are logged in. Its token is never sent. */
export const Session = z
  .object({
    id: z.uuid(),
    created_at: Time,
    /** When it was last renewed, which happens once a day while it is in use. */
    updated_at: Time,
    expires_at: Time,
    ip_address: z.string().nullable(),
    user_agent: z.string().nullable(),
    current: z.boolean().meta({ description: 'Whether the token in use belongs to this session.' }),
  })
  .meta({ id: 'Session', description: 'Where the caller is logged in.' })
export type Session = z.infer<typeof Session>

export const SessionList = z.object({ sessions: z.array(Session) }).meta({ id: 'SessionList' })
