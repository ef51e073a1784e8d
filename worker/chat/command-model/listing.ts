import type { PlannedCall } from './calls.ts'
import { unquoted } from './clauses.ts'

const ASKING =
  /^(?:show|list|see|view|display|give|get|tell|read|print|what|what's|whats|which|how many|how much|do i|have i|did i|is there|are there|any|anything|find|search|look for|look up|check my|open my|go through)\b/i
const NAMING =
  /^(?:(?:all|my|the|any|open|pending|completed|done|finished|remaining|current|outstanding|unfinished|of) )*(?:tasks?|to-?dos?|to-?do list|task list|list|everything|overview|summary)(?: (?:left|open|pending|completed|done|remaining|to do|(?:that|which) .+|i(?:'ve| have| haven't| did| didn't) .+))?$/i
const PENDING =
  /\b(?:pending|open|left|remaining|remain|to do|to-?do|incomplete|unfinished|undone|outstanding|uncompleted|active|current|next|still|due|(?:have|need|got) to)\b/i
/** Inverts the state that is asked for: "what I haven't done" is open. */
const NOT = /\b(?:not|never)\b|n't\b/i
const DONE = /\b(?:completed?|done|finished|finish|closed|ticked|checked|accomplished|achieved)\b/i
const ABOUT =
  /\b(?:tasks?|to-?dos?|anything|everything|something|items?|ones?|all)\b.*?\b(?:about|with|containing|contain|mentioning|mention|matching|named|called|like|that say|concerning)\b (?:the (?:words? )?)?(.+)$/i
const SEARCH =
  /^(?:find|search|look for|look up)(?: for)?(?: (?:my|the|a|all))?(?: tasks?)?(?: (?:about|with|for|named|called))? (.+)$/i

/** Reads a clause that asks for the list, or for the tasks whose title has certain words. */
export function readListRequest(clause: string): PlannedCall | undefined {
  if (!ASKING.test(clause) && !NAMING.test(clause)) return undefined
  const about = ABOUT.exec(clause)?.[1] ?? SEARCH.exec(clause)?.[1]
  const rest = about === undefined ? clause : clause.slice(0, clause.length - about.length)
  const saysOpen = PENDING.test(rest.replaceAll(/\bto-?do list\b/gi, ''))
  const saysDone = DONE.test(rest)
  const isNot = NOT.test(rest)
  const isPending = isNot ? saysDone : saysOpen
  const isDone = isNot ? saysOpen && !saysDone : saysDone
  const status = isPending === isDone ? 'all' : isPending ? 'pending' : 'completed'
  const isAboutTasks =
    about !== undefined ||
    isPending ||
    isDone ||
    /\b(?:tasks?|to-?dos?|list|all|everything|anything|items?|them|it|have i|do i have|is there|on my plate)\b/i.test(
      clause,
    )
  if (!isAboutTasks) return undefined
  return { name: 'list_tasks', input: { status, ...(about !== undefined && { words: unquoted(about) }) } }
}

const TASK = '(?<task>.+)'
const DETAILS = '(?:descriptions?|notes?|details|full text)'
const DETAILED = [
  `(?:what(?:'s| is| are)|show(?: me)?|read(?: me)?|tell me|give me|see|view|display) (?:the |all )?${DETAILS} (?:of|for|on|about|in|to) ${TASK}`,
  `(?:what(?:'s| is| are)|show(?: me)?|read(?: me)?|tell me|give me|see|view|display) ${TASK}'s ${DETAILS}`,
  `what does ${TASK} say`,
  `(?:read|describe)(?: me| out)? (?!.* as )${TASK}`,
].map((pattern) => new RegExp(`^${pattern}$`, 'is'))
/** Matches the object of "read …" when the list is meant instead of one task. */
const A_LIST =
  /^(?:(?:what|all|everything|them|any|which)\b.*|(?:(?:my|the|all|open|completed|done|pending) )*(?:tasks|to-?dos|(?:task |to-?do )?list)\b.*)$/i

/** Reads a clause that asks for the description of a task. */
export function readDescriptionRequest(clause: string): PlannedCall | undefined {
  const task = DETAILED.map((pattern) => pattern.exec(clause)?.groups?.['task']).find(
    (one) => one !== undefined,
  )
  if (task === undefined || A_LIST.test(task)) return undefined
  const words = unquoted(
    task
      .replace(/^(?:the|my) /i, '')
      .replace(/^task (?!\d)/i, '')
      .replace(/(?<=\S) (?:task|one)$/i, ''),
  )
  return { name: 'list_tasks', input: { status: 'all', words }, isDetailed: true }
}
