import type { Task } from '../contract/task.ts'
import { isTime } from '../contract/time.ts'
import type { Precondition } from './write.ts'

/** Names a version of a task: each change moves its `updated_at`. */
export const etagOf = (task: Task): string => `"${task.updated_at}"`

/**
 * The versions that If-Match names; undefined when any will do. A weak mark is overlooked: Cloudflare weakens the tags
 * of what it compresses. A tag that is none of ours matches nothing.
 */
export function preconditionOf(ifMatch: string | undefined): Precondition {
  if (ifMatch === undefined || ifMatch.trim() === '*') return undefined
  const tags = ifMatch.split(',').map((tag) => tag.trim().replace(/^W\//, '').replaceAll('"', ''))
  return tags.filter(isTime)
}
