import { TOOL_LIST_DESCRIPTION_CHARS } from '../contract/limits.ts'
import type { Task } from '../contract/task.ts'
import {
  AddTaskOutput,
  AddTaskInput,
  CompleteTaskInput,
  CompleteTaskOutput,
  DeleteTaskOutput,
  DeleteTaskInput,
  ListTasksOutput,
  ListTasksInput,
  UPDATABLE_FIELDS,
  UpdateTaskOutput,
  UpdateTaskInput,
  type ToolTask,
  type Undo,
} from '../contract/tool.ts'
import { etagOf } from './etag.ts'
import { newTaskId, taskPath } from './task-id.ts'
import { parseTaskReference } from './task-reference.ts'
import { createTask, deleteTask, listTasks, readTask, updateTask } from './tasks.ts'
import { deletingTool, tool, toToolTask, type Tool } from './tool.ts'

export const tools: readonly Tool[] = [
  tool({
    name: 'add_task',
    description: 'Add one task.',
    effect: 'adds',
    requiredScope: 'tasks:write',
    input: AddTaskInput,
    output: AddTaskOutput,
    async run(scope, { idempotency_key, ...fields }) {
      const id = newTaskId(scope.userId, undefined, idempotency_key)
      const { task, isNew } = await createTask(scope, id, { ...fields, completed: false })
      if (task.deleted_at) return result('deleted', task)
      const undo: Undo = { method: 'DELETE', path: taskPath(task), if_match: etagOf(task) }
      return result(isNew ? 'created' : 'exists', task, undo)
    },
  }),
  tool({
    name: 'list_tasks',
    description: `List tasks, newest first; descriptions over ${TOOL_LIST_DESCRIPTION_CHARS} characters are cut short.`,
    effect: 'reads',
    requiredScope: 'tasks:read',
    input: ListTasksInput,
    output: ListTasksOutput,
    async run(scope, { status, words, ...page }) {
      const completed = status === 'all' ? undefined : status === 'completed'
      const titleWords = words?.split(/\s+/).filter(Boolean) ?? []
      const { tasks, next_cursor } = await listTasks(scope, { ...page, completed, words: titleWords })
      return {
        output: {
          tasks: tasks.map((task) => ({ ...toToolTask(task), ...shortenDescription(task) })),
          next_cursor,
        },
      }
    },
  }),
  tool({
    name: 'complete_task',
    description: 'Mark a task as completed, or reopen it.',
    effect: 'changes',
    requiredScope: 'tasks:write',
    input: CompleteTaskInput,
    output: CompleteTaskOutput,
    async run(scope, { task: text, completed }) {
      const { before, task, changed } = await updateTask(scope, parseTaskReference(text, !completed), {
        completed,
      })
      if (!changed) return result('unchanged', task)
      const undo: Undo = {
        method: 'PATCH',
        path: `${taskPath(task)}/complete`,
        body: { completed: before.completed },
        if_match: etagOf(task),
      }
      return result(completed ? 'completed' : 'reopened', task, undo)
    },
  }),
  tool({
    name: 'update_task',
    description: 'Change the title or the description of a task.',
    effect: 'changes',
    requiredScope: 'tasks:write',
    input: UpdateTaskInput,
    output: UpdateTaskOutput,
    async run(scope, { task: text, expected_updated_at, ...patch }) {
      const expected = expected_updated_at === undefined ? undefined : [expected_updated_at]
      const { before, task, changed } = await updateTask(scope, parseTaskReference(text), patch, expected)
      if (!changed) return result('unchanged', task)
      const patched = UPDATABLE_FIELDS.filter((field) => patch[field] !== undefined)
      const body = Object.fromEntries(patched.map((field) => [field, before[field]]))
      const undo: Undo = { method: 'PATCH', path: taskPath(task), body, if_match: etagOf(task) }
      return result('updated', task, undo)
    },
  }),
  deletingTool({
    name: 'delete_task',
    description: 'Delete one task. The person can restore it for 30 days.',
    requiredScope: 'tasks:write',
    input: DeleteTaskInput,
    output: DeleteTaskOutput,
    async run(scope, { task: text }) {
      return deleteResult(await deleteTask(scope, parseTaskReference(text)))
    },
    async preview(scope, { task: text }) {
      return result('waiting', await readTask(scope, parseTaskReference(text)))
    },
    async confirm(scope, { id, updated_at }) {
      return deleteResult(await deleteTask(scope, id, [updated_at]))
    },
  }),
]

/** Returns the tool of this name; a stored tool call may name one that no longer exists. */
export const toolNamed = (name: string): Tool | undefined => tools.find((tool) => tool.name === name)

const result = <Word extends string>(status: Word, task: Task, undo?: Undo) => ({
  output: { status, task: toToolTask(task) },
  undo,
})

/** Returns the result of a delete, with its undo. */
const deleteResult = ({ task, changed }: { task: Task; changed: boolean }) =>
  changed
    ? result('deleted', task, { method: 'POST', path: `${taskPath(task)}/restore` })
    : result('unchanged', task)

function shortenDescription({ description }: Task): Partial<ToolTask> {
  const characters = Array.from(description ?? '')
  if (characters.length <= TOOL_LIST_DESCRIPTION_CHARS) return {}
  return { description: `${characters.slice(0, TOOL_LIST_DESCRIPTION_CHARS).join('')}…` }
}
