import type { ToolError, ToolName, ToolTask } from '../../contract/tool.ts'

/** A tool call that a command asks for. */
export interface PlannedCall {
  name: ToolName
  input: Record<string, unknown>
  /** The reply to this list gives the descriptions. */
  isDetailed?: true
}

/** The result of a tool call, as a model receives it; which fields there are depends on the tool. */
export interface CallOutput {
  status?: string
  task?: ToolTask
  tasks?: ToolTask[]
  next_cursor?: string | null
  error?: ToolError
}

/** A call with its result. */
export interface CompletedCall extends PlannedCall {
  output: CallOutput
}

/** A call that has a result once it was made. */
export interface StartedCall extends PlannedCall {
  output?: CallOutput | undefined
}

/** Whether one command may name several tasks for a tool, which then gets one call for each. */
const TAKES_SEVERAL_TASKS: Record<ToolName, boolean> = {
  add_task: false,
  list_tasks: true,
  complete_task: true,
  // A new title or description is meant for one task.
  update_task: false,
  delete_task: true,
}

export const takesSeveralTasks = ({ name }: PlannedCall): boolean => TAKES_SEVERAL_TASKS[name]

export const isToolName = (name: string): name is ToolName => Object.hasOwn(TAKES_SEVERAL_TASKS, name)
