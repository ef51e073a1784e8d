import type { Column, GetColumnData } from 'drizzle-orm'
import { TaskState, type Task } from '../contract/task.ts'
import { tasks } from '../db/schema.ts'

/** Columns that hold the fields of `Row`, each of the field's type. */
type ColumnsOf<Row> = {
  [Field in keyof Row]: Column & {
    _: { data: NonNullable<Row[Field]>; notNull: null extends Row[Field] ? false : true }
  }
}

/** The columns of a task as the API sends it. */
export const taskColumns = {
  id: tasks.id,
  user_id: tasks.user_id,
  title: tasks.title,
  description: tasks.description,
  completed: tasks.completed,
  created_at: tasks.created_at,
  updated_at: tasks.updated_at,
} satisfies ColumnsOf<Task>

export const taskColumnsWithDeletion = {
  ...taskColumns,
  deleted_at: tasks.deleted_at,
} satisfies ColumnsOf<TaskState>

const taskStateFields = TaskState.keyof().options

/** Returns the columns of a CTE or subquery that selects `taskColumnsWithDeletion`. */
export function taskColumnsOf<Part extends Record<keyof TaskState, unknown>>(
  part: Part,
): Pick<Part, keyof TaskState> {
  const columns: Partial<Pick<Part, keyof TaskState>> = {}
  for (const field of taskStateFields) columns[field] = part[field]
  // The loop has set each field of the type: both come from TaskState.
  return columns as Pick<Part, keyof TaskState>
}

/** A row of these columns, decoded. */
export type Decoded<Columns extends Record<string, Column>> = {
  [Field in keyof Columns]: GetColumnData<Columns[Field]>
}

/**
 * Returns a function that decodes rows of `columns` that were read as arrays, the first column at index `offset`. What
 * to do with a row is worked out once, not per row and cell as in drizzle.
 */
export function rowDecoder<Columns extends Record<string, Column>>(columns: Columns, offset: number) {
  const steps = Object.entries(columns).map(([field, column], n) => ({ field, column, index: n + offset }))
  return (row: readonly unknown[]): Decoded<Columns> => {
    const decoded: Record<string, unknown> = {}
    for (const { field, column, index } of steps) {
      const value = row[index]
      decoded[field] = value === null ? null : column.mapFromDriverValue(value)
    }
    // The loop has set each field of the type: both come from `columns`.
    return decoded as Decoded<Columns>
  }
}
