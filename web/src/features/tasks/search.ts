import type { Task } from '#contract/task.ts'

/** What a search looks at, made once for each state of a task. */
const texts = new WeakMap<Task, string>()

/** Letters as a search compares them: small, and without their accents. */
const fold = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{Mn}+/gu, '')
    .toLowerCase()

function textOf(task: Task): string {
  const known = texts.get(task)
  if (known !== undefined) return known
  const text = fold(`${task.title}\n${task.description ?? ''}`)
  texts.set(task, text)
  return text
}

/** Tells tasks that have every word of `query`, in title or description; all tasks when there is no word. */
export function matcherOf(query: string): (task: Task) => boolean {
  const words = fold(query).split(/\s+/).filter(Boolean)
  return (task) => words.every((word) => textOf(task).includes(word))
}
