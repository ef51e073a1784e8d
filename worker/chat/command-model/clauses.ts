/** Matches opening words that do not change the meaning of a message. */
const POLITE =
  /^(?:please|kindly|hey|hi|hello|ok|okay|well|so|now|then|also|and|next|finally|just|could you|can you|would you|will you|i(?:'d| would) like you to|i want you to|i(?:'d| would) like to|i want to|i (?:need|have) to(?= (?:add|create|see|view|show|list|check|look at|read|know)\b.*\b(?:tasks?|to-?dos?|(?:my|to-?do) list)\b)|let's|let me|go ahead and|margin)\b[\s,:!]*/i

/** Matches the beginning of a sentence that is a command. */
const COMMAND =
  /^(?:add|create|make a|new task|put|note|jot|write down|remind me|remember|don't|i need|i have|i must|i've|i (?:bought|paid|sent|did|picked up|(?:just |already )?\w+ed)|show|list|display|see|view|find|search|look for|read|describe|what|which|how many|tell me|give me|complete|finish|mark|tick|check|cross|close|reopen|untick|uncheck|rename|retitle|change|update|edit|replace|set|delete|remove|erase|get rid|drop|trash)\b/i

/** The same, but stricter, for text after a comma or "and": "buy milk and check the oven" has no second command. */
const CLEAR_COMMAND =
  /^(?:add|create|remind me|show|list|display|what|which|how many|tell me|give me|complete|mark\b[^.;\n]*\b(?:done|completed?|finished|open)|(?:tick|check|cross) off|reopen|untick|uncheck|rename|retitle|delete|remove|erase|get rid|trash)\b/i

/** Matches the beginning of an errand. After "and" it begins another task, as in "buy milk and call Ann". */
const ERRAND =
  /^(?:answer|apply|arrange|ask|assemble|back up|bake|book|bring|buy|call|cancel|check in|clean|collect|contact|cook|deliver|do|draft|email|e-mail|feed|fill|find|fix|get|go|hang|install|iron|mail|meet|message|mow|order|organi[sz]e|pack|paint|pay|phone|pick up|plan|plant|practi[cs]e|prepare|print|read|register|remind|renew|repair|reply|reserve|return|review|ring|schedule|sell|send|sign|sort|study|submit|sweep|take|talk|text|tidy|vacuum|visit|walk|wash|water|wrap|write)\b\s+\S/i

/** Matches a command that adds. "then" after it begins another task if an errand follows, not a command. */
const ADDING =
  /^(?:add|create|make|put|note|jot|write down|remind me|remember|don't (?:let me )?forget|new task|to-?do|i need to|i have to|i must|i should)\b/i

/** Matches a condition; the clause after it belongs to it. */
const CONDITION = /^(?:if|unless|when|whenever|once|until|as soon as)\b/i

/** Matches where a clause may end. Quoted text is hidden before, so that it is never split. */
const CLAUSE_END =
  /\s*[;\n]\s*|[.!?,;]\s+(?:and\s+)?then\s+|[.!?]\s+|\s+(?:and\s+)?then\s+|,\s*(?:and\s+)?|\s+and\s+/gi

/** Splits a message into its commands, in order, without polite words around them. */
export function clausesOf(message: string): string[] {
  const { text, restore } = hideQuoted(message.normalize('NFC').replaceAll('’', "'"))
  const clauses: string[] = []
  let start = 0
  for (const end of text.matchAll(CLAUSE_END)) {
    const rest = text.slice(end.index + end[0].length)
    const isSentence = /[;\n]|[.!?]\s|then\s/i.test(end[0])
    const isNext = /^[.!?;,].*then\s/i.test(end[0])
    const [before, after] = [withoutPoliteWords(text.slice(start, end.index)), withoutPoliteWords(rest)]
    if (!isNext && !(isSentence ? COMMAND : CLEAR_COMMAND).test(after)) continue
    if (isNext && ADDING.test(before) && ERRAND.test(after) && !COMMAND.test(after)) continue
    if (CONDITION.test(before) && !/^[;\n.!?]/.test(end[0].trim()) && !ADDING.test(after)) continue
    clauses.push(text.slice(start, end.index))
    start = end.index + end[0].length
  }
  clauses.push(text.slice(start))
  return clauses.map((clause) => withoutPoliteWords(restore(clause))).filter(Boolean)
}

/** Returns the present tense of an errand, "call" for "called"; undefined for other verbs. */
export function presentOf(past: string): string | undefined {
  const verb = past.toLowerCase()
  const present = IRREGULAR[verb]
  if (present !== undefined) return present
  const stem = /^(.+)ed$/.exec(verb)?.[1] ?? ''
  return [stem, `${stem}e`, stem.replace(/i$/, 'y'), stem.replace(/(.)\1$/, '$1')].find((one) =>
    ERRAND.test(`${one} it`),
  )
}

const IRREGULAR: Record<string, string> = {
  paid: 'pay',
  sent: 'send',
  wrote: 'write',
  swept: 'sweep',
  sold: 'sell',
}

/** Splits the text after "add" into titles: at each comma in a list, otherwise where another errand begins. */
export function titlesIn(added: string, { isList }: { isList: boolean }): string[] {
  const { text, restore } = hideQuoted(added)
  const parts: string[] = []
  let start = 0
  for (const end of text.matchAll(
    /\s*[;\n]\s*(?:[-*•]\s+)?|[.!?,]?\s+(?:and\s+)?then\s+|\s*,\s*(?:and\s+)?|\s+and\s+/gi,
  )) {
    const rest = text.slice(end.index + end[0].length)
    if (!isList && !/[;\n]/.test(end[0]) && !ERRAND.test(rest) && !rest.startsWith('\0')) continue
    parts.push(text.slice(start, end.index))
    start = end.index + end[0].length
  }
  parts.push(text.slice(start))
  return parts.map((part) => unquoted(restore(part).replace(/^\s*[-*•]\s+/, ''))).filter(Boolean)
}

const QUOTED = /"[^"]+"|“[^”]+”|(?<=^|\s)'[^']+'(?=$|[\s.,;!?])/g

/** Replaces quoted parts by placeholders, so that they are not split; `restore` puts them back. */
function hideQuoted(text: string) {
  const quoted: string[] = []
  return {
    text: text.replace(QUOTED, (part) => `\0${quoted.push(part) - 1}\0`),
    restore: (piece: string) => piece.replaceAll(/\0(\d+)\0/g, (_, n: string) => quoted[Number(n)] ?? ''),
  }
}

/** Removes quotation marks around the whole text. */
export const unquoted = (text: string): string =>
  text
    .trim()
    .replace(/^(["“'])(.+)(["”'])[.!]?$/, '$2')
    .trim()

function withoutPoliteWords(clause: string): string {
  let text = clause.trim().replace(/^[-*•]\s+/, '')
  for (let before = ''; text !== before;) {
    before = text
    text = text.replace(POLITE, '')
  }
  return text
    .replace(/[\s.!?,;]+$/, '')
    .replace(/,?\s+(?:please|thanks|thank you|for me)$/i, '')
    .trim()
}
