import { NewTask, type Task, type TaskPatch, type TaskState } from '#contract/task.ts'
import { ApiProblem } from '../../lib/problem.ts'
import type { Operation } from '../operation.ts'
import type { TaskRemote } from '../remote.ts'
import type { YieldPoint } from './fake-storage.ts'

/** What happens to a request on its way. */
export type RequestFate =
  'delivered' | 'lost' | 'answer lost' | 'delivered twice' | 'repeated late' | 'busy' | 'refused'

const PAGE_SIZE = 3
const USER_ID = '0199a1b2-0000-7000-8000-000000000001'

const failure = (status: number, task?: Task) =>
  new ApiProblem({ code: status === 0 ? 'network' : 'internal', status, title: 'No', detail: 'No.', task })

/** Creates a task API in memory by the rules of the contract, behind a network that treats requests as `fate` says. */
export function fakeServer(yieldPoint: YieldPoint, fate: () => RequestFate) {
  const rows = new Map<string, TaskState>()
  /** Ids in the order of creation, newest first: the order of the list, told by no comparison of the engine's. */
  const newestFirst: string[] = []
  /** Each row as it was after each write. */
  const history: TaskState[] = []
  let clock = Date.UTC(2026, 0, 1)
  let sent = 0

  const time = (): string => new Date((clock += 1)).toISOString()
  const isLive = ({ deleted_at }: TaskState): boolean => deleted_at === null
  const list = (): Task[] =>
    newestFirst.flatMap((id) => {
      const row = rows.get(id)
      return row && isLive(row) ? [withoutDeletion(row)] : []
    })

  function put(row: TaskState, change: Partial<TaskState>): TaskState {
    const changed = { ...row, ...change, updated_at: time() }
    rows.set(row.id, changed)
    history.push(changed)
    return changed
  }

  function liveRow(id: string, version?: string): TaskState {
    const row = rows.get(id)
    if (!row || !isLive(row)) throw failure(404)
    if (version !== undefined && version !== row.updated_at) throw failure(412, withoutDeletion(row))
    return row
  }

  function change(id: string, fields: TaskPatch, version?: string): Task {
    const row = liveRow(id)
    const isNoChange = Object.entries(fields).every(
      ([field, value]) => row[field as keyof TaskPatch] === value,
    )
    return withoutDeletion(isNoChange ? row : put(liveRow(id, version), fields))
  }

  function remove(id: string, version?: string): void {
    const row = rows.get(id)
    if (row && isLive(row)) put(liveRow(id, version), { deleted_at: time() })
  }

  function create(task: Task): TaskState {
    const row = rows.get(task.id)
    if (row) return row
    newestFirst.unshift(task.id)
    const { description = null, ...fields } = NewTask.parse(task)
    const now = time()
    const times = { created_at: now, updated_at: now, deleted_at: null }
    return put({ ...fields, ...times, description, id: task.id, user_id: USER_ID }, {})
  }

  function carryOut({ task_id, action, version }: Operation): (Task & Partial<TaskState>) | undefined {
    switch (action.kind) {
      case 'create':
        return create(action.task)
      case 'change':
        return change(task_id, action.fields, version)
      case 'delete':
        remove(task_id, version)
        return undefined
      case 'restore': {
        const row = rows.get(task_id)
        if (!row) return create(action.task)
        return withoutDeletion(isLive(row) ? row : put(row, { deleted_at: null }))
      }
    }
  }

  const api: TaskRemote = {
    async send(operation) {
      const outcome = fate()
      sent += 1
      await yieldPoint()
      if (outcome === 'lost') throw failure(0)
      if (outcome === 'busy') throw failure(503)
      if (outcome === 'refused') throw failure(400)
      const repeat = () => {
        try {
          carryOut(operation)
        } catch {
          // Nobody waits for the answer to a repeat.
        }
      }
      if (outcome === 'delivered twice') repeat()
      // Only a request that names a version is harmless however late it is repeated.
      if (outcome === 'repeated late' && operation.version && operation.action.kind !== 'restore')
        void yieldPoint().then(yieldPoint).then(yieldPoint).then(repeat)
      const answer = carryOut(operation)
      await yieldPoint()
      if (outcome === 'answer lost') throw failure(0)
      return answer
    },
    async readPage() {
      await yieldPoint()
      const tasks = list()
      const page = {
        tasks: tasks.slice(0, PAGE_SIZE),
        next_cursor: tasks.length > PAGE_SIZE ? 'more' : null,
      }
      await yieldPoint()
      return page
    },
    async readChanges(since = '') {
      await yieldPoint()
      const cursorOf = ({ updated_at, id }: TaskState): string => `${updated_at}_${id}`
      const all = [...rows.values()].filter((row) => cursorOf(row) > since)
      const changes = all.sort((a, b) => (cursorOf(a) < cursorOf(b) ? -1 : 1)).slice(0, PAGE_SIZE)
      const last = changes.at(-1)
      await yieldPoint()
      return {
        tasks: changes,
        next_since: last ? cursorOf(last) : since,
        has_more: all.length > PAGE_SIZE,
      }
    },
  }

  return { api, rows, history, list, change, remove, userId: USER_ID, now: () => clock, sent: () => sent }
}

const withoutDeletion = ({ deleted_at: _, ...task }: TaskState): Task => task
