import type { ToolError, ToolTask } from '../../contract/tool.ts'
import { REFUSED_BY_USER, UNDONE_BY_USER } from '../user-decisions.ts'
import type { CompletedCall, PlannedCall } from './calls.ts'

export const HELP = `I can manage your tasks. For example:
• Add buy milk and call Ann
• Show what is open, or: show all tasks, what is done, find milk
• Complete buy milk, or: reopen buy milk
• Rename buy milk to buy oat milk
• Change the description of buy milk to two litres, or: read buy milk
• Delete buy milk (I ask before I do)`

export const GREETING = `Hello. ${HELP}`

/** Matches a day or an hour. It stays in the title, because tasks have no dates. */
const WHEN =
  /\b(?:today|tonight|tomorrow|(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:next|this) (?:week|month|year|morning|afternoon|evening)|in \d+ (?:minutes?|hours?|days?|weeks?)|at \d{1,2}(?::\d\d)?(?: ?[ap]m)?|(?:january|february|march|april|june|july|august|september|october|november|december) \d{1,2})\b/i

/** Formats the results of calls as sentences, then the remarks. Lists are numbered, so that the user can say "the second one". */
export function formatReplies(done: readonly CompletedCall[], remarks: readonly string[]): string {
  const lines = done.map(formatReply)
  const dated = done.find((one) => one.name === 'add_task' && !one.output.error && WHEN.test(titleOf(one)))
  const when = dated && WHEN.exec(titleOf(dated))?.[0]
  if (when) lines.push(`I keep “${when}” in the title: I set no dates and send no reminders.`)
  return [...lines, ...remarks].filter(Boolean).join('\n')
}

const titleOf = ({ output, input }: CompletedCall): string =>
  output.task?.title ?? asString(input['title']) ?? asString(input['task']) ?? ''

const asString = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

function formatReply(call: CompletedCall): string {
  const { name, input, output, isDetailed } = call
  if (output.error) return formatError(call, output.error)
  if (output.tasks)
    return (isDetailed ? formatDescriptions : formatList)(output.tasks, input, output.next_cursor)
  const title = `“${titleOf(call)}”`
  const { status = '' } = output
  const sentences: Record<string, string> = {
    created: `Added ${title}.`,
    exists: `${title} is already on your list.`,
    completed: `Completed ${title}.`,
    reopened: `${title} is open again.`,
    updated: formatUpdate(call, title),
    unchanged: `${title} was already ${unchangedState(call)}.`,
    deleted: name === 'add_task' ? `${title} has been deleted since.` : `Deleted ${title}.`,
    waiting: `Delete ${title}? It stays until you approve.`,
    [REFUSED_BY_USER]: `You kept ${title}.`,
    [UNDONE_BY_USER]: `You have undone the change to ${title}.`,
  }
  return sentences[status] ?? `${title}: done.`
}

/** Says what an update changed: a new title is quoted, other fields are named. */
function formatUpdate({ input }: CompletedCall, title: string): string {
  const { task: _, expected_updated_at: __, title: newTitle, ...others } = input
  if (newTitle !== undefined) return `It is now ${title}.`
  return `I changed the ${Object.keys(others).join(' and ')} of ${title}.`
}

/** The state of a task that a call did not have to change. */
function unchangedState({ name, input }: PlannedCall): string {
  switch (name) {
    case 'complete_task':
      return input['completed'] === false ? 'open' : 'completed'
    case 'delete_task':
      return 'deleted'
    case 'add_task':
    case 'list_tasks':
    case 'update_task':
      return 'as you want it'
  }
}

const ID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i

function formatError({ input }: CompletedCall, { code, message, candidates }: ToolError): string {
  if (code === 'which-task' && candidates)
    return `Which one do you mean?\n${numbered(candidates)}\nSay its number, or more of its title.`
  const task = asString(input['task']) ?? ''
  if (code === 'not-found')
    return ID.test(task) ? 'That task is not there any more.' : `You have no task matching “${task}”.`
  return message
}

function formatList(
  tasks: readonly ToolTask[],
  { status, words }: PlannedCall['input'],
  next: string | null | undefined,
): string {
  const about = typeof words === 'string' ? ` with “${words}”` : ''
  const kind = status === 'pending' ? 'open ' : status === 'completed' ? 'completed ' : ''
  if (tasks.length === 0)
    return about || kind ? `You have no ${kind}tasks${about}.` : 'You have no tasks yet.'
  const count = `${tasks.length}${next ? ' or more' : ''} ${kind}task${tasks.length === 1 && !next ? '' : 's'}`
  return `You have ${count}${about}:\n${numbered(tasks)}${next ? '\n… and older ones.' : ''}`
}

/** Formats the descriptions of the tasks that were found. */
function formatDescriptions(tasks: readonly ToolTask[], { words }: PlannedCall['input']): string {
  const [only, ...others] = tasks
  if (!only) return `You have no task matching “${asString(words) ?? ''}”.`
  const described = ({ title, description }: ToolTask) =>
    description === null ? `“${title}” has no description.` : `“${title}”: ${description}`
  return others.length === 0
    ? described(only)
    : tasks.map((task, n) => `${n + 1}. ${described(task)}`).join('\n')
}

const numbered = (tasks: readonly { title: string; completed: boolean }[]): string =>
  tasks.map(({ title, completed }, n) => `${n + 1}. ${title}${completed ? ' ✓' : ''}`).join('\n')
