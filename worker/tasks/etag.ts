import type { Task } from '../contract/task.ts'
import { isTime } from '../contract/time.ts'
import type { Precondition } from './write.ts'

/** Returns the ETag of a task, which names its version: each change moves `updated_at`. */
export const etagOf = (task: Task): string => `"${task.updated_at}"`

/**
 * Returns the versions that If-Match names, undefined when it allows any. The prefix of a weak tag is ignored, because
 * Cloudflare weakens the tags of responses that it compresses. A tag that is not ours matches nothing.
 */
export function preconditionOf(ifMatch: string | undefined): Precondition {
  if (ifMatch === undefined || ifMatch.trim() === '*') return undefined
  const tags = ifMatch.split(',').map((tag) => tag.trim().replace(/^W\//, '').replaceAll('"', ''))
  return tags.filter(isTime)
}
