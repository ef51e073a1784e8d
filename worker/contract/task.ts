import * as z from 'zod'
import { Cursor } from './cursor.ts'
import { Uuid } from './id.ts'
import { DESCRIPTION_MAX_CHARS, PAGE_DEFAULT, PAGE_MAX, TITLE_MAX_CHARS } from './limits.ts'
import { EDITABLE_FIELDS, type EditableField } from './task-fields.ts'
import { textOf } from './text.ts'
import { Time } from './time.ts'

type TaskField = 'id' | 'user_id' | EditableField | 'created_at' | 'updated_at'

export const Task = z
  .object({
    id: z.uuid(),
    user_id: z.uuid(),
    title: z.string(),
    description: z.string().nullable(),
    completed: z.boolean(),
    created_at: Time,
    updated_at: Time,
  } satisfies Record<TaskField, z.ZodType>)
  .meta({ id: 'Task', description: 'A task of the caller.' })
export type Task = z.infer<typeof Task>

/** A task in the changes feed and in an export: a deleted one is there too, with the time it was deleted. */
export const TaskState = Task.extend({ deleted_at: Time.nullable() }).meta({
  id: 'TaskState',
  description: 'A task or, when `deleted_at` is set, what is left of it until it is purged.',
})
export type TaskState = z.infer<typeof TaskState>

/** What a user sets, within its limits. Every input schema is made from this one. */
export const TaskFields = z.object({
  title: textOf('The title', { min: 1, max: TITLE_MAX_CHARS }),
  description: textOf('The description', { max: DESCRIPTION_MAX_CHARS }).nullable(),
  completed: z.boolean({ error: '`completed` must be true or false.' }),
} satisfies { [Field in EditableField]: z.ZodType<Task[Field]> })
export type TaskFields = z.infer<typeof TaskFields>

const { title, description, completed } = TaskFields.shape

export const NewTask = z
  .object({
    id: Uuid.optional().meta({ description: 'Your own UUID makes a repeated create harmless.' }),
    ...TaskFields.shape,
    description: description.optional(),
    completed: completed.default(false),
  })
  .meta({ id: 'NewTask' })
export type NewTask = z.output<typeof NewTask>

const AnyFields = TaskFields.exactPartial()

export const TaskReplacement = AnyFields.extend({ title }).meta({
  id: 'TaskReplacement',
  description: 'What is absent stays as it is.',
})

const quotedFields = EDITABLE_FIELDS.map((field) => `\`${field}\``)

export const TaskPatch = AnyFields.refine(
  (patch) => Object.keys(patch).length > 0,
  `Send at least one of ${quotedFields.slice(0, -1).join(', ')} and ${quotedFields.at(-1)}.`,
).meta({ id: 'TaskPatch' })
export type TaskPatch = z.infer<typeof TaskPatch>

export const Completion = TaskFields.pick({ completed: true }).meta({ id: 'Completion' })

const Limit = z.coerce
  .number(`\`limit\` is a number from 1 to ${PAGE_MAX}.`)
  .int(`\`limit\` is a whole number from 1 to ${PAGE_MAX}.`)
  .min(1, `\`limit\` is at least 1.`)
  .max(PAGE_MAX, `\`limit\` is at most ${PAGE_MAX}.`)

export const TaskQuery = z.object({
  completed: z
    .enum(['true', 'false'], '`completed` is true or false.')
    .transform((word) => word === 'true')
    .optional(),
  limit: Limit.default(PAGE_DEFAULT),
  cursor: Cursor.optional(),
})
export type TaskQuery = z.output<typeof TaskQuery>

export const ChangesQuery = z.object({ limit: Limit.default(PAGE_MAX), since: Cursor.optional() })
export type ChangesQuery = z.output<typeof ChangesQuery>

export const TaskPage = z
  .object({ tasks: z.array(Task), next_cursor: z.string().nullable() })
  .meta({ id: 'TaskPage' })
export type TaskPage = z.infer<typeof TaskPage>

export const TaskChanges = z
  .object({ tasks: z.array(TaskState), next_since: z.string(), has_more: z.boolean() })
  .meta({ id: 'TaskChanges' })
export type TaskChanges = z.infer<typeof TaskChanges>
