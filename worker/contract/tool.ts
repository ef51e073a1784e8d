import * as z from 'zod'
import { Cursor } from './cursor.ts'
import { TOOL_LIST_DEFAULT, TOOL_LIST_MAX } from './limits.ts'
import { NewTask, TaskFields, type Task } from './task.ts'
import { isStorable, textOf } from './text.ts'
import { isTime } from './time.ts'

/**
 * Input and output of the tools, the same over MCP and in the chat. A model reads all of these schemas before each
 * answer, so they are kept small: no patterns, no user id.
 */

export type ToolName = 'add_task' | 'list_tasks' | 'complete_task' | 'update_task' | 'delete_task'

const TaskArgument = z
  .string({ error: '`task` is text: the id of a task, or words of its title.' })
  .trim()
  .min(1, '`task` must not be empty: give the id of a task, or words of its title.')
  .max(500, '`task` is limited to 500 characters.')
  .refine(isStorable, '`task` holds a character that cannot be stored.')
  .describe('Id of the task, or words of its title')

export const AddTaskInput = NewTask.omit({ id: true, completed: true }).extend({
  description: NewTask.shape.description.describe('Only what the title has no room for'),
  idempotency_key: z
    .string()
    .max(200, '`idempotency_key` is limited to 200 characters.')
    .optional()
    .describe('The same key adds the task once'),
})

export const ListTasksInput = z.object({
  status: z.enum(['all', 'pending', 'completed'], '`status` is all, pending or completed.').default('all'),
  words: textOf('`words`', { max: 500 }).optional().describe('Only tasks with all these words in the title'),
  limit: z
    .int(`\`limit\` is a whole number from 1 to ${TOOL_LIST_MAX}.`)
    .min(1, '`limit` is at least 1.')
    .max(TOOL_LIST_MAX, `\`limit\` is at most ${TOOL_LIST_MAX}.`)
    .default(TOOL_LIST_DEFAULT),
  cursor: Cursor.optional().describe('next_cursor of the page before'),
})

export const CompleteTaskInput = z.object({
  task: TaskArgument,
  completed: TaskFields.shape.completed.default(true).describe('false reopens it'),
})

const SEEN = '`expected_updated_at` is the updated_at of a task, as it was given.'

/** What update_task can change; completed has a tool of its own. */
const Updatable = TaskFields.omit({ completed: true })
export const UPDATABLE_FIELDS = Updatable.keyof().options
const updatable = Updatable.exactPartial().shape

export const UpdateTaskInput = z
  .object({
    task: TaskArgument,
    ...updatable,
    description: updatable.description.describe('null removes it'),
    expected_updated_at: z
      .string(SEEN)
      .refine(isTime, SEEN)
      .exactOptional()
      .describe('updated_at as last seen: refused if it has changed since'),
  })
  .refine(
    (input) => UPDATABLE_FIELDS.some((field) => input[field] !== undefined),
    'Send a new title, a new description or both.',
  )

export const DeleteTaskInput = z.object({ task: TaskArgument })

/** A task in the output of a tool. */
export const ToolTask = z.object({
  id: z.string(),
  title: z.string(),
  description: z.string().nullable(),
  completed: z.boolean(),
  created_at: z.string(),
  updated_at: z.string(),
} satisfies { [Field in Exclude<keyof Task, 'user_id'>]: z.ZodType<Task[Field]> })
export type ToolTask = z.infer<typeof ToolTask>

const writeOutput = <Status extends string>(...statuses: Status[]) =>
  z.object({ status: z.enum(statuses), task: ToolTask })

export const AddTaskOutput = writeOutput('created', 'exists', 'deleted')
export const ListTasksOutput = z.object({ tasks: z.array(ToolTask), next_cursor: z.string().nullable() })
export const CompleteTaskOutput = writeOutput('completed', 'reopened', 'unchanged')
export const UpdateTaskOutput = writeOutput('updated', 'unchanged')
export const DeleteTaskOutput = writeOutput('deleted', 'unchanged')

/** The API call that undoes a write; `if_match` is sent as If-Match, so that later changes are not lost. */
export const Undo = z
  .object({
    method: z.enum(['DELETE', 'PATCH', 'POST']),
    path: z.string(),
    body: z.record(z.string(), z.unknown()).optional(),
    if_match: z.string().optional(),
  })
  .meta({ id: 'Undo', description: 'The call that takes it back; send `if_match` as the header If-Match.' })
export type Undo = z.infer<typeof Undo>

/** A failure in words that a model can act on: `message` says what to do. */
export const ToolError = z.object({
  code: z.string(),
  message: z.string(),
  /** With `which-task`: the tasks that the words match. */
  candidates: z.array(z.object({ id: z.string(), title: z.string(), completed: z.boolean() })).optional(),
})
export type ToolError = z.infer<typeof ToolError>
