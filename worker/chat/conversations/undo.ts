import { and, eq, isNotNull, sql } from 'drizzle-orm'
import type { ToolCall } from '../../contract/chat.ts'
import { TaskPatch } from '../../contract/task.ts'
import { EDITABLE_FIELDS } from '../../contract/task-fields.ts'
import { ToolTask, type Undo } from '../../contract/tool.ts'
import { tasks, toolCalls } from '../../db/schema.ts'
import { dbNow, type Scope } from '../../db/scope.ts'
import { toProblemAndLog, ProblemError } from '../../problem.ts'
import { deleteTask, restoreTask, updateTask } from '../../tasks/tasks.ts'
import { taskColumns } from '../../tasks/columns.ts'
import { toToolCall } from './tool-calls.ts'

/**
 * Undoes a write of the assistant, by the verb that the API calls, if the task is still as the write left it. Undoing it
 * again, also after an undo that was interrupted before it was recorded, does no harm.
 * @throws ProblemError `not-found` for another user's call too; `conflict` when the task has changed since
 */
export async function undoToolCall(scope: Scope, id: string): Promise<ToolCall> {
  const { call, undo, task, hasLaterWrite } = await readWrite(scope, id)
  if (call.undone_at !== null) return toToolCall(call)
  if (hasLaterWrite) throw refusal('The assistant has changed this task again since. Undo that first.')
  const left = ToolTask.parse(call.result?.['task'])
  await revert(scope, undo, left, task).catch((error: unknown) => {
    const { code } = toProblemAndLog(error)
    if (code === 'precondition-failed') throw refusal('The task has changed since. It was left as it is.')
    if (code === 'not-found') throw refusal('The task is not there any more.')
    throw error
  })
  const [row] = await scope.database.repeatable
    .update(toolCalls)
    .set({ undone_at: sql`coalesce(${toolCalls.undone_at}, ${dbNow})` })
    .where(and(eq(toolCalls.id, id), eq(toolCalls.user_id, scope.userId)))
    .returning()
  return { ...toToolCall(row ?? call), undone: true }
}

/** Reads a write, its task as it is now, and whether the assistant has written to that task again since. */
async function readWrite({ database, userId }: Scope, id: string) {
  const [row] = await database.repeatable
    .select({
      call: toolCalls,
      task: taskColumns,
      hasLaterWrite: sql<boolean>`exists (
        select from tool_calls later
        where later.user_id = ${userId} and later.undo is not null and later.undone_at is null
          and later.result #>> '{task,id}' = ${toolCalls.result} #>> '{task,id}'
          and later.result #>> '{task,updated_at}' > ${toolCalls.result} #>> '{task,updated_at}'
      )`,
    })
    .from(toolCalls)
    .leftJoin(
      tasks,
      and(eq(tasks.user_id, userId), eq(tasks.id, sql`(${toolCalls.result} #>> '{task,id}')::uuid`)),
    )
    .where(and(eq(toolCalls.id, id), eq(toolCalls.user_id, userId), isNotNull(toolCalls.undo)))
  const undo = row?.call.undo
  if (!undo) throw notUndoable()
  return { ...row, undo }
}

/**
 * Compares the content of the task with what the write left, not its version: undoing later writes has changed the
 * version. The version whose content was compared is then the precondition of the write.
 */
async function revert(scope: Scope, { method, body }: Undo, left: ToolTask, task: ToolTask | null) {
  const isAsLeft = task !== null && EDITABLE_FIELDS.every((field) => task[field] === left[field])
  // With no version allowed, a verb either finds the task as requested already or refuses.
  const precondition = isAsLeft ? [task.updated_at] : []
  if (method === 'DELETE') await deleteTask(scope, left.id, precondition)
  else if (method === 'PATCH') await updateTask(scope, left.id, TaskPatch.parse(body), precondition)
  else await restoreTask(scope, left.id)
}

export const notUndoable = () =>
  new ProblemError(
    'not-found',
    'Nothing of this id can be undone. If the assistant is still at work, try again when it is done.',
  )

const refusal = (detail: string) => new ProblemError('conflict', detail)
