import { NewTask, type Task, type TaskPatch } from '#contract/task.ts'
import type { ListedTask } from '../operation.ts'

/** Who made a change: one of the tabs, or the user on another device. */
export type Writer = 0 | 1 | 'elsewhere'

/** The fields of a task that a user can change. */
const CHANGEABLE_FIELDS = Object.keys(NewTask.omit({ id: true }).shape) as (keyof TaskPatch)[]

interface ExpectedTask {
  created: Task
  changes: { by: Writer; fields: TaskPatch }[]
  removedBy: Set<Writer>
  restored: boolean
}

/** Creates a record of what the user intended for each task, which knows nothing of how it is carried out. */
export function expectedState() {
  const all = new Map<string, ExpectedTask>()

  function entry(id: string): ExpectedTask {
    const expected = all.get(id)
    if (!expected) throw new Error(`no task ${id}`)
    return expected
  }

  /** Returns the values a field may end with: the last of each writer, as nobody knows which of those came last. */
  function lastValues({ created, changes }: ExpectedTask, field: keyof TaskPatch): ReadonlySet<unknown> {
    const touched = changes.filter(({ fields }) => field in fields)
    if (touched.length === 0) return new Set([created[field]])
    return new Set(new Map(touched.map(({ by, fields }) => [by, fields[field]])).values())
  }

  return {
    created: (created: Task): void =>
      void all.set(created.id, { created, changes: [], removedBy: new Set(), restored: false }),
    changed: (id: string, by: Writer, fields: TaskPatch): void => void entry(id).changes.push({ by, fields }),
    removed(id: string, by: Writer): void {
      entry(id).removedBy.add(by)
      entry(id).changes.push({ by, fields: {} })
    },
    restored: (id: string): void => void (entry(id).restored = true),
    isRestored: (id: string): boolean => entry(id).restored,
    isRemovedOnTwoDevices: (id: string): boolean =>
      entry(id).removedBy.has('elsewhere') && entry(id).removedBy.size > 1,
    count: (): number => all.size,
    /**
     * Returns the tasks that are not in `tasks` as the user intended: lost, with a wrong value in a field, or back after
     * a deletion. Considers those whose writers pass `isIncluded`.
     */
    violations(
      tasks: readonly ListedTask[],
      isIncluded: (writers: readonly Writer[]) => boolean = () => true,
    ): object[] {
      const present = new Map(tasks.map((task) => [task.id, task]))
      return [...all].flatMap(([id, expected]): object[] => {
        const task = present.get(id)
        if (!isIncluded(expected.changes.map(({ by }) => by))) return []
        if (expected.removedBy.size > 0) return task && !expected.restored ? [{ back: task }] : []
        if (!task || task.unacknowledged) return [{ lost: expected, task }]
        const wrong = CHANGEABLE_FIELDS.filter((field) => !lastValues(expected, field).has(task[field]))
        return wrong.length > 0 ? [{ wrong, expected, task }] : []
      })
    },
    /** Returns what `writer` last wrote into fields that nobody else ever wrote, in tasks that nobody ever deleted. */
    ownFields(writer: Writer): { id: string; field: keyof TaskPatch; value: unknown }[] {
      return [...all].flatMap(([id, { changes, removedBy }]) =>
        removedBy.size > 0
          ? []
          : CHANGEABLE_FIELDS.flatMap((field) => {
              const touched = changes.filter(({ fields }) => field in fields)
              const isOwn = touched.length > 0 && touched.every(({ by }) => by === writer)
              return isOwn ? [{ id, field, value: touched.at(-1)?.fields[field] }] : []
            }),
      )
    },
    /** Returns the values that were written into a field, in order, if one writer wrote them all. */
    valuesByOneWriter(id: string, field: keyof TaskPatch): readonly unknown[] | undefined {
      const { created, changes } = entry(id)
      const touched = changes.filter(({ fields }) => field in fields)
      if (new Set(touched.map(({ by }) => by)).size > 1) return undefined
      return [created[field], ...touched.map(({ fields }) => fields[field])]
    },
  }
}
