import type { ToolCall } from '#contract/chat.ts'
import type { TaskPatch } from '#contract/task.ts'
import type { ToolName } from '#contract/tool.ts'
import type { ShownCall } from './chat-state.ts'

/** How a call is drawn. `unchanged`: a read, or a write that had nothing to do. */
type Mark = 'running' | 'done' | 'unchanged' | 'failed' | 'waiting' | 'refused'

interface CallDescription {
  mark: Mark
  words: string
}

interface ToolWords {
  running: string
  /** Describes a call that succeeded; `title` is quoted. */
  describe: (call: ToolCall, title: string) => CallDescription
}

/** A tool without its words does not compile. */
const TOOLS: Record<ToolName, ToolWords> = {
  add_task: { running: 'Adding…', describe: describeWrite },
  list_tasks: { running: 'Looking at your tasks…', describe: describeRead },
  complete_task: { running: 'Ticking…', describe: describeWrite },
  update_task: { running: 'Changing…', describe: describeUpdate },
  delete_task: { running: 'Asking…', describe: describeWrite },
}

/** Words for the fields that `update_task` changes. The title has a verb of its own, and completing has a tool. */
const FIELDS: Record<Exclude<keyof TaskPatch, 'title' | 'completed'>, string> = {
  description: 'the description',
}

/** By the status in a tool's result. */
const WRITES: Partial<Record<string, (title: string) => string>> = {
  created: (title) => `Added ${title}`,
  exists: (title) => `${title} was there already`,
  completed: (title) => `Completed ${title}`,
  reopened: (title) => `Reopened ${title}`,
  deleted: (title) => `Deleted ${title}`,
}

/** Describes a tool call to the user. A stored call may be of a tool that no longer exists. */
export function describeCall(call: ShownCall): CallDescription {
  const title = `“${titleOf(call)}”`
  const tool = (TOOLS as Partial<Record<string, ToolWords>>)[call.name]
  if (call.status === 'running') return { mark: 'running', words: tool?.running ?? 'Working…' }
  if (call.status === 'waiting') return { mark: 'waiting', words: `Delete ${title}?` }
  if (call.status === 'refused') return { mark: 'refused', words: `Kept ${title}` }
  if (call.status === 'failed') return describeFailure(call, title)
  return (tool?.describe ?? describeWrite)(call, title)
}

function describeRead({ result }: ToolCall): CallDescription {
  const tasks = result?.['tasks']
  const count = Array.isArray(tasks) ? tasks.length : 0
  return { mark: 'unchanged', words: count === 1 ? 'Looked at 1 task' : `Looked at ${count} tasks` }
}

function describeWrite({ result }: ToolCall, title: string): CallDescription {
  const status = String(result?.['status'])
  const words = WRITES[status]?.(title)
  if (!words) return { mark: 'unchanged', words: `${title} was like that already` }
  return { mark: status === 'exists' ? 'unchanged' : 'done', words }
}

function describeUpdate(call: ToolCall, title: string): CallDescription {
  if (call.result?.['status'] !== 'updated') return describeWrite(call, title)
  const others = Object.entries(FIELDS).flatMap(([field, words]) => (field in call.arguments ? words : []))
  const changed = others.join(' and ')
  if (!('title' in call.arguments)) return { mark: 'done', words: `Changed ${changed} of ${title}` }
  return { mark: 'done', words: `Renamed to ${title}${changed && `, changed ${changed}`}` }
}

/** The messages for no match and several matches are written for a model, so they are replaced here. */
function describeFailure({ error }: Pick<ToolCall, 'error'>, title: string): CallDescription {
  if (error?.code === 'which-task') return { mark: 'unchanged', words: `Several tasks fit ${title}` }
  if (error?.code === 'not-found') return { mark: 'unchanged', words: `No task fits ${title}` }
  if (error?.code === 'precondition-failed')
    return { mark: 'failed', words: `${title} has changed meanwhile` }
  return { mark: 'failed', words: `Not done: ${error?.message ?? 'it failed.'}` }
}

/** Returns the title that the server sent, else the words by which the model referred to the task. */
function titleOf(call: ShownCall): string {
  const task = 'result' in call ? call.result?.['task'] : undefined
  const stored = typeof task === 'object' && task !== null && 'title' in task ? task.title : undefined
  const title = stored ?? call.arguments['title'] ?? call.arguments['task']
  return typeof title === 'string' ? title : ''
}

/** Returns whether the call has changed the task list. */
export const changesTaskList = (call: ShownCall): boolean => call.status === 'done' && call.undo !== null
