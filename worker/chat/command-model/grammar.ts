import type { ToolName } from '../../contract/tool.ts'
import type { PlannedCall } from './calls.ts'
import { clausesOf, presentOf, titlesIn, unquoted } from './clauses.ts'
import { readDescriptionRequest, readListRequest } from './listing.ts'

/** The meaning of a message: tool calls in order, and a remark for each clause that gives none. */
export interface ParsedMessage {
  calls: PlannedCall[]
  remarks: string[]
  /** Whether a clause was not understood, so that the reply should include the help text. */
  isUnclear: boolean
}

/** Turns the groups of a matched pattern into calls, or into a remark; undefined when the pattern does not apply after all. */
type ClauseReader = (groups: Record<string, string | undefined>) => PlannedCall[] | string | undefined

const LIST = '(?:list|tasks|task list|to-?do list|to-?dos|board)'
const REF = '(?<task>.+?)'

const COUNT =
  '(?:\\d+|two|three|four|five|six|seven|eight|nine|ten|some|several|a few|a couple of|more|new|these|those|the following)'
const NOUN = '(?:task|to-?do|item|reminder|entry|note)'

/** The remark for a command about several tasks at once; it is not carried out, in case it was meant otherwise. */
export const ONE_TASK_AT_A_TIME = 'I can only do that one task at a time. Which one?'
const ASK_TITLE = 'What should the task say? Say, for example, “Add buy milk”.'
const ASK_DESCRIPTION = 'What should the description say? Say, for example, “Describe milk as two litres”.'

const namesAllTasks = (text: string): boolean =>
  /^(?:(?:all|everything|every task|each)(?: (?:that|which|is|are|i|on (?:my|the)) .+)?|what(?:ever)?(?:'s| is| are| i) .+|(?:all (?:of )?)?(?:them|these|those)(?: all)?|(?:all (?:of )?)?(?:(?:my|the|these|those) )?(?:(?:open|pending|completed|done|finished|old|other|remaining) )?(?:tasks|to-?dos|items)|(?:my|the) (?:whole |entire )?list)$/i.test(
    text,
  )

/** Matches what is no title: a negation or a condition. */
const NOT_A_TITLE =
  /^(?:not|never|nothing)\b|\b(?:if|unless|when|once|as soon as)\s+(?:it|they|that|this|you|i|all|everything|possible)\b/i
/** Matches text before "is done" that makes the sentence a question, a belief or a condition instead of a report. */
const NOT_A_REPORT =
  /^(?:i|you|we|he|she|they|who|what|which|when|where|why|how|nobody|no one|someone|everyone|there|is|are|(?:do|does|did|has|have|can|could) (?:i|you|we|he|she|they|it))\b|\b(?:if|unless|whether|when|once|until|not)\b|n't\b|\s(?:what|that|which|who|all|everything)$/i

/** Makes the call for a task that is named by `text`, unless the text names all tasks or none. Quoted text is always a title. */
function forTask(text = '', toCall: (task: string) => PlannedCall): PlannedCall[] | string | undefined {
  const task = unquoted(text)
  if (namesAllTasks(text.trim())) return ONE_TASK_AT_A_TIME
  if (task === '' || (!isQuoted(text) && NOT_A_TITLE.test(task))) return undefined
  return [toCall(task)]
}

const isQuoted = (text: string): boolean => unquoted(text) !== text.trim()

const onTask =
  (name: ToolName, more: Record<string, unknown> = {}): ClauseReader =>
  ({ task: text }) =>
    forTask(text, (task) => ({ name, input: { task, ...more } }))

/** Reads "milk is done", but not "who is done?". */
const reporting =
  (more: Record<string, unknown> = {}): ClauseReader =>
  (groups) => {
    const { task = '' } = groups
    return isQuoted(task) || !NOT_A_REPORT.test(task) ? onTask('complete_task', more)(groups) : undefined
  }

/** Reads "I called Ann", which completes "call Ann". For "I bought milk" the task may also be called just "milk". */
const reportingErrand: ClauseReader = ({ verb = '', task = '' }) => {
  const isBought = /^(?:bought|picked up)$/i.test(verb)
  const present = isBought ? 'buy' : presentOf(verb)
  if (present === undefined) return undefined
  const isNamed = isBought || /^(?:it|that|this)$/i.test(task)
  return onTask('complete_task')({ task: isNamed ? task : `${present} ${unquoted(task)}` })
}

const changing =
  (field: 'title' | 'description'): ClauseReader =>
  ({ task: reference, text = '' }) =>
    text.trim() === ''
      ? undefined
      : forTask(reference, (task) => ({ name: 'update_task', input: { task, [field]: unquoted(text) } }))

/** Matches text that mentions a task without giving its title. */
const UNTITLED = new RegExp(
  `^(?:(?:(?:an?|another|one|the|${COUNT}) )*(?:new )?${NOUN}s?|something|one|another(?: one)?|(?:(?:to|on) )?(?:my|the) ${LIST})$`,
  'i',
)

const adding =
  (isList: boolean): ClauseReader =>
  ({ text = '', note }) => {
    if (UNTITLED.test(text)) return ASK_TITLE
    const [, titles = text, withNote] =
      /^(.+?),? (?:with (?:the |a )?|\()?(?:description|note|details)[:,]? (.+?)\)?$/i.exec(text) ?? []
    const description = note ?? withNote
    return titlesIn(titles, { isList }).map((title) => ({
      name: 'add_task',
      input: { title, ...(description !== undefined && { description: unquoted(description) }) },
    }))
  }

const clearing: ClauseReader = onTask('update_task', { description: null })

/** The rules in order; the first one that applies wins. */
const RULES: [pattern: string, read: ClauseReader][] = [
  // Descriptions come before "add" and "delete", which would read them as titles.
  [
    `(?:add|put|write) (?:a |the )?(?:description|note|details) (?:(?:to|for|on) )${REF}: ?(?<text>.+)`,
    changing('description'),
  ],
  [
    `(?:add|put|write) (?:a |the )?(?:description|note|details):? (?<text>["“'].+["”']) (?:to|for|on) ${REF}`,
    changing('description'),
  ],
  [
    `(?:change|set|update|edit|make) (?:the )?(?:description|note|details) (?:of|for|on) ${REF}(?: to |: ?)(?<text>.+)`,
    changing('description'),
  ],
  [
    `(?:change|set|update|edit) ${REF}'s (?:description|note|details)(?: to |: ?)(?<text>.+)`,
    changing('description'),
  ],
  [`describe ${REF} as (?<text>.+)`, changing('description')],
  [
    `(?:add|put|write|use|set) (?<text>.+) as (?:a |the )?(?:description|note|details) (?:to|for|of|on) ${REF}`,
    changing('description'),
  ],
  [
    `(?:add|put|write) (?:a |the )?(?:description|note)(?: of| saying| that says|:)? (?!(?:to|for|on|of|about) )(?<text>.+) (?:to|for|on) ${REF}`,
    changing('description'),
  ],
  [
    `(?:add|put|write|give|change|set|update|edit) (?:a |the )?(?:description|details)(?: (?:to|for|of|on) .+)?`,
    () => ASK_DESCRIPTION,
  ],
  [`(?:remove|clear|delete|erase) (?:the )?(?:description|note|details) (?:of|from|for|on) ${REF}`, clearing],
  // Titles.
  [`(?:rename|retitle) ${REF} (?:to|as|into) (?<text>.+)`, changing('title')],
  [`(?:change|update|edit|set) (?:the )?(?:title|name) (?:of|for) ${REF} to (?<text>.+)`, changing('title')],
  [`(?:change|update|edit|set) ${REF}'s (?:title|name) to (?<text>.+)`, changing('title')],
  // Completing and reopening.
  [
    `(?:mark|set|flag|make|change|update|move) ${REF}(?: as| to)? (?:not (?:done|complete|completed|finished)|undone|open|incomplete|pending|unfinished)(?: again)?`,
    onTask('complete_task', { completed: false }),
  ],
  [
    `(?:reopen|re-open|uncomplete|un-complete|untick|uncheck|unmark) ${REF}`,
    onTask('complete_task', { completed: false }),
  ],
  [
    `${REF}(?: is|'s)(?:n't| not) (?:done|complete|completed|finished)(?: yet| after all)?`,
    reporting({ completed: false }),
  ],
  [
    `(?:mark|set|flag|check|tick) ${REF}(?: as| to)? (?:done|complete|completed|finished|closed|off)`,
    onTask('complete_task'),
  ],
  [
    `(?:change|update|move) ${REF} (?:as|to|into) (?:done|complete|completed|finished|closed)`,
    onTask('complete_task'),
  ],
  [`(?:tick|check|cross|mark) off ${REF}`, onTask('complete_task')],
  [`cross ${REF} off(?: (?:my|the) ${LIST})?`, onTask('complete_task')],
  [`(?:complete|finish|tick|close|check|done with|finished with|done) ${REF}`, onTask('complete_task')],
  [
    `(?:i have|i've|i) (?:already |just )?(?:completed|finished|done|did|ticked off) (?:with )?${REF}`,
    onTask('complete_task'),
  ],
  [`(?:i am|i'm) (?:done|finished) with ${REF}`, onTask('complete_task')],
  [`(?:i have|i've|i) (?:already |just )?(?<verb>picked up|\\w+) ${REF}`, reportingErrand],
  [`${REF}(?: is| are|'s) (?:now |already |all )?(?:done|complete|completed|finished)`, reporting()],
  // Deleting.
  [
    `(?:delete|remove|erase|trash|scrap|discard|drop|bin|get rid of|throw away|throw out) ${REF}(?: from (?:my|the) ${LIST})?`,
    onTask('delete_task'),
  ],
  // Adding.
  [
    `(?:add|create|make|new)(?: ${COUNT})* (?:tasks|to-?dos|items|things|reminders)(?: (?:to|on) (?:my|the) ${LIST})?(?:[:,]\\s?|\\s(?!(?:to|for|on|of|from|in|about|with) ))(?<text>.+)`,
    adding(true),
  ],
  [`(?:add|create)(?: ${COUNT})+(?: (?:to|on) (?:my|the) ${LIST})?:\\s*(?<text>.+)`, adding(true)],
  [
    `(?:add|create|make|insert|enter|set up|set|start|put in|put|open|i need)(?: (?:a|an|another|one))?(?: new)? ${NOUN}(?: to (?:my|the) ${LIST})?(?:(?: (?:to|for|about|called|named|titled|saying|that says))?[:,-]? )(?<text>.+)`,
    adding(false),
  ],
  ['(?:add|create|(?:a )?new (?:task|to-?do))', () => ASK_TITLE],
  [`(?:a )?(?:new task|task|new to-?do|to-?do|reminder)(?:[:,-]| to) ?(?<text>.+)`, adding(false)],
  [`(?:new task|to-?do) (?<text>.+)`, adding(false)],
  [
    `(?:add|create|put|note|write|enter|include) (?<text>.+?) (?:to|on|onto|in|into) (?:my|the) ${LIST}`,
    adding(false),
  ],
  [`(?:note down|jot down|write down|note|put down)[:,]? (?<text>.+)`, adding(false)],
  [
    `(?:remind me|i need to remember|remember|don't let me forget|don't forget|make sure i remember) (?:to|about|of|that) (?<text>.+)`,
    adding(false),
  ],
  [`(?:add|create)(?: to (?:my|the) ${LIST})?[:,]?\\s(?<text>.+)`, adding(false)],
  [`(?:i need to|i have to|i must|i've got to|i should) (?<text>.+)`, adding(false)],
  // "Change … to …" comes last, because it matches almost anything.
  [`(?:change|update|edit) ${REF} (?:to|into) (?<text>.+)`, changing('title')],
  [`replace ${REF} (?:with|by) (?<text>.+)`, changing('title')],
]

const rules = RULES.map(([pattern, read]) => [new RegExp(`^${pattern}$`, 'is'), read] as const)

/** Parses a message in English. A clause that is no known command gives a remark, never a guess. */
export function parseMessage(message: string): ParsedMessage {
  const parsed: ParsedMessage = { calls: [], remarks: [], isUnclear: false }
  for (const clause of clausesOf(message)) {
    const meaning = parseClause(clause)
    if (typeof meaning === 'object') parsed.calls.push(...meaning)
    else parsed.remarks.push(meaning ?? `I did not understand “${clause}”.`)
    parsed.isUnclear ||= meaning === undefined || meaning === ONE_TASK_AT_A_TIME
  }
  return parsed
}

function parseClause(clause: string): PlannedCall[] | string | undefined {
  const listing = readDescriptionRequest(clause) ?? readListRequest(clause)
  if (listing) return [listing]
  for (const [pattern, read] of rules) {
    const groups = pattern.exec(clause)
    const meaning = groups && read(groups.groups ?? {})
    if (meaning && meaning.length > 0) return meaning
  }
  return undefined
}
