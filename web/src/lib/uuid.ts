import { v7 } from 'uuid'

/** Returns a version 7 UUID: ids that are made later sort later. `nowMs` is the time it carries, Unix milliseconds. */
export const uuidv7 = (nowMs = Date.now()): string => v7({ msecs: nowMs })
