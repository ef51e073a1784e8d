import type { ClientRequestOptions } from 'hono/client'
import { PAGE_DEFAULT, PAGE_MAX } from '#contract/limits.ts'
import type { NewTask, Task, TaskChanges, TaskPage, TaskPatch, TaskState } from '#contract/task.ts'
import { api } from '../lib/api.ts'
import { ApiProblem } from '../lib/problem.ts'
import type { ListedTask, Operation } from './operation.ts'

/** The server as the engine needs it. An error other than an ApiProblem is a mistake in our own code. */
export interface TaskRemote {
  /** Reads the first page of the list. */
  readPage(): Promise<TaskPage>
  /** Reads the changes after a cursor of the feed; without one, from the beginning. */
  readChanges(since: string | undefined): Promise<TaskChanges>
  /** Carries out an operation; resolves with the task afterwards, undefined when it is deleted. */
  send(operation: Operation): Promise<(Task & Partial<TaskState>) | undefined>
}

/** The task API, over HTTP. */
export const taskRemote: TaskRemote = {
  readPage: async () => (await api.tasks.$get({ query: { limit: String(PAGE_DEFAULT) } })).json(),

  readChanges: async (since) =>
    (await api.tasks.changes.$get({ query: { limit: String(PAGE_MAX), ...(since && { since }) } })).json(),

  async send({ task_id, action, version }) {
    const param = { id: task_id }
    const precondition = version ? { headers: { 'If-Match': `"${version}"` } } : {}
    switch (action.kind) {
      case 'create':
        return sendCreate(action.task)
      case 'change':
        return sendChange(param, action.fields, precondition)
      case 'restore':
        // A task that was never stored, or is purged, is created again under its id.
        return api.tasks[':id'].restore.$post({ param }).then(
          (response) => response.json(),
          (error: unknown) => (isNotFound(error) ? sendCreate(action.task) : Promise.reject(error as Error)),
        )
      case 'delete':
        await api.tasks[':id'].$delete({ param }, precondition).catch((error: unknown) => {
          // Deleted elsewhere, which is what was wanted.
          if (!isNotFound(error)) throw error
        })
        return undefined
    }
  },
}

async function sendChange(param: { id: string }, fields: TaskPatch, options: ClientRequestOptions) {
  const { completed, ...text } = fields
  const task = api.tasks[':id']
  // A tick has its own address, where a repeat is plain to see.
  return completed !== undefined && Object.keys(text).length === 0
    ? (await task.complete.$patch({ param, json: { completed } }, options)).json()
    : (await task.$patch({ param, json: fields }, options)).json()
}

async function sendCreate(task: ListedTask) {
  return (await api.tasks.$post({ json: toNewTask(task) })).json()
}

/** Returns all of a task but what the server assigns, so that a new field of the contract is sent without a change here. */
export function toNewTask(task: ListedTask): Required<NewTask> {
  const {
    user_id: _user,
    created_at: _created,
    updated_at: _updated,
    unacknowledged: _flag,
    ...fields
  } = task
  return fields
}

const isNotFound = (error: unknown): boolean => error instanceof ApiProblem && error.status === 404
