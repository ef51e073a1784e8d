import { readPageSession } from './page-session.ts'
import { setSetting, readSetting } from './setting.ts'

/** Where this device keeps whose list it opens. */
export const CURRENT_USER_KEY = 'margin-person'

/** Id of whose list this page shows: who the Worker wrote into it, else who was here last, so that it opens offline. */
export function currentUserId(): string | undefined {
  const id = readPageSession()?.user.id
  if (id) setCurrentUserId(id)
  return id ?? readSetting(CURRENT_USER_KEY)
}

/** Keep, or forget, whose list this device opens; where that cannot be kept, it opens with the network only. */
export const setCurrentUserId = (id: string | undefined): void => setSetting(CURRENT_USER_KEY, id)
