import type { ToolCall } from '../../contract/chat.ts'
import type { toolCalls } from '../../db/schema.ts'

/** A tool call as it is kept. */
export type StoredCall = Pick<typeof toolCalls.$inferSelect, Exclude<keyof ToolCall, 'undone'> | 'undone_at'>

/** The same as callers see it; a delete that was approved and not recorded as done can be approved again. */
export const shownCall = ({
  id,
  name,
  arguments: given,
  status,
  result,
  error,
  undo,
  undone_at,
}: StoredCall): ToolCall => ({
  id,
  name,
  arguments: given,
  status: status === 'approved' ? 'waiting' : status,
  result,
  error,
  undo,
  undone: undone_at !== null,
})
