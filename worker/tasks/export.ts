import { and, asc, eq, sql } from 'drizzle-orm'
import { PAGE_MAX } from '../contract/limits.ts'
import type { Cursor } from '../contract/cursor.ts'
import type { TaskState } from '../contract/task.ts'
import type { ExportFormat } from '../contract/transfer.ts'
import { resetBudget } from '../db/client.ts'
import { tasks } from '../db/schema.ts'
import type { Scope } from '../db/scope.ts'
import { keysetCondition } from './cursor.ts'
import { csvHead, csvLines } from './csv.ts'
import { userIdParam, readPage } from './page-query.ts'
import { taskColumnsWithDeletion } from './write.ts'

/** An export that has begun; `onFailure` hears why it broke off. */
interface Exporting extends Scope {
  onFailure: (error: Error) => void
}

/**
 * All tasks of the person, deleted ones among them, as a stream that reads the next page when the one before is gone:
 * one statement for PAGE_MAX tasks, one page in memory. The first is read before there is a stream, so that a failure
 * can still be told; after that a failure breaks the stream off, and no reader takes the rest for the whole.
 */
export async function exportTasks(
  scope: Exporting,
  format: ExportFormat,
  now: Date,
): Promise<ReadableStream> {
  const text = format === 'csv' ? csvText : jsonText(now)
  const first = await readNext(scope)
  const parts = textOf(scope, first, text)
  const encoder = new TextEncoder()
  return new ReadableStream({
    async pull(stream) {
      try {
        const { value, done } = await parts.next()
        if (done) stream.close()
        else stream.enqueue(encoder.encode(value))
      } catch (error) {
        if (error instanceof Error) scope.onFailure(error)
        // In words of ours: the runtime may log what a stream fails with, and the driver's words quote SQL.
        stream.error(new Error('The export broke off.'))
      }
    },
  })
}

interface Text {
  head: string
  /** One page; `start` is the number of tasks before it. */
  page: (tasks: readonly TaskState[], start: number) => string
  foot: string
}

const csvText: Text = { head: csvHead, page: csvLines, foot: '' }

const jsonText = (now: Date): Text => ({
  head: `{"format":"margin-tasks","version":1,"exported_at":"${now.toISOString()}","tasks":[\n`,
  page: (tasks, start) => (start > 0 ? ',\n' : '') + tasks.map((task) => JSON.stringify(task)).join(',\n'),
  foot: '\n]}\n',
})

async function* textOf(scope: Exporting, first: readonly TaskState[], text: Text): AsyncGenerator<string> {
  yield text.head
  let count = 0
  for (let page = first; page.length > 0;) {
    yield text.page(page, count)
    count += page.length
    const last = page.at(-1)
    if (!last || page.length < PAGE_MAX) break
    page = await readNext(scope, { at: last.created_at, id: last.id })
  }
  yield text.foot
}

/** By the time of creation, which never changes: what is changed meanwhile is there once, and nothing is left out. */
async function readNext(scope: Exporting, place?: Cursor): Promise<TaskState[]> {
  // Each page has the patience of a request of its own.
  resetBudget()
  const build = () => ({
    page: scope.database.repeatable
      .select(taskColumnsWithDeletion)
      .from(tasks)
      .where(and(eq(tasks.user_id, userIdParam), place && keysetCondition('newer', tasks.created_at)))
      .orderBy(asc(tasks.created_at), asc(tasks.id))
      .limit(PAGE_MAX)
      .as('page'),
    order: sql`page.created_at, page.id`,
  })
  return (await readPage<TaskState>(scope, `export ${!place}`, build, { ...place })).tasks
}
