import * as z from 'zod'
import { DESCRIPTION_MAX_CHARS, PAGE_DEFAULT, PAGE_MAX, TITLE_MAX_CHARS } from './limits.ts'
import { isTime, textOf, Time } from './text.ts'

/** RFC 9562 text form of a UUID, any version; kept in lower case. */
export const TaskId = z
  .guid('An id is a UUID, like 0199a1b2-3c4d-7e8f-9012-3456789abcde.')
  .toLowerCase()
  .meta({ format: 'uuid' })

export const Title = textOf('The title', { min: 1, max: TITLE_MAX_CHARS })
export const Description = textOf('The description', { max: DESCRIPTION_MAX_CHARS }).nullable()
export const Completed = z.boolean({ error: '`completed` must be true or false.' })

export const Task = z
  .object({
    id: z.uuid(),
    user_id: z.uuid(),
    title: z.string(),
    description: z.string().nullable(),
    completed: z.boolean(),
    created_at: Time,
    updated_at: Time,
  })
  .meta({ id: 'Task', description: 'A task of the caller.' })
export type Task = z.infer<typeof Task>

/** A task as the sync feed shows it: deleted ones are there too, with the time they were deleted. */
export const TaskState = Task.extend({ deleted_at: Time.nullable() }).meta({
  id: 'TaskState',
  description: 'A task or, when `deleted_at` is set, what is left of it until it is purged.',
})
export type TaskState = z.infer<typeof TaskState>

export const NewTask = z
  .object({
    id: TaskId.optional().meta({ description: 'Your own UUID makes a repeated create harmless.' }),
    title: Title,
    description: Description.optional(),
    completed: Completed.default(false),
  })
  .meta({ id: 'NewTask' })
export type NewTask = z.output<typeof NewTask>

export const TaskReplacement = z
  .object({ title: Title, description: Description.exactOptional(), completed: Completed.exactOptional() })
  .meta({ id: 'TaskReplacement', description: 'What is absent stays as it is.' })

export const TaskPatch = z
  .object({
    title: Title.exactOptional(),
    description: Description.exactOptional(),
    completed: Completed.exactOptional(),
  })
  .refine(
    (patch) => Object.keys(patch).length > 0,
    'Send at least one of `title`, `description` and `completed`.',
  )
  .meta({ id: 'TaskPatch' })
export type TaskPatch = z.infer<typeof TaskPatch>

export const Completion = z.object({ completed: Completed }).meta({ id: 'Completion' })

/** A place in a list: the time and id of the row before it, so that pages stay right while rows come and go. */
export const Cursor = z
  .string()
  .regex(
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z_[0-9a-f-]{36}$/,
    'Use `next_cursor` or `next_since` of an answer as it was given.',
  )
  .transform((text) => ({ at: text.slice(0, 24), id: text.slice(25) }))
  .refine(({ at, id }) => isTime(at) && z.guid().safeParse(id).success, 'This cursor is not valid.')
export type Cursor = z.output<typeof Cursor>

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
