/** Words that name no particular task. */
const NOISE = new Set([
  'the',
  'a',
  'an',
  'my',
  'that',
  'this',
  'one',
  'task',
  'todo',
  'item',
  'called',
  'named',
])

/** Returns the words of `text` that can tell one task from another, possibly none. */
export const significantWords = (text: string): string[] =>
  text.split(/[\s,;:"“”()]+/).filter((word) => word && !NOISE.has(word.toLowerCase()))

/** Scripts without spaces between words: a word may begin anywhere. */
const UNSPACED =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u

/**
 * Returns a regular expression for titles in which a word begins with `word`; a number, or a word of one or two letters,
 * must match a whole word. `wordClass` is the character class of letters and digits, which PostgreSQL and JavaScript
 * write differently; both read the rest of the pattern the same way. Special characters in `word` are escaped.
 */
export function wordPattern(word: string, wordClass: string): string {
  const literal = word.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll(/['’]/g, "['’]")
  if (!/^[\p{L}\p{N}]/u.test(word) || UNSPACED.test(word)) return literal
  const isWhole = /^(?:\p{N}+|[\p{L}\p{N}]{1,2})$/u.test(word)
  return `(^|[^${wordClass}])${literal}${isWhole ? `(?![${wordClass}])` : ''}`
}
