import { and, desc, eq, inArray, isNull, sql, type SQL, type SQLWrapper } from 'drizzle-orm'
import { QueryBuilder } from 'drizzle-orm/pg-core'
import { Uuid } from '../contract/id.ts'
import type { Task } from '../contract/task.ts'
import { tasks } from '../db/schema.ts'
import { ProblemError } from '../problem.ts'
import { significantWords, wordPattern } from './title-words.ts'

/** A task named by words of its title, like "the milk one". */
export interface TaskReference {
  /** The text as given, and the text without noise words: a title may equal either. */
  titles: string[]
  /** Words that must all be in the title, in any case and order. Without any, only an exact title matches. */
  words: string[]
  /** Prefers completed or open tasks among equally good matches. */
  completed?: boolean
}

/** Candidates listed at most when a reference matches several tasks. */
const CANDIDATES_MAX = 10

/** Returns the id that `text` is, or else a reference by the words in it. */
export function parseTaskReference(text: string, completed?: boolean): string | TaskReference {
  const name = text.trim().replaceAll(/^["“”'‘’]+|["“”'‘’.!?]+$/g, '')
  const id = Uuid.safeParse(name)
  if (id.success) return id.data
  const words = significantWords(name)
  return { titles: [name, words.join(' ')], words, ...(completed !== undefined && { completed }) }
}

/** Returns the patterns of `titleMatchesAll` for titles that contain all these words, or words that begin with them. */
export const titlePatterns = (words: readonly string[]): string[] =>
  words.map((word) => wordPattern(word, '[:alnum:]'))

/** Matches titles that match all of `patterns`, an array parameter. */
export const titleMatchesAll = (patterns: SQLWrapper): SQL => sql`${tasks.title} ~* all(${patterns}::text[])`

/** Selects the ids of a user's tasks that match a reference best, CANDIDATES_MAX at most. */
export function bestMatches(userId: string, { titles, words, completed }: TaskReference) {
  const isExact = inArray(
    sql`lower(${tasks.title})`,
    titles.map((title) => sql`lower(${title})`),
  )
  const isPreferred = completed === undefined ? sql`true` : eq(tasks.completed, completed)
  const matches = words.length > 0 ? titleMatchesAll(sql.param(titlePatterns(words))) : isExact
  const builder = new QueryBuilder({ casing: 'snake_case' })
  const ranked = builder
    .select({
      id: tasks.id,
      created_at: tasks.created_at,
      rank: sql<number>`rank() over (order by ${isExact} desc, ${isPreferred} desc)`.as('rank'),
    })
    .from(tasks)
    .where(and(eq(tasks.user_id, userId), isNull(tasks.deleted_at), matches))
    .as('ranked')
  return builder
    .select({ id: ranked.id })
    .from(ranked)
    .where(eq(ranked.rank, 1))
    .orderBy(desc(ranked.created_at), desc(ranked.id))
    .limit(CANDIDATES_MAX)
}

/** A reference that matches several tasks: the caller is asked which one, nothing is guessed. */
export class AmbiguousTask extends ProblemError {
  readonly candidates: Task[]

  constructor(matching: readonly Task[]) {
    const candidates = matching.toSorted((one, other) => other.created_at.localeCompare(one.created_at))
    const list = candidates.map(({ id, title, completed }) => `${id} ${completed ? '[x]' : '[ ]'} ${title}`)
    super('conflict', `Several tasks fit. Ask which one is meant, then use its id:\n${list.join('\n')}`)
    this.candidates = candidates
  }
}
