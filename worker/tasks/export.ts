import type { Cursor } from '../contract/cursor.ts'
import { PAGE_MAX } from '../contract/limits.ts'
import type { TaskState } from '../contract/task.ts'
import type { ExportFormat } from '../contract/transfer.ts'
import { resetBudget } from '../db/client.ts'
import { tasks } from '../db/schema.ts'
import type { Scope } from '../db/scope.ts'
import { taskColumnsWithDeletion } from './columns.ts'
import { csvHead, csvLines } from './csv.ts'
import { pageQuery } from './page-query.ts'

interface ExportOptions {
  format: ExportFormat
  now: Date
  /** Called when the stream fails after it has begun. */
  onFailure: (error: Error) => void
}

/**
 * Returns all tasks of the user, deleted ones included, as a stream that reads a page when the one before has been
 * consumed: one statement per PAGE_MAX tasks, one page in memory. The first page is read before the stream exists, so
 * that a failure is still an error response; a later failure aborts the stream, so that no client takes part of the
 * export for the whole.
 */
export async function exportTasks(
  scope: Scope,
  { format, now, onFailure }: ExportOptions,
): Promise<ReadableStream> {
  const first = await readNext(scope)
  const parts = textOf(scope, first, format === 'csv' ? csvText : jsonText(now))
  const encoder = new TextEncoder()
  return new ReadableStream({
    async pull(stream) {
      try {
        const { value, done } = await parts.next()
        if (done) stream.close()
        else stream.enqueue(encoder.encode(value))
      } catch (error) {
        if (error instanceof Error) onFailure(error)
        // Not the error itself: the runtime may log why a stream failed, and the driver's message quotes SQL.
        stream.error(new Error('The export broke off.'))
      }
    },
  })
}

interface TextFormat {
  head: string
  /** Returns the text of one page; `start` is the number of tasks before it. */
  page: (tasks: readonly TaskState[], start: number) => string
  foot: string
}

const csvText: TextFormat = { head: csvHead, page: csvLines, foot: '' }

const jsonText = (now: Date): TextFormat => ({
  head: `{"format":"margin-tasks","version":1,"exported_at":"${now.toISOString()}","tasks":[\n`,
  page: (tasks, start) => (start > 0 ? ',\n' : '') + tasks.map((task) => JSON.stringify(task)).join(',\n'),
  foot: '\n]}\n',
})

async function* textOf(
  scope: Scope,
  first: readonly TaskState[],
  format: TextFormat,
): AsyncGenerator<string> {
  yield format.head
  let count = 0
  for (let page = first; page.length > 0;) {
    yield format.page(page, count)
    count += page.length
    const last = page.at(-1)
    if (!last || page.length < PAGE_MAX) break
    page = await readNext(scope, { at: last.created_at, id: last.id })
  }
  yield format.foot
}

/** In order of creation, which never changes: a task that is updated meanwhile is neither missed nor repeated. */
const readExportPage = pageQuery({
  columns: taskColumnsWithDeletion,
  orderBy: { time: tasks.created_at, direction: 'asc' },
})

async function readNext(scope: Scope, cursor?: Cursor): Promise<TaskState[]> {
  // Each page may wait for the database as long as a request of its own.
  resetBudget()
  const { rows } = await readExportPage(scope, { limit: PAGE_MAX, cursor })
  return rows
}
