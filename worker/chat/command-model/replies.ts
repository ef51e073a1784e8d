import type { ToolError, ToolTask } from '../../contract/tool.ts'
import type { Call } from './grammar.ts'

/** What came of a call, as a model gets it. */
export interface Output {
  status?: string
  task?: ToolTask
  tasks?: ToolTask[]
  next_cursor?: string | null
  error?: ToolError
}

/** A call of a tool and what came of it. */
export interface Done extends Call {
  output: Output
}

export const HELP = `I can manage your tasks. For example:
• Add buy milk and call Ann
• Show what is open, or: show all tasks, what is done, find milk
• Complete buy milk, or: reopen buy milk
• Rename buy milk to buy oat milk
• Change the description of buy milk to two litres, or: read buy milk
• Delete buy milk (I ask before I do)`

export const GREETING = `Hello. ${HELP}`

/** Words for a day or an hour: they stay in the title, for tasks have no dates to put them into. */
const WHEN =
  /\b(?:today|tonight|tomorrow|(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:next|this) (?:week|month|year|morning|afternoon|evening)|in \d+ (?:minutes?|hours?|days?|weeks?)|at \d{1,2}(?::\d\d)?(?: ?[ap]m)?|(?:january|february|march|april|june|july|august|september|october|november|december) \d{1,2})\b/i

/** What was done, in sentences; lists are numbered, so that one can say "the second one". */
export function tell(done: readonly Done[], remarks: readonly string[]): string {
  const lines = done.map(sentence)
  const dated = done.find((one) => one.name === 'add_task' && !one.output.error && WHEN.test(titleOf(one)))
  const when = dated && WHEN.exec(titleOf(dated))?.[0]
  if (when) lines.push(`I keep “${when}” in the title: I set no dates and send no reminders.`)
  return [...lines, ...remarks].filter(Boolean).join('\n')
}

const titleOf = ({ output, input }: Done): string =>
  output.task?.title ?? said(input['title']) ?? said(input['task']) ?? ''

const said = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

function sentence(done: Done): string {
  const { name, input, output, isDetailed } = done
  if (output.error) return failure(done, output.error)
  if (output.tasks) return (isDetailed ? details : list)(output.tasks, input, output.next_cursor)
  const title = `“${titleOf(done)}”`
  const { status = '' } = output
  const sentences: Record<string, string> = {
    created: `Added ${title}.`,
    exists: `${title} is already on your list.`,
    completed: `Completed ${title}.`,
    reopened: `${title} is open again.`,
    updated: 'title' in input ? `It is now ${title}.` : `I changed the description of ${title}.`,
    unchanged: `${title} was already ${stateOf(done)}.`,
    deleted: name === 'add_task' ? `${title} has been deleted since.` : `Deleted ${title}.`,
    waiting: `Delete ${title}? It stays until you approve.`,
    'refused by the person': `You kept ${title}.`,
    'undone by the person': `You have undone the change to ${title}.`,
  }
  return sentences[status] ?? `${title}: done.`
}

/** How a task is that a call left as it was. */
function stateOf({ name, input }: Done): string {
  if (name === 'delete_task') return 'deleted'
  if (name === 'update_task') return 'as you want it'
  return input['completed'] === false ? 'open' : 'completed'
}

const ID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i

function failure({ input }: Done, { code, message, candidates }: ToolError): string {
  if (code === 'which-task' && candidates)
    return `Which one do you mean?\n${numbered(candidates)}\nSay its number, or more of its title.`
  const task = said(input['task']) ?? ''
  if (code === 'not-found')
    return ID.test(task) ? 'That task is not there any more.' : `You have no task matching “${task}”.`
  return message
}

function list(
  tasks: readonly ToolTask[],
  { status, words }: Call['input'],
  next: string | null | undefined,
): string {
  const about = typeof words === 'string' ? ` with “${words}”` : ''
  const kind = status === 'pending' ? 'open ' : status === 'completed' ? 'completed ' : ''
  if (tasks.length === 0)
    return about || kind ? `You have no ${kind}tasks${about}.` : 'You have no tasks yet.'
  const count = `${tasks.length}${next ? ' or more' : ''} ${kind}task${tasks.length === 1 && !next ? '' : 's'}`
  return `You have ${count}${about}:\n${numbered(tasks)}${next ? '\n… and older ones.' : ''}`
}

/** The descriptions of the tasks that were found, or that there are none. */
function details(tasks: readonly ToolTask[], { words }: Call['input']): string {
  const [only, ...others] = tasks
  if (!only) return `You have no task matching “${said(words) ?? ''}”.`
  const described = ({ title, description }: ToolTask) =>
    description === null ? `“${title}” has no description.` : `“${title}”: ${description}`
  return others.length === 0
    ? described(only)
    : tasks.map((task, n) => `${n + 1}. ${described(task)}`).join('\n')
}

const numbered = (tasks: readonly { title: string; completed: boolean }[]): string =>
  tasks.map(({ title, completed }, n) => `${n + 1}. ${title}${completed ? ' ✓' : ''}`).join('\n')
