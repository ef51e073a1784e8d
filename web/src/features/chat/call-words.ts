import type { ToolCall } from '#contract/chat.ts'
import type { ShownCall } from './chat-state.ts'

/** How a call is drawn in the margin. */
export type Mark = 'running' | 'done' | 'looked' | 'failed' | 'waiting' | 'kept'

/** What was done with a tool, in words for the person. */
export function describeCall(call: ShownCall): { mark: Mark; words: string } {
  const title = `“${titleOf(call)}”`
  if (call.status === 'running') return { mark: 'running', words: RUNNING[call.name] ?? 'Working…' }
  if (call.status === 'waiting') return { mark: 'waiting', words: `Delete ${title}?` }
  if (call.status === 'refused') return { mark: 'kept', words: `Kept ${title}` }
  if (call.status === 'failed') return failure(call, title)
  if (call.name === 'list_tasks') return { mark: 'looked', words: looked(call.result?.['tasks']) }
  const outcome = call.result?.['status']
  if (outcome === 'updated')
    return {
      mark: 'done',
      words: 'title' in call.arguments ? `Renamed to ${title}` : `Changed the description of ${title}`,
    }
  const said = typeof outcome === 'string' ? DONE[outcome] : undefined
  return said
    ? { mark: outcome === 'exists' ? 'looked' : 'done', words: said(title) }
    : { mark: 'looked', words: `${title} was like that already` }
}

/** Why it was not done. What a model is told of tasks that fit, or of none, is not for people. */
function failure({ error }: Pick<ToolCall, 'error'>, title: string): { mark: Mark; words: string } {
  if (error?.code === 'which-task') return { mark: 'looked', words: `Several tasks fit ${title}` }
  if (error?.code === 'not-found') return { mark: 'looked', words: `No task fits ${title}` }
  if (error?.code === 'precondition-failed')
    return { mark: 'failed', words: `${title} has changed meanwhile` }
  return { mark: 'failed', words: `Not done: ${error?.message ?? 'it failed.'}` }
}

const RUNNING: Record<string, string> = {
  add_task: 'Adding…',
  list_tasks: 'Looking at your tasks…',
  complete_task: 'Ticking…',
  update_task: 'Changing…',
  delete_task: 'Asking…',
}

const DONE: Record<string, (title: string) => string> = {
  created: (title) => `Added ${title}`,
  exists: (title) => `${title} was there already`,
  completed: (title) => `Completed ${title}`,
  reopened: (title) => `Reopened ${title}`,
  deleted: (title) => `Deleted ${title}`,
}

function looked(tasks: unknown): string {
  const count = Array.isArray(tasks) ? tasks.length : 0
  return count === 1 ? 'Looked at 1 task' : `Looked at ${count} tasks`
}

/** The task's title as the server has it, else the words it was meant by. */
function titleOf(call: ShownCall): string {
  const task = 'result' in call ? call.result?.['task'] : undefined
  const known = typeof task === 'object' && task !== null && 'title' in task ? task.title : undefined
  const given = known ?? call.arguments['title'] ?? call.arguments['task']
  return typeof given === 'string' ? given : ''
}

/** Whether the list is another one after this. */
export const changesTaskList = (call: ShownCall): boolean => call.status === 'done' && call.undo !== null
