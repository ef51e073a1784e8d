import { sql } from 'drizzle-orm'
import type { Message, ToolCall, TurnError } from '../../contract/chat.ts'
import { messages } from '../../db/schema.ts'
import { ProblemError } from '../../problem.ts'

/** Seconds after which a turn that has not ended never will: its Worker is gone. Longer than a turn can take. */
export const GIVEN_UP_SECONDS = 30

export const INTERRUPTED: TurnError = {
  code: 'interrupted',
  message: 'The answer was cut off. Try again: what was done already is not done twice.',
}

const isGivenUp = sql`messages.status = 'running' and messages.started_at < now() - make_interval(secs => ${GIVEN_UP_SECONDS})`

/** A message as callers see it; columns are named in full, for drizzle drops the table from those of a single one. */
export const shownMessage = {
  id: messages.id,
  position: messages.position,
  role: messages.role,
  content: messages.content,
  status: sql<Message['status']>`case when ${isGivenUp} then 'failed' else messages.status end`,
  reply_to: messages.reply_to,
  error: sql<TurnError | null>`case when ${isGivenUp} then ${JSON.stringify(INTERRUPTED)}::jsonb else messages.error end`,
  // A delete that was approved and not recorded as done can be approved again.
  tool_calls: sql<ToolCall[]>`(
    select coalesce(jsonb_agg(jsonb_build_object(
      'id', t.id, 'name', t.name, 'arguments', t.arguments,
      'status', case when t.status = 'approved' then 'waiting' else t.status end,
      'result', t.result, 'error', t.error, 'undo', t.undo, 'undone', t.undone_at is not null
    ) order by t.position), '[]') from tool_calls t where t.message_id = messages.id
  )`,
  created_at: messages.created_at,
}

export type StoredMessage = Message & { position: number }

export const toMessage = ({ position: _, ...message }: StoredMessage): Message => message

export const noSuchConversation = () => new ProblemError('not-found', 'You have no such conversation.')
