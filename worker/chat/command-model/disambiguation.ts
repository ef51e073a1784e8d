import { wordPattern, significantWords } from '../../tasks/title-words.ts'
import { takesSeveralTasks, type CallOutput, type PlannedCall, type StartedCall } from './calls.ts'
import { ONE_TASK_AT_A_TIME } from './grammar.ts'

/** A task that the conversation has mentioned. */
interface MentionedTask {
  id: string
  title: string
}

/** What words like "the second one", "it" and "yes" refer to: the latest lists, calls and questions. */
export interface ConversationContext {
  /** The tasks of the list, or of the question, that was shown last. */
  list: readonly MentionedTask[]
  /** The task of the latest call, if it was about exactly one. */
  last?: MentionedTask | undefined
  /** The latest call, if its words fitted several tasks and the user has been asked which one is meant. */
  question?: (PlannedCall & { candidates: readonly MentionedTask[] }) | undefined
  /** Whether the latest call waits for the user's approval. */
  isWaiting?: boolean
}

/** Returns the one task that a result is about; undefined for none or several. */
export const onlyTaskOf = ({ task, tasks }: CallOutput): MentionedTask | undefined =>
  task ?? (tasks?.length === 1 ? tasks[0] : undefined)

const ORDINALS = [
  'first',
  'second',
  'third',
  'fourth',
  'fifth',
  'sixth',
  'seventh',
  'eighth',
  'ninth',
  'tenth',
]
const CARDINALS = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten']
const IT = /^(?:it|that|this|(?:that|this|the same)(?: (?:one|task))?|the one i just (?:added|made))$/i
const BOTH = /^(?:both(?: (?:of (?:them|these|those)|(?:the )?tasks))?|(?:them|these) both|the two of them)$/i
/** Matches "no" and the like, which close a question. */
export const DECLINED =
  /^(?:no|nope|none|neither|nothing|cancel|never ?mind|forget (?:about )?it|stop|leave it|don't)(?:[\s,]+(?:of (?:them|these|those)|one|it|that|thanks|thank you|please))*[\s.!]*$/i
const AGREED = /^(?:y|yes|yeah|yep|sure|ok|okay|do it|go ahead)(?:[\s,]+please)?[\s.!]*$/i

/** A number in a list, counted from 1; it may be beyond the end of the list. */
type ListNumber = number | 'last'

/** Parses a number in a list, such as "2", "#2" or "the second one"; undefined for other text. */
function parseListNumber(text: string): ListNumber | undefined {
  const number = text
    .trim()
    .toLowerCase()
    .replace(/^the (?!one$)/, '')
    .replace(/^(?:(?:tasks?|numbers?|nos?\.?|items?|nr\.?|option) )+/, '')
    .replace(/ (?:one|task|item)$/, '')
    .replace(/[.!)]+$/, '')
  const digits = /^#?(\d{1,3})(?:st|nd|rd|th)?$/.exec(number)?.[1]
  if (digits !== undefined) return Number(digits)
  if (number === 'last') return number
  const index = Math.max(ORDINALS.indexOf(number), CARDINALS.indexOf(number))
  return index >= 0 ? index + 1 : undefined
}

/** Parses "1, 2 and the last one"; undefined when any part is no number in a list. */
function parseListNumbers(text: string): ListNumber[] | undefined {
  const numbers = splitEnumeration(text).map(parseListNumber)
  return numbers.length > 0 && numbers.every((number) => number !== undefined) ? numbers : undefined
}

/** Splits text at commas, "and" and "&". */
export const splitEnumeration = (text: string): string[] =>
  text.split(/\s*,\s*(?:and\s+)?|\s+and\s+|\s*&\s*/i).filter(Boolean)

/** Makes one call for each number, or a remark where the list has no such number. */
function callsForNumbers(
  numbers: readonly ListNumber[],
  list: readonly MentionedTask[],
  toCall: (task: MentionedTask) => PlannedCall,
): (PlannedCall | string)[] {
  return numbers.map((number) => {
    const task = number === 'last' ? list.at(-1) : list[number - 1]
    if (task) return toCall(task)
    if (list.length === 0)
      return 'There is no list above. Say “show all tasks” first, or say the task’s title.'
    return `There is no number ${number} in the list above.`
  })
}

/**
 * Replaces "2", "1 and 3", "both" or "it" in a call by the tasks they refer to, given the context and the earlier calls
 * of the same message. Returns the calls to make, and a remark for each reference that cannot be resolved; undefined as
 * long as the call that "it" refers to has no result.
 */
export function resolveReferences(
  call: PlannedCall,
  earlier: readonly StartedCall[],
  context: ConversationContext,
): (PlannedCall | string)[] | undefined {
  const field = call.isDetailed ? 'words' : 'task'
  const reference = call.input[field]
  if (typeof reference !== 'string') return [call]
  const toCall = ({ id, title }: MentionedTask): PlannedCall => ({
    ...call,
    input: { ...call.input, [field]: call.isDetailed ? title : id },
  })
  if (BOTH.test(reference)) return callsForBoth(call, context.list, toCall)
  const numbers = parseListNumbers(reference)
  if (numbers && numbers.length > 1 && !takesSeveralTasks(call)) return [ONE_TASK_AT_A_TIME]
  if (numbers) return callsForNumbers(numbers, context.list, toCall)
  if (!IT.test(reference)) return [call]
  const previous = earlier.at(-1)
  if (previous && !previous.output) return undefined
  const task = previous?.output ? onlyTaskOf(previous.output) : context.last
  if (task) return [toCall(task)]
  // A previous call that failed has a reply of its own.
  return previous && !previous.output?.tasks?.length ? [] : [`Which task is “${reference}”? Say its title.`]
}

/** Makes a call for each of two listed tasks. With more or fewer, or a tool that takes one task, it makes a remark. */
const callsForBoth = (
  call: PlannedCall,
  list: readonly MentionedTask[],
  toCall: (task: MentionedTask) => PlannedCall,
): (PlannedCall | string)[] =>
  list.length === 2 && takesSeveralTasks(call) ? list.map(toCall) : [ONE_TASK_AT_A_TIME]

/**
 * Reads a message as the answer to the question which task is meant: a number, or words that fit exactly one candidate;
 * "no" closes the question. Returns undefined when the message is no answer.
 */
export function readAnswer(
  { question, isWaiting }: ConversationContext,
  message: string,
): (PlannedCall | string)[] | undefined {
  const text = message.trim()
  if (DECLINED.test(text)) return ['All right.']
  if (isWaiting && AGREED.test(text)) return ['Please press Approve: I cannot delete a task without it.']
  if (!question) return undefined
  if (AGREED.test(text)) return ['Which one? Say its number, or more of its title.']
  const { candidates, name, input } = question
  const toCall = ({ id }: MentionedTask): PlannedCall => ({ name, input: { ...input, task: id } })
  if (BOTH.test(text)) return callsForBoth(question, candidates, toCall)
  const numbers = parseListNumbers(text)
  if (numbers && (numbers.length === 1 || takesSeveralTasks(question)))
    return callsForNumbers(numbers, candidates, toCall)
  const words = significantWords(text.replaceAll(/\b(?:i|mean|meant|please)\b|[.!?]+$/gi, ' '))
  const patterns = words.map((word) => new RegExp(wordPattern(word, String.raw`\p{L}\p{N}`), 'iu'))
  const exact = candidates.filter(({ title }) => title.toLowerCase() === words.join(' ').toLowerCase())
  const fitting = candidates.filter(({ title }) => patterns.every((pattern) => pattern.test(title)))
  const [chosen, ...others] = exact.length > 0 ? exact : words.length > 0 ? fitting : []
  return chosen && others.length === 0 ? [toCall(chosen)] : undefined
}
