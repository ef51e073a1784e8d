import { and, eq, isNotNull, sql } from 'drizzle-orm'
import type { ToolCall } from '../../contract/chat.ts'
import { EDITABLE_FIELDS } from '../../contract/task-fields.ts'
import { TaskPatch } from '../../contract/task.ts'
import { ToolTask, type Undo } from '../../contract/tool.ts'
import { tasks, toolCalls } from '../../db/schema.ts'
import { dbNow, type Scope } from '../../db/scope.ts'
import { toProblemAndLog, ProblemError } from '../../problem.ts'
import { updateTask, deleteTask, restoreTask } from '../../tasks/tasks.ts'
import { taskColumns } from '../../tasks/columns.ts'
import { shownCall } from './tool-calls.ts'

/**
 * Takes back a write of the assistant while its task is as that write has left it, by the verb that the API calls. What
 * is taken back already, or was cut off before it was recorded, is asked for again without harm.
 * @throws ProblemError `not-found`, also when it is somebody else's; `conflict` when the task is another one since
 */
export async function undoCall(scope: Scope, id: string): Promise<ToolCall> {
  const { call, undo, task, followed } = await find(scope, id)
  if (call.undone_at !== null) return shownCall(call)
  if (followed) throw refusal('The assistant has changed this task again since. Undo that first.')
  const left = ToolTask.parse(call.result?.['task'])
  await takeBack(scope, undo, left, task).catch((error: unknown) => {
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
  return { ...shownCall(row ?? call), undone: true }
}

/** A write, its task as it is, and whether a later write of the assistant stands on it. */
async function find({ database, userId }: Scope, id: string) {
  const [row] = await database.repeatable
    .select({
      call: toolCalls,
      task: taskColumns,
      followed: sql<boolean>`exists (
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
  if (!undo) throw noSuchWrite()
  return { ...row, undo }
}

/**
 * Versions will not do to tell whether the task is as it was left: undoing what came later has moved them. So its
 * content is compared, and the version at which that was done must be the one that is written to.
 */
async function takeBack(scope: Scope, { method, body }: Undo, left: ToolTask, task: ToolTask | null) {
  const isAsLeft = task !== null && EDITABLE_FIELDS.every((field) => task[field] === left[field])
  // No version at all: the verbs then do nothing but find that it is as asked already, or refuse.
  const precondition = isAsLeft ? [task.updated_at] : []
  if (method === 'DELETE') await deleteTask(scope, left.id, precondition)
  else if (method === 'PATCH') await updateTask(scope, left.id, TaskPatch.parse(body), precondition)
  else await restoreTask(scope, left.id)
}

export const noSuchWrite = () =>
  new ProblemError(
    'not-found',
    'Nothing of this id can be undone. If the assistant is still at work, try again when it is done.',
  )

const refusal = (detail: string) => new ProblemError('conflict', detail)
