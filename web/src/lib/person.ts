import { readPageSession } from './page-session.ts'
import { keepSetting, readSetting } from './setting.ts'

/** Where this device keeps whose list it opens. */
export const PERSON_KEY = 'margin-person'

/** Id of whose list this page shows: who the Worker wrote into it, else who was here last, so that it opens offline. */
export function personHere(): string | undefined {
  const id = readPageSession()?.user.id
  if (id) remember(id)
  return id ?? readSetting(PERSON_KEY)
}

/** Keep, or forget, whose list this device opens; where that cannot be kept, it opens with the network only. */
export const remember = (id: string | undefined): void => keepSetting(PERSON_KEY, id)
