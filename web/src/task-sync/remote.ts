import type { ClientRequestOptions } from 'hono/client'
import { PAGE_DEFAULT, PAGE_MAX } from '#contract/limits.ts'
import type { Task, TaskChanges, TaskPage, TaskState } from '#contract/task.ts'
import { api } from '../lib/api.ts'
import { ApiProblem } from '../lib/problem.ts'
import type { Operation, TaskFields } from './operation.ts'

/** What the task list needs of the server; everything it throws is an ApiProblem. */
export interface TaskRemote {
  /** The first page of the list. */
  readPage(): Promise<TaskPage>
  /** What changed since a place; without one, everything there is. */
  readChanges(since: string | undefined): Promise<TaskChanges>
  /** The task as it is afterwards; undefined when it is gone. */
  send(operation: Operation): Promise<(Task & Partial<TaskState>) | undefined>
}

/** The server, over HTTP. */
export const taskRemote: TaskRemote = {
  readPage: async () => (await api.tasks.$get({ query: { limit: String(PAGE_DEFAULT) } })).json(),

  readChanges: async (since) =>
    (await api.tasks.changes.$get({ query: { limit: String(PAGE_MAX), ...(since && { since }) } })).json(),

  async send({ task_id, action, version }) {
    const param = { id: task_id }
    const ifUnchanged = version ? { headers: { 'If-Match': `"${version}"` } } : {}
    switch (action.kind) {
      case 'create':
        return create(action.task)
      case 'change':
        return change(param, action.fields, ifUnchanged)
      case 'restore':
        // What was never stored, or is purged, is made anew under its id.
        return api.tasks[':id'].restore.$post({ param }).then(
          (response) => response.json(),
          (error: unknown) => (isGone(error) ? create(action.task) : Promise.reject(error as Error)),
        )
      case 'delete':
        await api.tasks[':id'].$delete({ param }, ifUnchanged).catch((error: unknown) => {
          // A task deleted elsewhere is as gone as we wanted it.
          if (!isGone(error)) throw error
        })
        return undefined
    }
  },
}

async function change(param: { id: string }, fields: TaskFields, options: ClientRequestOptions) {
  const { completed, ...text } = fields
  const task = api.tasks[':id']
  // A tick has its own address, where a repeat is plain to see.
  return completed !== undefined && Object.keys(text).length === 0
    ? (await task.complete.$patch({ param, json: { completed } }, options)).json()
    : (await task.$patch({ param, json: fields }, options)).json()
}

async function create({ id, title, description, completed }: Task) {
  return (await api.tasks.$post({ json: { id, title, description, completed } })).json()
}

const isGone = (error: unknown): boolean => error instanceof ApiProblem && error.status === 404
