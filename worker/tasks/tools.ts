import type * as z from 'zod'
import { TOOL_LIST_DESCRIPTION_CHARS } from '../contract/limits.ts'
import type { Task } from '../contract/task.ts'
import {
  Added,
  AddTask,
  CompleteTask,
  Completion,
  Deleted,
  DeleteTask,
  Listed,
  ListTasks,
  ToolTask,
  Updated,
  UpdateTask,
  type ToolError,
  type Undo,
} from '../contract/tool.ts'
import { toProblemAndLog } from '../problem.ts'
import { parseTaskReference, AmbiguousTask } from './task-reference.ts'
import { newTaskId } from './task-id.ts'
import { addTask, changeTask, listTasks, deleteTask } from './tasks.ts'
import type { Scope } from '../db/scope.ts'

/** What a call of a tool came to; a failure is in words that whoever called can mend it by. */
export type ToolResult<Output = unknown> =
  { ok: true; output: Output; undo?: Undo | undefined } | { ok: false; error: ToolError }

/** A tool, described once for MCP and the chat. Whose tasks it works on is never among what it is sent. */
export interface Tool {
  name: ToolName
  description: string
  /** What it does to tasks; what `deletes` is asked about first. */
  effect: 'reads' | 'adds' | 'changes' | 'deletes'
  /** What a token must allow for it. */
  scope: 'tasks:read' | 'tasks:write'
  input: z.ZodObject
  output: z.ZodObject
  /** Checks the input and calls the verb that the API calls, in one statement. Never throws. */
  run(scope: Scope, input: unknown): Promise<ToolResult>
}
type ToolName = 'add_task' | 'list_tasks' | 'complete_task' | 'update_task' | 'delete_task'

interface Description<Input extends z.ZodObject, Output extends z.ZodObject> extends Omit<
  Tool,
  'input' | 'output' | 'run'
> {
  input: Input
  output: Output
  run(scope: Scope, input: z.output<Input>): Promise<{ output: z.input<Output>; undo?: Undo | undefined }>
}

const tool = <Input extends z.ZodObject, Output extends z.ZodObject>(
  described: Description<Input, Output>,
): Tool => ({
  ...described,
  async run(scope, input) {
    const parsed = described.input.safeParse(input ?? {})
    if (!parsed.success) return { ok: false, error: inputError(parsed.error) }
    try {
      return { ok: true, ...(await described.run(scope, parsed.data)) }
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
    scope: 'tasks:write',
    input: AddTask,
    output: Added,
    async run(scope, { idempotency_key, ...wanted }) {
      const id = newTaskId(scope.userId, undefined, idempotency_key)
      const { task, isNew } = await addTask(scope, id, { ...wanted, completed: false })
      if (task.deleted_at) return outcome('deleted', task)
      const undo: Undo = { method: 'DELETE', path: addressOf(task), if_match: versionOf(task) }
      return outcome(isNew ? 'created' : 'exists', task, undo)
    },
  }),
  tool({
    name: 'list_tasks',
    description: `List tasks, newest first; descriptions over ${TOOL_LIST_DESCRIPTION_CHARS} characters are cut short.`,
    effect: 'reads',
    scope: 'tasks:read',
    input: ListTasks,
    output: Listed,
    async run(scope, { status, words, ...page }) {
      const completed = status === 'all' ? undefined : status === 'completed'
      const wanted = words?.split(/\s+/).filter(Boolean) ?? []
      const { tasks, next_cursor } = await listTasks(scope, { ...page, completed, words: wanted })
      return { output: { tasks: tasks.map((task) => ({ ...told(task), ...shortened(task) })), next_cursor } }
    },
  }),
  tool({
    name: 'complete_task',
    description: 'Mark a task as completed, or reopen it.',
    effect: 'changes',
    scope: 'tasks:write',
    input: CompleteTask,
    output: Completion,
    async run(scope, { task: said, completed }) {
      const { before, task, changed } = await changeTask(scope, parseTaskReference(said, !completed), {
        completed,
      })
      if (!changed) return outcome('unchanged', task)
      const undo: Undo = {
        method: 'PATCH',
        path: `${addressOf(task)}/complete`,
        body: { completed: before.completed },
        if_match: versionOf(task),
      }
      return outcome(completed ? 'completed' : 'reopened', task, undo)
    },
  }),
  tool({
    name: 'update_task',
    description: 'Change the title or the description of a task.',
    effect: 'changes',
    scope: 'tasks:write',
    input: UpdateTask,
    output: Updated,
    async run(scope, { task: said, expected_updated_at, ...patch }) {
      const expected = expected_updated_at === undefined ? undefined : [expected_updated_at]
      const { before, task, changed } = await changeTask(scope, parseTaskReference(said), patch, expected)
      if (!changed) return outcome('unchanged', task)
      const body = {
        ...(patch.title !== undefined && { title: before.title }),
        ...(patch.description !== undefined && { description: before.description }),
      }
      const undo: Undo = { method: 'PATCH', path: addressOf(task), body, if_match: versionOf(task) }
      return outcome('updated', task, undo)
    },
  }),
  tool({
    name: 'delete_task',
    description: 'Delete one task. The person can restore it for 30 days.',
    effect: 'deletes',
    scope: 'tasks:write',
    input: DeleteTask,
    output: Deleted,
    async run(scope, { task: said }) {
      return deletion(await deleteTask(scope, parseTaskReference(said)))
    },
  }),
]

/** Input that cannot be used, as each field that is wrong and what it needs. */
export function inputError({ issues }: z.ZodError): ToolError {
  const reasons = issues.map(({ path, message }) =>
    path.length > 0 ? `${path.join('.')}: ${message}` : message,
  )
  return { code: 'invalid-input', message: `The call cannot be used. ${[...new Set(reasons)].join(' ')}` }
}

/** A failure of a verb in words for a model; what nobody foresaw is logged and stays silent. */
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
      message: `The task has changed since. It is now: ${JSON.stringify(told(extras.task))}. Look at it and call again.`,
    }
  return { code, message: detail }
}

const outcome = <Word extends string>(status: Word, task: Task, undo?: Undo) => ({
  output: { status, task: told(task) },
  undo,
})

/** What deleting a task came to, and how to take it back. */
export const deletion = ({ task, changed }: { task: Task; changed: boolean }) =>
  changed
    ? outcome('deleted', task, { method: 'POST', path: `${addressOf(task)}/restore` })
    : outcome('unchanged', task)

const told = (task: Task): ToolTask => ToolTask.parse(task)

function shortened({ description }: Task): Partial<ToolTask> {
  const signs = Array.from(description ?? '')
  if (signs.length <= TOOL_LIST_DESCRIPTION_CHARS) return {}
  return { description: `${signs.slice(0, TOOL_LIST_DESCRIPTION_CHARS).join('')}…` }
}

const addressOf = ({ id }: Task): string => `/api/tasks/${id}`
const versionOf = ({ updated_at }: Task): string => `"${updated_at}"`
