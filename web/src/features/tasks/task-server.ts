import { PAGE_DEFAULT, PAGE_MAX } from '#contract/limits.ts'
import { api } from '../../lib/api.ts'
import { ApiProblem } from '../../lib/problem.ts'
import type { TaskServer } from './task-store.ts'

/** The server, over HTTP. */
export const taskServer: TaskServer = {
  async readPage(cursor) {
    const query = cursor ? { cursor, limit: String(PAGE_MAX) } : { limit: String(PAGE_DEFAULT) }
    const response = await api.tasks.$get({ query })
    return response.json()
  },

  async send({ task_id, action }) {
    const param = { id: task_id }
    switch (action.kind) {
      case 'create': {
        const { id, title, description, completed } = action.task
        const response = await api.tasks.$post({ json: { id, title, description, completed } })
        return response.json()
      }
      case 'change':
        return (await api.tasks[':id'].$patch({ param, json: action.text })).json()
      case 'complete':
        return (
          await api.tasks[':id'].complete.$patch({ param, json: { completed: action.completed } })
        ).json()
      case 'restore':
        return (await api.tasks[':id'].restore.$post({ param })).json()
      case 'delete':
        await api.tasks[':id'].$delete({ param }).catch(unlessGone)
        return undefined
    }
  },
}

/** A task deleted elsewhere is as gone as we wanted it. */
function unlessGone(error: unknown): void {
  if (!(error instanceof ApiProblem && error.status === 404)) throw error
}
