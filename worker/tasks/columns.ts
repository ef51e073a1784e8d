import { Column, type GetColumnData } from 'drizzle-orm'
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
 * there is to do for each column is worked out once and not per row or per cell, as drizzle would.
 */
export function rowDecoder<Columns extends Record<string, Column>>(columns: Columns, offset: number) {
  const steps = Object.entries(columns).map(([field, column], index) => ({
    field,
    index: index + offset,
    decode: decoderOf(column),
  }))
  return (row: readonly unknown[]): Decoded<Columns> => {
    const decoded: Record<string, unknown> = {}
    for (const { field, index, decode } of steps) {
      const value = row[index]
      decoded[field] = decode === undefined || value === null ? value : decode(value)
    }
    // The loop has set each field of the type: both come from `columns`.
    return decoded as Decoded<Columns>
  }
}

/** Returns how a column decodes the driver's value; undefined if it keeps that as it is. */
function decoderOf(column: Column): ((value: unknown) => unknown) | undefined {
  const keepsValue = column.mapFromDriverValue === Column.prototype.mapFromDriverValue
  return keepsValue ? undefined : (value) => column.mapFromDriverValue(value)
}
