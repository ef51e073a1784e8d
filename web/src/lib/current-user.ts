import { readPageSession } from './page-session.ts'
import { readSetting, setSetting } from './setting.ts'

/** localStorage key of the user whose list this device opens. */
export const CURRENT_USER_KEY = 'margin-person'

/** Returns the id of the user the Worker wrote into this page, else of the last one here, for a page opened offline. */
export const currentUserId = (): string | undefined =>
  readPageSession()?.user.id ?? readSetting(CURRENT_USER_KEY)

/** Stores whose list this device opens, or forgets it; without storage the list opens with a network only. */
export const setCurrentUserId = (id: string | undefined): void => setSetting(CURRENT_USER_KEY, id)
