import { Hono, type Context, type Next } from 'hono'
import { scopeOf, type UserEnv } from '../context.ts'
import { requireUser } from '../auth/require-user.ts'
import { Uuid } from '../contract/id.ts'
import {
  ChangesQuery,
  Completion,
  NewTask,
  TaskPatch,
  TaskQuery,
  TaskReplacement,
  type Task,
} from '../contract/task.ts'
import { ExportQuery, TaskImport } from '../contract/transfer.ts'
import { logRequestFailure } from '../problem.ts'
import { jsonBody, limitBody, validate } from '../validate.ts'
import { listChanges } from './changes.ts'
import { etagOf, preconditionOf } from './etag.ts'
import { exportTasks } from './export.ts'
import { importTasks } from './import.ts'
import { newTaskId, taskPath } from './task-id.ts'
import { createTask, updateTask, listTasks, readTask, deleteTask, restoreTask, toggleTask } from './tasks.ts'
import { taskNotFound } from './write.ts'

export const taskRoutes = new Hono<UserEnv>()
  .use(requireUser, limitBody)
  .get('/', validate('query', TaskQuery), async (c) => {
    const page = await listTasks(scopeOf(c), c.req.valid('query'))
    if (page.next_cursor) c.header('Link', `<${nextPage(c, page.next_cursor)}>; rel="next"`)
    return c.json(page, 200)
  })
  .get('/changes', validate('query', ChangesQuery), async (c) =>
    c.json(await listChanges(scopeOf(c), c.req.valid('query')), 200),
  )
  .get('/export', validate('query', ExportQuery), async (c) => {
    const { format } = c.req.valid('query')
    const now = new Date()
    const onFailure = (error: Error) => logRequestFailure(c, error, 200)
    const stream = await exportTasks(scopeOf(c), { format, now, onFailure })
    return c.body(stream, 200, {
      'Content-Type': format === 'csv' ? 'text/csv; charset=utf-8' : 'application/json',
      'Content-Disposition': `attachment; filename="margin-tasks-${now.toISOString().slice(0, 10)}.${format}"`,
    })
  })
  .post('/import', jsonBody, validate('json', TaskImport), async (c) =>
    c.json(await importTasks(scopeOf(c), c.req.valid('json').tasks), 200),
  )
  .post('/', jsonBody, validate('json', NewTask), async (c) => {
    const newTask = c.req.valid('json')
    const id = newTaskId(c.var.userId, newTask.id, c.req.header('Idempotency-Key'))
    const { task, isNew } = await createTask(scopeOf(c), id, newTask)
    return c.json(task, isNew ? 201 : 200, { Location: taskPath(task), ETag: etagOf(task) })
  })
  .get('/:id', async (c) => withEtag(c, await readTask(scopeOf(c), taskId(c))))
  .put('/:id', jsonBody, validate('json', TaskReplacement), async (c) =>
    withEtag(c, (await updateTask(scopeOf(c), taskId(c), c.req.valid('json'), precondition(c))).task),
  )
  .patch('/:id', jsonBody, validate('json', TaskPatch), async (c) =>
    withEtag(c, (await updateTask(scopeOf(c), taskId(c), c.req.valid('json'), precondition(c))).task),
  )
  .patch('/:id/complete', toggleWhenEmpty, jsonBody, validate('json', Completion), async (c) =>
    withEtag(c, (await updateTask(scopeOf(c), taskId(c), c.req.valid('json'), precondition(c))).task),
  )
  .delete('/:id', async (c) => {
    await deleteTask(scopeOf(c), taskId(c), precondition(c))
    return c.body(null, 204)
  })
  .post('/:id/restore', async (c) => withEtag(c, await restoreTask(scopeOf(c), taskId(c))))

/** Toggles the task when the request has no body; else continues with the handlers that read the body. */
async function toggleWhenEmpty(c: Context<UserEnv>, next: Next) {
  if ((await c.req.arrayBuffer()).byteLength > 0) return next()
  return withEtag(c, await toggleTask(scopeOf(c), taskId(c), precondition(c)))
}

const withEtag = (c: Context, task: Task) => c.json(task, 200, { ETag: etagOf(task) })

const precondition = (c: Context) => preconditionOf(c.req.header('If-Match'))

/** @throws ProblemError `not-found` for an id that is no UUID, before any statement */
function taskId(c: Context): string {
  const id = Uuid.safeParse(c.req.param('id'))
  if (!id.success) throw taskNotFound()
  return id.data
}

const nextPage = (c: Context, cursor: string): string =>
  `${c.req.path}?${new URLSearchParams({ ...c.req.query(), cursor }).toString()}`
