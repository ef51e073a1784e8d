import { clausesOf, presentOf, titlesIn, unquoted } from './clauses.ts'
import { readDetails, readListing } from './listing.ts'

/** A call of a tool that a command asks for. */
export interface Call {
  name: 'add_task' | 'list_tasks' | 'complete_task' | 'update_task' | 'delete_task'
  input: Record<string, unknown>
  /** A list is asked for to be told its descriptions. */
  isDetailed?: true
}

/** What a message asks for: calls in order, and what could not be made out or is not done. */
export interface Reading {
  calls: Call[]
  remarks: string[]
  /** Some of it was not understood: what can be done is to be told. */
  isUnclear: boolean
}

type Reader = (groups: Record<string, string | undefined>) => Call[] | string | undefined

const LIST = '(?:list|tasks|task list|to-?do list|to-?dos|board)'
const REF = '(?<task>.+?)'

const COUNT =
  '(?:\\d+|two|three|four|five|six|seven|eight|nine|ten|some|several|a few|a couple of|more|new|these|those|the following)'
const NOUN = '(?:task|to-?do|item|reminder|entry|note)'

/** One at a time, so that nothing is done by mistake. */
export const ONE_BY_ONE = 'I can only do that one task at a time. Which one?'
const ASK_TITLE = 'What should the task say? Say, for example, “Add buy milk”.'
const ASK_DESCRIPTION = 'What should the description say? Say, for example, “Describe milk as two litres”.'

const isAll = (said: string): boolean =>
  /^(?:(?:all|everything|every task|each)(?: (?:that|which|is|are|i|on (?:my|the)) .+)?|what(?:ever)?(?:'s| is| are| i) .+|(?:all (?:of )?)?(?:them|these|those)(?: all)?|(?:all (?:of )?)?(?:(?:my|the|these|those) )?(?:(?:open|pending|completed|done|finished|old|other|remaining) )?(?:tasks|to-?dos|items)|(?:my|the) (?:whole |entire )?list)$/i.test(
    said,
  )

/** What nobody calls a task: that something was not done, and what is to be done on a condition. */
const NO_TASK =
  /^(?:not|never|nothing)\b|\b(?:if|unless|when|once|as soon as)\s+(?:it|they|that|this|you|i|all|everything|possible)\b/i
/** Before "is done", what makes of it a question, a belief or a condition and no report. */
const NO_REPORT =
  /^(?:i|you|we|he|she|they|who|what|which|when|where|why|how|nobody|no one|someone|everyone|there|is|are|(?:do|does|did|has|have|can|could) (?:i|you|we|he|she|they|it))\b|\b(?:if|unless|whether|when|once|until|not)\b|n't\b|\s(?:what|that|which|who|all|everything)$/i

/** What is to be done to a task, unless it is none, or all of them; in quotation marks it is a title, whatever it says. */
function forTask(said = '', toDo: (task: string) => Call): Call[] | string | undefined {
  const task = unquoted(said)
  if (isAll(said.trim())) return ONE_BY_ONE
  if (task === '' || (!isQuoted(said) && NO_TASK.test(task))) return undefined
  return [toDo(task)]
}

const isQuoted = (said: string): boolean => unquoted(said) !== said.trim()

const onTask =
  (name: Call['name'], more: Record<string, unknown> = {}): Reader =>
  ({ task }) =>
    forTask(task, (meant) => ({ name, input: { task: meant, ...more } }))

/** "Milk is done", and not "who is done?". */
const reporting =
  (more: Record<string, unknown> = {}): Reader =>
  (groups) => {
    const { task = '' } = groups
    return isQuoted(task) || !NO_REPORT.test(task) ? onTask('complete_task', more)(groups) : undefined
  }

/** "I called Ann" completes "call Ann"; what was bought is a task by its own name too. */
const telling: Reader = ({ verb = '', task = '' }) => {
  const isBought = /^(?:bought|picked up)$/i.test(verb)
  const present = isBought ? 'buy' : presentOf(verb)
  if (present === undefined) return undefined
  const isNamed = isBought || /^(?:it|that|this)$/i.test(task)
  return onTask('complete_task')({ task: isNamed ? task : `${present} ${unquoted(task)}` })
}

const changing =
  (field: 'title' | 'description'): Reader =>
  ({ task, text = '' }) =>
    text.trim() === ''
      ? undefined
      : forTask(task, (meant) => ({ name: 'update_task', input: { task: meant, [field]: unquoted(text) } }))

const NO_TITLE = new RegExp(
  `^(?:(?:(?:an?|another|one|the|${COUNT}) )*(?:new )?${NOUN}s?|something|one|another(?: one)?|(?:(?:to|on) )?(?:my|the) ${LIST})$`,
  'i',
)

const adding =
  (isList: boolean): Reader =>
  ({ text = '', note }) => {
    if (NO_TITLE.test(text)) return ASK_TITLE
    const [, titles = text, withNote] =
      /^(.+?),? (?:with (?:the |a )?|\()?(?:description|note|details)[:,]? (.+?)\)?$/i.exec(text) ?? []
    const description = note ?? withNote
    return titlesIn(titles, { isList }).map((title) => ({
      name: 'add_task',
      input: { title, ...(description !== undefined && { description: unquoted(description) }) },
    }))
  }

const clearing: Reader = onTask('update_task', { description: null })

/** In this order: the first that fits is meant. */
const RULES: [pattern: string, read: Reader][] = [
  // Descriptions, before "add" and "delete" take them for titles.
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
  [`(?:i have|i've|i) (?:already |just )?(?<verb>picked up|\\w+) ${REF}`, telling],
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
  // "Change … to …" last: it takes almost anything.
  [`(?:change|update|edit) ${REF} (?:to|into) (?<text>.+)`, changing('title')],
  [`replace ${REF} (?:with|by) (?<text>.+)`, changing('title')],
]

const rules = RULES.map(([pattern, read]) => [new RegExp(`^${pattern}$`, 'is'), read] as const)

/** Reads a message in English; what is no command of ours comes back as a remark, never as a guess. */
export function readMessage(message: string): Reading {
  const reading: Reading = { calls: [], remarks: [], isUnclear: false }
  for (const clause of clausesOf(message)) {
    const meant = readClause(clause)
    if (typeof meant === 'object') reading.calls.push(...meant)
    else reading.remarks.push(meant ?? `I did not understand “${clause}”.`)
    reading.isUnclear ||= meant === undefined || meant === ONE_BY_ONE
  }
  return reading
}

function readClause(clause: string): Call[] | string | undefined {
  const listing = readDetails(clause) ?? readListing(clause)
  if (listing) return [listing]
  for (const [pattern, read] of rules) {
    const groups = pattern.exec(clause)
    const meant = groups && read(groups.groups ?? {})
    if (meant && meant.length > 0) return meant
  }
  return undefined
}
