import type { Task } from '#contract/task.ts'

/** The folded text of each task, computed once per version of it. */
const foldedTexts = new WeakMap<Task, string>()

/** Folds case and accents, so that "Åse" and "ase" compare equal. */
const fold = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{Mn}+/gu, '')
    .toLowerCase()

function foldedText(task: Task): string {
  const cached = foldedTexts.get(task)
  if (cached !== undefined) return cached
  const text = fold(`${task.title}\n${task.description ?? ''}`)
  foldedTexts.set(task, text)
  return text
}

/** Creates a predicate for tasks with every word of `query` in title or description; without words all tasks match. */
export function createMatcher(query: string): (task: Task) => boolean {
  const words = fold(query).split(/\s+/).filter(Boolean)
  return (task) => words.every((word) => foldedText(task).includes(word))
}
