import type { Task, TaskState } from '#contract/task.ts'
import { ApiProblem } from '../../lib/problem.ts'
import type { Operation, TaskFields } from '../operation.ts'
import { byNewest } from '../project.ts'
import type { TaskRemote } from '../remote.ts'
import type { Turn } from './fake-storage.ts'

/** What may become of a request on its way. */
export type Fate = 'well' | 'lost' | 'answer lost' | 'twice' | 'late again' | 'busy' | 'refused'

const PAGE = 3

const problem = (status: number, task?: Task) =>
  new ApiProblem({ code: status === 0 ? 'network' : 'internal', status, title: 'No', detail: 'No.', task })

/** The task API's rules as the contract has them, in memory, reached over a line that does to requests what `fate` says. */
export function fakeServer(turn: Turn, fate: () => Fate) {
  const rows = new Map<string, TaskState>()
  let clock = Date.UTC(2026, 0, 1)
  let sent = 0

  const time = (): string => new Date((clock += 1)).toISOString()
  const isLive = ({ deleted_at }: TaskState): boolean => deleted_at === null
  const list = () => [...rows.values()].filter(isLive).map(asTask).sort(byNewest)

  function put(row: TaskState, change: Partial<TaskState>): TaskState {
    const changed = { ...row, ...change, updated_at: time() }
    rows.set(row.id, changed)
    return changed
  }

  function liveOf(id: string, version?: string): TaskState {
    const row = rows.get(id)
    if (!row || !isLive(row)) throw problem(404)
    if (version !== undefined && version !== row.updated_at) throw problem(412, asTask(row))
    return row
  }

  function change(id: string, fields: TaskFields, version?: string): Task {
    const row = liveOf(id)
    const asAsked = Object.entries(fields).every(([field, value]) => row[field as keyof TaskFields] === value)
    return asTask(asAsked ? row : put(liveOf(id, version), fields))
  }

  function remove(id: string, version?: string): void {
    const row = rows.get(id)
    if (row && isLive(row)) put(liveOf(id, version), { deleted_at: time() })
  }

  function create({ id, title, description, completed }: Task): TaskState {
    const row = rows.get(id)
    if (row) return row
    const now = time()
    return put(
      {
        id,
        user_id: 'ann',
        title,
        description,
        completed,
        created_at: now,
        updated_at: now,
        deleted_at: null,
      },
      {},
    )
  }

  function perform({ task_id, action, version }: Operation): (Task & Partial<TaskState>) | undefined {
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
        return asTask(isLive(row) ? row : put(row, { deleted_at: null }))
      }
    }
  }

  const api: TaskRemote = {
    async send(operation) {
      const becomes = fate()
      sent += 1
      await turn()
      if (becomes === 'lost') throw problem(0)
      if (becomes === 'busy') throw problem(503)
      if (becomes === 'refused') throw problem(400)
      const again = () => {
        try {
          perform(operation)
        } catch {
          // The repeat is refused; nobody hears of it.
        }
      }
      if (becomes === 'twice') again()
      // Only what names a version is safe from itself, were it to come an age later.
      if (becomes === 'late again' && operation.version && operation.action.kind !== 'restore')
        void turn().then(turn).then(turn).then(again)
      const answer = perform(operation)
      await turn()
      if (becomes === 'answer lost') throw problem(0)
      return answer
    },
    async readPage() {
      await turn()
      const page = { tasks: list().slice(0, PAGE), next_cursor: list().length > PAGE ? 'more' : null }
      await turn()
      return page
    },
    async readChanges(since = '') {
      await turn()
      const place = ({ updated_at, id }: TaskState): string => `${updated_at}_${id}`
      const all = [...rows.values()].filter((row) => place(row) > since)
      const changes = all.sort((a, b) => (place(a) < place(b) ? -1 : 1)).slice(0, PAGE)
      const last = changes.at(-1)
      await turn()
      return { tasks: changes, next_since: last ? place(last) : since, has_more: all.length > PAGE }
    },
  }

  return { api, rows, list, change, remove, now: () => clock, sent: () => sent }
}

const asTask = ({ deleted_at: _, ...task }: TaskState): Task => task
