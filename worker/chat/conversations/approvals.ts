import { and, eq, inArray, sql } from 'drizzle-orm'
import type { ToolCall } from '../../contract/chat.ts'
import { ToolTask, type ToolError } from '../../contract/tool.ts'
import { toolCalls } from '../../db/schema.ts'
import type { Scope } from '../../db/scope.ts'
import { toProblemAndLog, ProblemError } from '../../problem.ts'
import { deleteTask } from '../../tasks/tasks.ts'
import { deletion, toolError } from '../../tasks/tools.ts'
import { shownCall, type StoredCall } from './tool-calls.ts'

/**
 * Carries out what the assistant asked for, or drops it. The answer is stored before anything is done, and once: a
 * repeat gets what came of it, and one whose delete was cut off does it again, which is harmless. A task that has changed
 * since it was asked about stays: that is `failed`.
 * @throws ProblemError `not-found`, also when it is somebody else's; `conflict` when it was answered the other way
 */
export async function answerApproval(scope: Scope, id: string, approve: boolean): Promise<ToolCall> {
  const { asked, answered } = await claim(scope, id, approve)
  const status = answered ?? asked.status
  if (status === 'approved' && approve) return carryOut(scope, asked)
  if (status === 'approved' || (status === 'refused') === approve) throw answeredAlready(approve)
  return shownCall({ ...asked, status })
}

/** The call as it was, and its status when this answer has changed it. */
async function claim({ database, userId }: Scope, id: string, approve: boolean) {
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
  const answer = db.$with('answer').as(
    db
      .update(toolCalls)
      .set({ status: approve ? 'approved' : 'refused', answered_at: sql`now()` })
      .from(target)
      .where(and(eq(toolCalls.id, target.id), eq(toolCalls.user_id, userId), eq(target.status, 'waiting')))
      .returning({ status: toolCalls.status }),
  )
  const [row] = await db
    .with(target, answer)
    .select({
      id: target.id,
      name: target.name,
      arguments: target.arguments,
      status: target.status,
      result: target.result,
      error: target.error,
      undo: target.undo,
      undone_at: target.undone_at,
      answered: answer.status,
    })
    .from(target)
    .leftJoin(answer, sql`true`)
  if (!row) throw noSuchQuestion()
  const { answered, ...asked } = row
  return { asked, answered }
}

async function carryOut(scope: Scope, asked: StoredCall): Promise<ToolCall> {
  const task = ToolTask.parse(asked.result?.['task'])
  // The version that was asked about: a task that is another by now is not what was approved. A repeat finds it deleted.
  const ending = await deleteTask(scope, task.id, [task.updated_at]).then(deleted, (error: unknown) => {
    const { code } = toProblemAndLog(error)
    if (code === 'not-found') return { status: 'failed' as const, error: toolError(error) }
    if (code === 'precondition-failed') return { status: 'failed' as const, error: changedSince(task) }
    throw error
  })
  const [row] = await scope.database.repeatable
    .update(toolCalls)
    .set(ending)
    .where(
      and(
        eq(toolCalls.id, asked.id),
        eq(toolCalls.user_id, scope.userId),
        // What a twin has recorded stays, for only the first to delete knows how to take it back.
        inArray(toolCalls.status, ['approved']),
      ),
    )
    .returning()
  return shownCall(row ?? { ...asked, ...ending })
}

function deleted(removed: Awaited<ReturnType<typeof deleteTask>>) {
  const { output, undo } = deletion(removed)
  return { status: 'done' as const, result: output, undo: undo ?? null }
}

const changedSince = ({ title }: ToolTask): ToolError => ({
  code: 'changed-since',
  message: `“${title}” has changed since you were asked, so it stays. Ask again.`,
})

export const noSuchQuestion = () =>
  new ProblemError('not-found', 'There is no approval request with this id.')

const answeredAlready = (approve: boolean) =>
  new ProblemError(
    'conflict',
    approve
      ? 'You refused this before. Ask the assistant again.'
      : 'You approved this before. Restore the task to take it back.',
  )
