import type { ToolCall } from '../../contract/chat.ts'
import type { toolCalls } from '../../db/schema.ts'

/** A tool call as the database stores it. */
export type StoredToolCall = Pick<
  typeof toolCalls.$inferSelect,
  Exclude<keyof ToolCall, 'undone'> | 'undone_at'
>

/**
 * Converts a stored tool call to the form of the API. A call that was approved but whose delete was not recorded as done
 * is shown as `waiting`, because it can be approved again.
 */
export const toToolCall = ({ status, undone_at, ...call }: StoredToolCall): ToolCall => ({
  id: call.id,
  name: call.name,
  arguments: call.arguments,
  status: status === 'approved' ? 'waiting' : status,
  result: call.result,
  error: call.error,
  undo: call.undo,
  undone: undone_at !== null,
})
