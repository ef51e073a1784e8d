import { wordPattern, significantWords } from '../../tasks/title-words.ts'
import { ONE_BY_ONE, type Call } from './grammar.ts'
import type { Output } from './replies.ts'

/** A task that was spoken of, as far as it is known. */
interface Known {
  id: string
  title: string
}

/** What was last seen and done in a conversation, which words like "the second one" and "it" point to. */
export interface Seen {
  /** The tasks of the list, or of the question, that was shown last. */
  list: readonly Known[]
  /** The one task that the latest call was about. */
  last?: Known | undefined
  /** A call that came back as a question which task is meant. */
  question?: (Call & { candidates: readonly Known[] }) | undefined
  /** A delete waits for the person's button. */
  isWaiting?: boolean
}

/** A call that a message asks for, and what came of it once it was made. */
export interface Started extends Call {
  output?: Output | undefined
}

/** The one task that this is about, if there is just one. */
export const taskIn = ({ task, tasks }: Output): Known | undefined =>
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
/** "No" and the like: what was asked, or said, is let go of. */
export const DECLINED =
  /^(?:no|nope|none|neither|nothing|cancel|never ?mind|forget (?:about )?it|stop|leave it|don't)(?:[\s,]+(?:of (?:them|these|those)|one|it|that|thanks|thank you|please))*[\s.!]*$/i
const AGREED = /^(?:y|yes|yeah|yep|sure|ok|okay|do it|go ahead)(?:[\s,]+please)?[\s.!]*$/i

/** The number in a list that this names, from 1 and at times none that a list has; undefined when it names none. */
function placeIn(said: string): number | 'last' | undefined {
  const text = said
    .trim()
    .toLowerCase()
    .replace(/^the (?!one$)/, '')
    .replace(/^(?:(?:tasks?|numbers?|nos?\.?|items?|nr\.?|option) )+/, '')
    .replace(/ (?:one|task|item)$/, '')
    .replace(/[.!)]+$/, '')
  const digits = /^#?(\d{1,3})(?:st|nd|rd|th)?$/.exec(text)?.[1]
  if (digits !== undefined) return Number(digits)
  if (text === 'last') return text
  const place = Math.max(ORDINALS.indexOf(text), CARDINALS.indexOf(text))
  return place >= 0 ? place + 1 : undefined
}

/** "1, 2 and the last one" as what each of them names; undefined when one of them names no place in a list. */
function placesIn(said: string) {
  const places = partsIn(said).map(placeIn)
  return places.length > 0 && places.every((place) => place !== undefined) ? places : undefined
}

export const partsIn = (said: string): string[] =>
  said.split(/\s*,\s*(?:and\s+)?|\s+and\s+|\s*&\s*/i).filter(Boolean)

/** The same call for each of these places in a list, or in words that there is no such place. */
function atPlaces(
  places: readonly (number | 'last')[],
  list: readonly Known[],
  on: (task: Known) => Call,
): (Call | string)[] {
  return places.map((place) => {
    const task = place === 'last' ? list.at(-1) : list[place - 1]
    if (task) return on(task)
    if (list.length === 0)
      return 'There is no list above. Say “show all tasks” first, or say the task’s title.'
    return `There is no number ${place} in the list above.`
  })
}

/**
 * What a call means by "2", "1 and 3", "both" or "it", given what was seen and the calls before it in the message: calls
 * to make, and in words what cannot be made out. Undefined until the call that "it" points to was made.
 */
export function resolve(call: Call, before: readonly Started[], seen: Seen): (Call | string)[] | undefined {
  const field = call.isDetailed ? 'words' : 'task'
  const said = call.input[field]
  if (typeof said !== 'string') return [call]
  const on = ({ id, title }: Known): Call => ({
    ...call,
    input: { ...call.input, [field]: call.isDetailed ? title : id },
  })
  if (BOTH.test(said)) return forBoth(call, seen.list, on)
  const places = placesIn(said)
  if (places && places.length > 1 && call.name === 'update_task') return [ONE_BY_ONE]
  if (places) return atPlaces(places, seen.list, on)
  if (!IT.test(said)) return [call]
  const previous = before.at(-1)
  if (previous && !previous.output) return undefined
  const meant = previous?.output ? taskIn(previous.output) : seen.last
  if (meant) return [on(meant)]
  // What failed says so itself.
  return previous && !previous.output?.tasks?.length ? [] : [`Which task is “${said}”? Say its title.`]
}

/** "Both" are two if two were shown, and one by one if not; a title is given to one. */
const forBoth = (call: Call, list: readonly Known[], on: (task: Known) => Call): (Call | string)[] =>
  list.length === 2 && call.name !== 'update_task' ? list.map(on) : [ONE_BY_ONE]

/**
 * The answer to a question which task is meant: its number, or words that fit one of the candidates alone; "no" closes
 * the question. Undefined when the message is no answer.
 */
export function answerTo({ question, isWaiting }: Seen, message: string): (Call | string)[] | undefined {
  const said = message.trim()
  if (DECLINED.test(said)) return ['All right.']
  if (isWaiting && AGREED.test(said)) return ['Please press Approve: I cannot delete a task without it.']
  if (!question) return undefined
  if (AGREED.test(said)) return ['Which one? Say its number, or more of its title.']
  const { candidates, name, input } = question
  const on = ({ id }: Known): Call => ({ name, input: { ...input, task: id } })
  if (BOTH.test(said)) return forBoth(question, candidates, on)
  const places = placesIn(said)
  if (places && (places.length === 1 || name !== 'update_task')) return atPlaces(places, candidates, on)
  const words = significantWords(said.replaceAll(/\b(?:i|mean|meant|please)\b|[.!?]+$/gi, ' '))
  const patterns = words.map((word) => new RegExp(wordPattern(word, String.raw`\p{L}\p{N}`), 'iu'))
  const exact = candidates.filter(({ title }) => title.toLowerCase() === words.join(' ').toLowerCase())
  const fitting = candidates.filter(({ title }) => patterns.every((pattern) => pattern.test(title)))
  const [chosen, ...others] = exact.length > 0 ? exact : words.length > 0 ? fitting : []
  return chosen && others.length === 0 ? [on(chosen)] : undefined
}
