import * as z from 'zod'
import { Uuid } from './id.ts'
import { IMPORT_MAX } from './limits.ts'
import { TaskFields, TaskState } from './task.ts'
import { Time } from './time.ts'

export const ExportQuery = z.object({
  format: z.enum(['json', 'csv'], '`format` is json or csv.').default('json'),
})
export type ExportFormat = z.output<typeof ExportQuery>['format']

const Format = z.literal('margin-tasks', 'This is not an export of Margin.')
const Version = z.literal(1, 'This export is of a version that this server does not know.')

/** Every task of a user, as GET /api/tasks/export sends them. */
export const TaskExport = z
  .object({ format: Format, version: Version, exported_at: Time, tasks: z.array(TaskState) })
  .meta({ id: 'TaskExport', description: 'All tasks of a person, deleted ones among them, oldest first.' })

/** A time that Postgres can store, in the only form that the API uses. */
const PastTime = z.iso
  .datetime({ precision: 3, error: 'A time looks like 2026-11-21T08:30:00.000Z.' })
  .refine((time) => time >= '1970', 'A time is in 1970 or later.')

const { description, completed } = TaskFields.shape

export const ImportedTask = z
  .object({
    id: Uuid,
    ...TaskFields.shape,
    description: description.default(null),
    completed: completed.default(false),
    created_at: PastTime,
    updated_at: PastTime,
    deleted_at: PastTime.nullable().default(null),
  } satisfies Record<Exclude<keyof TaskState, 'user_id'>, z.ZodType>)
  .meta({ id: 'ImportedTask', description: 'A task as an export holds it.' })
export type ImportedTask = z.output<typeof ImportedTask>

export const TaskImport = z
  .object({
    format: Format.optional(),
    version: Version.optional(),
    tasks: z
      .array(ImportedTask, '`tasks` is a list.')
      .max(IMPORT_MAX, `Send at most ${IMPORT_MAX} tasks at a time.`),
  })
  .meta({ id: 'TaskImport' })

const Count = z.int().nonnegative()

/** Outcomes of the tasks in one request; the counts add up to the number sent. */
export const ImportResult = z
  .object({
    added: Count,
    updated: Count.meta({ description: 'Newer in the file than here, and different.' }),
    unchanged: Count.meta({ description: 'Here already, or twice in the request.' }),
    skipped: Count.meta({ description: 'Deleted too long ago to be restored.' }),
  })
  .meta({ id: 'ImportResult' })
export type ImportResult = z.infer<typeof ImportResult>
