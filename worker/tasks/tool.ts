import type * as z from 'zod'
import type { Task } from '../contract/task.ts'
import { ToolTask, type ToolError, type ToolName, type Undo } from '../contract/tool.ts'
import type { Scope } from '../db/scope.ts'
import { toProblemAndLog } from '../problem.ts'
import { AmbiguousTask } from './task-reference.ts'

/** The result of a tool call; the message of an error says what the caller can do about it. */
export type ToolResult<Output = unknown> =
  ({ ok: true } & ToolOutput<Output>) | { ok: false; error: ToolError }

export interface ToolOutput<Output = unknown> {
  output: Output
  undo?: Undo | undefined
}

/** A tool, defined once for MCP and the chat. Its input never names a user: the scope does. */
export type Tool = ToolBase & ({ effect: 'reads' | 'adds' | 'changes' } | Approvable)

interface ToolBase {
  name: ToolName
  description: string
  /** The OAuth scope that a token must have. */
  requiredScope: 'tasks:read' | 'tasks:write'
  input: z.ZodObject
  output: z.ZodObject
  /** Checks the input and calls the verb that the API calls, which is one statement. Never throws. */
  run(scope: Scope, input: unknown): Promise<ToolResult>
}

/** The part of a tool that deletes by which the chat asks the user first: the type makes forgetting it an error. */
interface Approvable {
  effect: 'deletes'
  /** Checks the input and returns the task that `run` would delete, with the status `waiting`. Never throws. */
  preview(scope: Scope, input: unknown): Promise<ToolResult>
  /**
   * Deletes the task of a preview if it has not changed since.
   * @throws ProblemError `not-found`; `precondition-failed` with the task as it is
   */
  confirm(scope: Scope, preview: ToolTask): Promise<ToolOutput<Record<string, unknown>>>
}

type Verb<Input extends z.ZodObject, Output> = (
  scope: Scope,
  input: z.output<Input>,
) => Promise<ToolOutput<Output>>

interface Definition<Input extends z.ZodObject, Output extends z.ZodObject> extends Omit<
  ToolBase,
  'input' | 'output' | 'run'
> {
  input: Input
  output: Output
  run: Verb<Input, z.input<Output>>
}

interface DeletingDefinition<Input extends z.ZodObject, Output extends z.ZodObject> extends Definition<
  Input,
  Output
> {
  preview: Verb<Input, { status: 'waiting'; task: ToolTask }>
  confirm: Approvable['confirm']
}

/** Defines a tool that the chat may run without asking. */
export const tool = <Input extends z.ZodObject, Output extends z.ZodObject>({
  effect,
  run,
  ...definition
}: Definition<Input, Output> & { effect: 'reads' | 'adds' | 'changes' }): Tool => ({
  ...definition,
  effect,
  run: checked(definition.input, run),
})

/** Defines a tool that the chat runs only with the user's approval. */
export const deletingTool = <Input extends z.ZodObject, Output extends z.ZodObject>({
  run,
  preview,
  ...definition
}: DeletingDefinition<Input, Output>): Tool => ({
  ...definition,
  effect: 'deletes',
  run: checked(definition.input, run),
  preview: checked(definition.input, preview),
})

/** Returns `verb` behind a check of its input, with whatever it throws as a result. */
const checked =
  <Input extends z.ZodObject>(schema: Input, verb: Verb<Input, unknown>): ToolBase['run'] =>
  async (scope, input) => {
    const parsed = schema.safeParse(input ?? {})
    if (!parsed.success) return { ok: false, error: inputError(parsed.error) }
    try {
      return { ok: true, ...(await verb(scope, parsed.data)) }
    } catch (error) {
      return { ok: false, error: toolError(error) }
    }
  }

/** Returns invalid input as an error that lists each invalid field and what it needs. */
function inputError({ issues }: z.ZodError): ToolError {
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

/** Returns a task as models see it. */
export const toToolTask = (task: Task): ToolTask => ToolTask.parse(task)
