import type { Task } from '#contract/task.ts'
import type { TaskFields } from '../operation.ts'

/** Whose hand it was: one of the tabs, or somebody on another device. */
export type Hand = 0 | 1 | 'elsewhere'

const FIELDS = ['title', 'description', 'completed'] as const

interface Meant {
  created: Task
  changes: { by: Hand; fields: TaskFields }[]
  removed: boolean
  restored: boolean
}

/** What people meant for the tasks they added, as the world that carries it out cannot know it. */
export function expectedState() {
  const all = new Map<string, Meant>()
  const known = (id: string): Meant => all.get(id) as Meant

  /** What a field may be in the end: each hand's last word counts, and which of them came last is not known. */
  function lastWords({ created, changes }: Meant, field: (typeof FIELDS)[number]): ReadonlySet<unknown> {
    const touched = changes.filter(({ fields }) => field in fields)
    if (touched.length === 0) return new Set([created[field]])
    return new Set(new Map(touched.map(({ by, fields }) => [by, fields[field]])).values())
  }

  return {
    created: (created: Task): void =>
      void all.set(created.id, { created, changes: [], removed: false, restored: false }),
    changed: (id: string, by: Hand, fields: TaskFields): void => void known(id).changes.push({ by, fields }),
    removed(id: string, by: Hand): void {
      known(id).removed = true
      known(id).changes.push({ by, fields: {} })
    },
    restored: (id: string): void => void (known(id).restored = true),
    count: (): number => all.size,
    /** Tasks that are not in `tasks` as they were meant to be: lost, with another's word in a field, or back again. */
    amiss(tasks: readonly Task[], isAsked: (hands: readonly Hand[]) => boolean = () => true): object[] {
      const there = new Map(tasks.map((task) => [task.id, task]))
      return [...all].flatMap(([id, meant]): object[] => {
        const task = there.get(id)
        if (!isAsked(meant.changes.map(({ by }) => by))) return []
        if (meant.removed) return task && !meant.restored ? [{ back: task }] : []
        if (!task || task.user_id === '') return [{ lost: meant, task }]
        const wrong = FIELDS.filter((field) => !lastWords(meant, field).has(task[field]))
        return wrong.length > 0 ? [{ wrong, meant, task }] : []
      })
    },
  }
}
