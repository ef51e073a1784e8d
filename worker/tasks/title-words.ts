/** Words that say "a task" and not which. */
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

/** The words of what was said that tell one task from another; none when all of it could be said of any. */
export const significantWords = (said: string): string[] =>
  said.split(/[\s,;:"“”()]+/).filter((word) => word && !NOISE.has(word.toLowerCase()))

/** Scripts that put no space between words: there a word may begin anywhere. */
const UNSPACED =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u

/**
 * A regular expression for titles with a word that begins like this; a number, and a word of one or two letters, must be
 * all of it. `sign` is what letters and digits are called there, for PostgreSQL and JavaScript name them differently;
 * all else of the pattern is the same to both, and nothing of the word is a pattern.
 */
export function wordPattern(word: string, sign: string): string {
  const literal = word.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll(/['’]/g, "['’]")
  if (!/^[\p{L}\p{N}]/u.test(word) || UNSPACED.test(word)) return literal
  const isWhole = /^(?:\p{N}+|[\p{L}\p{N}]{1,2})$/u.test(word)
  return `(^|[^${sign}])${literal}${isWhole ? `(?![${sign}])` : ''}`
}
