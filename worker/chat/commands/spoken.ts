import type { Call } from './grammar.ts'

/** A task that was spoken of, as far as it is known. */
interface Known {
  id: string
  title: string
}

/** What was last seen and done in a conversation, which words like "the second one" and "it" point to. */
export interface Seen {
  /** The tasks of the list, or of the question, that was shown last. */
  list: Known[]
  /** The task that was last worked on. */
  last?: Known | undefined
  /** A call that came back as a question which task is meant. */
  question?: (Call & { candidates: Known[] }) | undefined
}

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

/** The place in a list that this names, from 0, -1 for the last; undefined when it names none. */
function placeIn(said: string): number | undefined {
  const text = said
    .trim()
    .toLowerCase()
    .replace(/^(?:the )?/, '')
    .replace(/^(?:(?:task|number|no\.?|item|nr\.?|option) )+/, '')
    .replace(/ (?:one|task|item)$/, '')
    .replace(/[.!)]+$/, '')
  const digits = /^#?(\d{1,3})(?:st|nd|rd|th)?$/.exec(text)?.[1]
  if (digits !== undefined) return Number(digits) - 1
  if (text === 'last') return -1
  const place = Math.max(ORDINALS.indexOf(text), CARDINALS.indexOf(text))
  return place >= 0 ? place : undefined
}

/** What a call means by "2", "the last one" or "it", given what was seen and what the calls before it do. */
export function resolve(call: Call, before: readonly Call[], seen: Seen): Call {
  const said = call.input['task']
  if (typeof said !== 'string') return call
  const place = placeIn(said)
  const listed = place === undefined ? undefined : seen.list.at(place)
  if (listed) return { ...call, input: { ...call.input, task: listed.id } }
  if (!IT.test(said)) return call
  const previous = before.findLast(({ name }) => name !== 'list_tasks')
  const meant = previous ? (previous.input['task'] ?? previous.input['title']) : seen.last?.id
  return meant === undefined ? call : { ...call, input: { ...call.input, task: meant } }
}

/** The answer to a question which task is meant: its number, or words that fit one of the candidates alone. */
export function answerTo(question: Seen['question'], message: string): Call | undefined {
  if (!question) return undefined
  const { candidates, name, input } = question
  const place = placeIn(message)
  const words = message
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(
      (word) => word && !['the', 'one', 'task', 'i', 'mean', 'meant', 'please', 'a', 'my'].includes(word),
    )
  const fitting =
    place !== undefined
      ? [candidates.at(place)]
      : candidates.filter(
          ({ title }) => words.length > 0 && words.every((word) => title.toLowerCase().includes(word)),
        )
  const [chosen] = fitting
  return chosen && fitting.length === 1 ? { name, input: { ...input, task: chosen.id } } : undefined
}
