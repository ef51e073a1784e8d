import { clausesOf, titlesIn, unquoted } from './clauses.ts'

/** A call of a tool that a command asks for. */
export interface Call {
  name: 'add_task' | 'list_tasks' | 'complete_task' | 'update_task' | 'delete_task'
  input: Record<string, unknown>
}

/** What a message asks for: calls in order, and what could not be made out or is not done. */
export interface Reading {
  calls: Call[]
  remarks: string[]
}

type Reader = (groups: Record<string, string | undefined>) => Call[] | string | undefined

const LIST = '(?:list|tasks|task list|to-?do list|to-?dos|board)'
const REF = '(?<task>.+?)'

/** One at a time, so that nothing is done by mistake. */
const ONE_BY_ONE = 'I do that one task at a time: tell me which.'
const isAll = (said: string | undefined): boolean =>
  /^(?:all|everything|every task|each|them all|all (?:of )?(?:my |the )?(?:\w+ )?tasks|all of (?:them|it)|(?:my|the) (?:whole )?list)$/i.test(
    said?.trim() ?? '',
  )

const onTask =
  (name: Call['name'], more: Record<string, unknown> = {}): Reader =>
  ({ task }) => {
    if (isAll(task)) return ONE_BY_ONE
    return task?.trim() ? [{ name, input: { task: unquoted(task), ...more } }] : undefined
  }

const changing =
  (field: 'title' | 'description'): Reader =>
  ({ task, text }) =>
    task?.trim() && text?.trim()
      ? [{ name: 'update_task', input: { task: unquoted(task), [field]: unquoted(text) } }]
      : undefined

const adding =
  (isList: boolean): Reader =>
  ({ text = '', note }) => {
    const [, titles = text, withNote] =
      /^(.+?),? (?:with (?:the |a )?|\()?(?:description|note|details)[:,]? (.+?)\)?$/i.exec(text) ?? []
    const description = note ?? withNote
    return titlesIn(titles, { isList }).map((title) => ({
      name: 'add_task',
      input: { title, ...(description !== undefined && { description: unquoted(description) }) },
    }))
  }

const clearing: Reader = ({ task }) =>
  task?.trim() ? [{ name: 'update_task', input: { task: unquoted(task), description: null } }] : undefined

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
  [`(?:remove|clear|delete|erase) (?:the )?(?:description|note|details) (?:of|from|for|on) ${REF}`, clearing],
  // Titles.
  [`(?:rename|retitle) ${REF} (?:to|as|into) (?<text>.+)`, changing('title')],
  [`(?:change|update|edit|set) (?:the )?(?:title|name) (?:of|for) ${REF} to (?<text>.+)`, changing('title')],
  [`(?:change|update|edit|set) ${REF}'s (?:title|name) to (?<text>.+)`, changing('title')],
  // Completing and reopening.
  [
    `(?:mark|set|flag|make) ${REF}(?: as| to)? (?:not (?:done|complete|completed|finished)|undone|open|incomplete|pending|unfinished)(?: again)?`,
    onTask('complete_task', { completed: false }),
  ],
  [
    `(?:reopen|re-open|uncomplete|un-complete|untick|uncheck|unmark) ${REF}`,
    onTask('complete_task', { completed: false }),
  ],
  [
    `${REF} is(?:n't| not) (?:done|complete|completed|finished)(?: yet| after all)?`,
    onTask('complete_task', { completed: false }),
  ],
  [
    `(?:mark|set|flag|check|tick) ${REF}(?: as| to)? (?:done|complete|completed|finished|closed|off)`,
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
  [`${REF} (?:is|are) (?:now |already |all )?(?:done|complete|completed|finished)`, onTask('complete_task')],
  // Deleting.
  [
    `(?:delete|remove|erase|trash|scrap|discard|drop|bin|get rid of|throw away|throw out) ${REF}(?: from (?:my|the) ${LIST})?`,
    onTask('delete_task'),
  ],
  // Adding.
  [
    `(?:add|create|make|new)(?: (?:these|the following|some|new|a few))* (?:tasks|to-?dos|items)(?: to (?:my|the) ${LIST})?[:,]?\\s(?<text>.+)`,
    adding(true),
  ],
  [
    `(?:add|create|make|insert|enter|set up|start|put in|put|open|i need)(?: (?:a|an|another|one))?(?: new)? (?:task|to-?do|item|reminder|entry)(?: to (?:my|the) ${LIST})?(?:(?: (?:to|for|about|called|named|titled|saying|that says))?[:,-]? )(?<text>.+)`,
    adding(false),
  ],
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
  [`(?:change|update|edit|replace|set|turn) ${REF} (?:to|into|with) (?<text>.+)`, changing('title')],
]

const rules = RULES.map(([pattern, read]) => [new RegExp(`^${pattern}$`, 'is'), read] as const)

/** Reads a message in English; what is no command of ours comes back as a remark, never as a guess. */
export function readMessage(message: string): Reading {
  const reading: Reading = { calls: [], remarks: [] }
  for (const clause of clausesOf(message)) {
    const meant = readClause(clause)
    if (typeof meant === 'string') reading.remarks.push(meant)
    else reading.calls.push(...meant)
  }
  return reading
}

function readClause(clause: string): Call[] | string {
  const listing = readListing(clause)
  if (listing) return [listing]
  for (const [pattern, read] of rules) {
    const groups = pattern.exec(clause)?.groups
    const meant = groups && read(groups)
    if (meant && meant.length > 0) return meant
  }
  return `I did not understand “${clause}”.`
}

const ASKING =
  /^(?:show|list|see|view|display|give|get|tell|read|print|what|what's|whats|which|how many|how much|do i|have i|did i|is there|are there|any|anything|find|search|look for|look up|check my|open my|go through)\b/i
const NAMING =
  /^(?:(?:all|my|the|any|open|pending|completed|done|finished|remaining|current|outstanding|unfinished|of) )*(?:tasks?|to-?dos?|to-?do list|task list|list|everything|overview|summary)(?: (?:left|open|pending|completed|done|remaining|to do|that (?:are|is) \w+))?$/i
const PENDING =
  /\b(?:pending|open|left|remaining|remain|to do|to-?do|incomplete|unfinished|undone|outstanding|uncompleted|active|current|next|not (?:yet )?(?:done|completed?|finished)|still|due|(?:have|need|got) to)\b/i
const DONE = /\b(?:completed?|done|finished|finish|closed|ticked|checked|accomplished|achieved)\b/i
const ABOUT =
  /\b(?:tasks?|to-?dos?|anything|everything|something|items?|ones?|all)\b.*?\b(?:about|with|containing|contain|mentioning|mention|matching|named|called|like|that say|concerning)\b (?:the (?:words? )?)?(.+)$/i
const SEARCH =
  /^(?:find|search|look for|look up)(?: for)?(?: (?:my|the|a|all))?(?: tasks?)?(?: (?:about|with|for|named|called))? (.+)$/i

/** A question about the list, whatever its words; "find …" asks by words of the title. */
function readListing(clause: string): Call | undefined {
  if (!ASKING.test(clause) && !NAMING.test(clause)) return undefined
  const about = ABOUT.exec(clause)?.[1] ?? SEARCH.exec(clause)?.[1]
  const rest = about === undefined ? clause : clause.slice(0, clause.length - about.length)
  const isPending = PENDING.test(rest.replaceAll(/\bto-?do list\b/gi, ''))
  const isDone = DONE.test(rest.replaceAll(/\bnot (?:yet )?(?:done|completed?|finished)\b/gi, ''))
  const status = isPending === isDone ? 'all' : isPending ? 'pending' : 'completed'
  const isOurs =
    about !== undefined ||
    isPending ||
    isDone ||
    /\b(?:tasks?|to-?dos?|list|all|everything|anything|items?|them|it|have i|do i have|is there|on my plate)\b/i.test(
      clause,
    )
  if (!isOurs) return undefined
  return { name: 'list_tasks', input: { status, ...(about !== undefined && { words: unquoted(about) }) } }
}
