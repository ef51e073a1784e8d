import type * as z from 'zod'
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
  ToolTask,
  UPDATABLE_FIELDS,
  UpdateTaskOutput,
  UpdateTaskInput,
  type ToolError,
  type ToolName,
  type Undo,
} from '../contract/tool.ts'
import type { Scope } from '../db/scope.ts'
import { toProblemAndLog } from '../problem.ts'
import { etagOf } from './etag.ts'
import { newTaskId, taskPath } from './task-id.ts'
import { AmbiguousTask, parseTaskReference } from './task-reference.ts'
import { createTask, deleteTask, listTasks, updateTask } from './tasks.ts'

/** The result of a tool call; the message of an error says what the caller can do about it. */
export type ToolResult<Output = unknown> =
  { ok: true; output: Output; undo?: Undo | undefined } | { ok: false; error: ToolError }

/** A tool, defined once for MCP and the chat. Its input never names a user: the scope does. */
export interface Tool {
  name: ToolName
  description: string
  /** What it does to tasks; in the chat, one that deletes needs the user's approval. */
  effect: 'reads' | 'adds' | 'changes' | 'deletes'
  /** The OAuth scope that a token must have. */
  requiredScope: 'tasks:read' | 'tasks:write'
  input: z.ZodObject
  output: z.ZodObject
  /** Checks the input and calls the verb that the API calls, which is one statement. Never throws. */
  run(scope: Scope, input: unknown): Promise<ToolResult>
}

interface Definition<Input extends z.ZodObject, Output extends z.ZodObject> extends Omit<
  Tool,
  'input' | 'output' | 'run'
> {
  input: Input
  output: Output
  run(scope: Scope, input: z.output<Input>): Promise<{ output: z.input<Output>; undo?: Undo | undefined }>
}

const tool = <Input extends z.ZodObject, Output extends z.ZodObject>(
  definition: Definition<Input, Output>,
): Tool => ({
  ...definition,
  async run(scope, input) {
    const parsed = definition.input.safeParse(input ?? {})
    if (!parsed.success) return { ok: false, error: inputError(parsed.error) }
    try {
      return { ok: true, ...(await definition.run(scope, parsed.data)) }
    } catch (error) {
      return { ok: false, error: toolError(error) }
    }
  },
})

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
  tool({
    name: 'delete_task',
    description: 'Delete one task. The person can restore it for 30 days.',
    effect: 'deletes',
    requiredScope: 'tasks:write',
    input: DeleteTaskInput,
    output: DeleteTaskOutput,
    async run(scope, { task: text }) {
      return deleteResult(await deleteTask(scope, parseTaskReference(text)))
    },
  }),
]

/** Returns invalid input as an error that lists each invalid field and what it needs. */
export function inputError({ issues }: z.ZodError): ToolError {
  const reasons = issues.map(({ path, message }) =>
    path.length > 0 ? `${path.join('.')}: ${message}` : message,
  )
  return { code: 'invalid-input', message: `The call cannot be used. ${[...new Set(reasons)].join(' ')}` }
}

/** Returns what a verb has thrown in words for a model; an unexpected error is logged and not described. */
export function toolError(error: unknown): ToolError {
  if (error instanceof AmbiguousTask) {
    const candidates = error.candidates.map(({ id, title, completed }) => ({ id, title, completed }))
    return { code: 'which-task', message: error.detail, candidates }
  }
  const { code, detail, extras } = toProblemAndLog(error)
  if (code === 'not-found')
    return { code, message: 'There is no such task. Look for it with list_tasks, or ask which one is meant.' }
  if (code === 'precondition-failed' && extras.task)
    return {
      code,
      message: `The task has changed since. It is now: ${JSON.stringify(toToolTask(extras.task))}. Look at it and call again.`,
    }
  return { code, message: detail }
}

const result = <Word extends string>(status: Word, task: Task, undo?: Undo) => ({
  output: { status, task: toToolTask(task) },
  undo,
})

/** Returns the result of a delete, with its undo. */
export const deleteResult = ({ task, changed }: { task: Task; changed: boolean }) =>
  changed
    ? result('deleted', task, { method: 'POST', path: `${taskPath(task)}/restore` })
    : result('unchanged', task)

const toToolTask = (task: Task): ToolTask => ToolTask.parse(task)

function shortenDescription({ description }: Task): Partial<ToolTask> {
  const characters = Array.from(description ?? '')
  if (characters.length <= TOOL_LIST_DESCRIPTION_CHARS) return {}
  return { description: `${characters.slice(0, TOOL_LIST_DESCRIPTION_CHARS).join('')}…` }
}
