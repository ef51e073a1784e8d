import { and, desc, eq, inArray, isNull, sql, type SQL } from 'drizzle-orm'
import { Uuid } from '../contract/id.ts'
import type { Task } from '../contract/task.ts'
import type { Db } from '../db/client.ts'
import { tasks } from '../db/schema.ts'
import { ProblemError } from '../problem.ts'
import { wordPattern, significantWords } from './title-words.ts'

/** A task as somebody speaks of it: "the milk one". */
export interface TaskReference {
  /** The whole of what was said, and what is left of it without words that name no task: a title may be just that. */
  titles: string[]
  /** All of them stand in the title, in any case and order; when there are none, only a title is meant that is just that. */
  words: string[]
  /** Of several that fit alike, those that are completed, or open, are meant. */
  completed?: boolean
}

/** Candidates named at most when a mention fits several tasks. */
const CANDIDATES_MAX = 10

/** The id that a caller gave, or what their words mean. */
export function parseTaskReference(text: string, completed?: boolean): string | TaskReference {
  const said = text.trim().replaceAll(/^["“”'‘’]+|["“”'‘’.!?]+$/g, '')
  const id = Uuid.safeParse(said)
  if (id.success) return id.data
  const words = significantWords(said)
  return { titles: [said, words.join(' ')], words, ...(completed !== undefined && { completed }) }
}

/** Matches titles that hold all these words, or words that begin like them. */
export const titleContainsAll = (words: readonly string[]): SQL | undefined =>
  and(...words.map((word) => sql`${tasks.title} ~* ${wordPattern(word, '[:alnum:]')}`))

/** The condition for the task of this id, or for those that a mention fits best; of this person alone. */
export function matchesReference(db: Db, userId: string, which: string | TaskReference): SQL | undefined {
  const mine = eq(tasks.user_id, userId)
  if (typeof which === 'string') return and(eq(tasks.id, which), mine)
  const { titles, words, completed } = which
  const isExact = inArray(
    sql`lower(${tasks.title})`,
    titles.map((title) => sql`lower(${title})`),
  )
  const isInState = completed === undefined ? sql`true` : eq(tasks.completed, completed)
  const fitting = db
    .select({
      id: tasks.id,
      created_at: tasks.created_at,
      place: sql<number>`rank() over (order by ${isExact} desc, ${isInState} desc)`.as('place'),
    })
    .from(tasks)
    .where(and(mine, isNull(tasks.deleted_at), words.length > 0 ? titleContainsAll(words) : isExact))
    .as('fitting')
  const best = db
    .select({ id: fitting.id })
    .from(fitting)
    .where(eq(fitting.place, 1))
    .orderBy(desc(fitting.created_at), desc(fitting.id))
    .limit(CANDIDATES_MAX)
  return and(inArray(tasks.id, best), mine)
}

/** The words fit several tasks: a question to whoever said them, never a guess. */
export class AmbiguousTask extends ProblemError {
  readonly candidates: Task[]

  constructor(fitting: Task[]) {
    const candidates = fitting.toSorted((one, other) => other.created_at.localeCompare(one.created_at))
    const list = candidates.map(({ id, title, completed }) => `${id} ${completed ? '[x]' : '[ ]'} ${title}`)
    super('conflict', `Several tasks fit. Ask which one is meant, then use its id:\n${list.join('\n')}`)
    this.candidates = candidates
  }
}
