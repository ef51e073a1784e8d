import { and, eq, isNull, or, sql } from 'drizzle-orm'
import type { ToolCall } from '../../contract/chat.ts'
import { ToolTask, type ToolError } from '../../contract/tool.ts'
import { messages, toolCalls } from '../../db/schema.ts'
import type { Scope } from '../../db/scope.ts'
import { toProblemAndLog, ProblemError } from '../../problem.ts'
import { toolError } from '../../tasks/tool.ts'
import { toolNamed } from '../../tasks/tools.ts'
import { toToolCall, type StoredToolCall } from './tool-calls.ts'

/** Whether the user was asked, or is still asked, to approve this call. */
export const isApproval = ({ name, result }: ToolCall): boolean =>
  toolNamed(name)?.effect === 'deletes' && result?.['task'] !== undefined

/**
 * Approves or refuses a tool call that waits. The user's decision is stored before anything is deleted, and only once: a
 * repeat returns the stored result, and a repeat after an interruption deletes again, which is harmless. A task that has
 * changed since the preview is kept, and the call becomes `failed`.
 * @throws ProblemError `not-found` for another user's call too; `conflict` when the decision was the other one
 */
export async function answerApproval(scope: Scope, id: string, approve: boolean): Promise<ToolCall> {
  const { call, newStatus } = await decide(scope, id, approve)
  const status = newStatus ?? call.status
  if (status === 'approved' && approve) return carryOut(scope, call)
  if (status === 'approved' || (status === 'refused') === approve) throw alreadyDecided(approve)
  return toToolCall({ ...call, status })
}

/** Stores the decision unless there is one; returns the call as it was, and its new status if this request set it. */
async function decide({ database, userId }: Scope, id: string, approve: boolean) {
  const db = database.repeatable
  const target = db.$with('target').as(
    db
      .select()
      .from(toolCalls)
      .where(
        and(
          eq(toolCalls.id, id),
          eq(toolCalls.user_id, userId),
          sql`(${toolCalls.answered_at} is not null or ${toolCalls.status} = 'waiting')`,
        ),
      )
      .for('update'),
  )
  const decision = db.$with('decision').as(
    db
      .update(toolCalls)
      .set({ status: approve ? 'approved' : 'refused', answered_at: sql`now()` })
      .from(target)
      .where(and(eq(toolCalls.id, target.id), eq(toolCalls.user_id, userId), eq(target.status, 'waiting')))
      .returning({ status: toolCalls.status }),
  )
  const [row] = await db
    .with(target, decision)
    .select({
      id: target.id,
      name: target.name,
      arguments: target.arguments,
      status: target.status,
      result: target.result,
      error: target.error,
      undo: target.undo,
      undone_at: target.undone_at,
      newStatus: decision.status,
    })
    .from(target)
    .leftJoin(decision, sql`true`)
  if (!row) throw approvalNotFound()
  const { newStatus, ...call } = row
  return { call, newStatus }
}

/** Deletes the task of an approved call, by the tool that made the preview, and stores the result. */
async function carryOut(scope: Scope, call: StoredToolCall): Promise<ToolCall> {
  const result = await deletePreviewed(scope, call)
  const [row] = await scope.database.repeatable
    .update(toolCalls)
    .set(result)
    .where(
      and(
        eq(toolCalls.id, call.id),
        eq(toolCalls.user_id, scope.userId),
        // A concurrent answer may have stored its result first. The one that has deleted knows the undo, so it is kept.
        or(
          eq(toolCalls.status, 'approved'),
          result.undo ? and(eq(toolCalls.status, 'done'), isNull(toolCalls.undo)) : undefined,
        ),
      ),
    )
    .returning()
  return toToolCall(row ?? { ...call, ...result })
}

async function deletePreviewed(scope: Scope, { name, result: preview }: StoredToolCall) {
  const tool = toolNamed(name)
  if (tool?.effect !== 'deletes') throw approvalNotFound()
  const task = ToolTask.parse(preview?.['task'])
  try {
    const { output, undo } = await tool.confirm(scope, task)
    return { status: 'done' as const, result: output, undo: undo ?? null }
  } catch (error) {
    const { code } = toProblemAndLog(error)
    if (code === 'not-found') return { status: 'failed' as const, error: toolError(error), undo: null }
    if (code === 'precondition-failed')
      return { status: 'failed' as const, error: changedSince(task), undo: null }
    throw error
  }
}

/**
 * Returns when the approval was asked for in this conversation, in ISO 8601.
 * @throws ProblemError `not-found`
 */
export async function readApprovalTime(
  { userId, database }: Scope,
  conversationId: string,
  id: string,
): Promise<string> {
  const [row] = await database.repeatable
    .select({ created_at: messages.created_at })
    .from(toolCalls)
    .innerJoin(messages, eq(messages.id, toolCalls.message_id))
    .where(
      and(
        eq(toolCalls.id, id),
        eq(toolCalls.user_id, userId),
        eq(messages.user_id, userId),
        eq(messages.conversation_id, conversationId),
      ),
    )
  if (!row)
    throw new ProblemError('not-found', 'There is no approval request with this id in that conversation.')
  return row.created_at
}

const changedSince = ({ title }: ToolTask): ToolError => ({
  code: 'changed-since',
  message: `“${title}” has changed since you were asked, so it stays. Ask again.`,
})

export const approvalNotFound = () =>
  new ProblemError('not-found', 'There is no approval request with this id.')

const alreadyDecided = (approve: boolean) =>
  new ProblemError(
    'conflict',
    approve
      ? 'You refused this before. Ask the assistant again.'
      : 'You approved this before. Restore the task to take it back.',
  )
