import * as z from 'zod'
import { TOOL_LIST_DEFAULT, TOOL_LIST_MAX } from './limits.ts'
import { Completed, Cursor, NewTask, TaskPatch } from './task.ts'
import { isTime, textOf } from './text.ts'

/**
 * What agents send and get, over MCP and in the chat. Kept small, for a model reads all of it before each answer: no
 * patterns, no owner.
 */

export type ToolName = 'add_task' | 'list_tasks' | 'complete_task' | 'update_task' | 'delete_task'

const Task = z
  .string({ error: '`task` is text: the id of a task, or words of its title.' })
  .trim()
  .min(1, '`task` must not be empty: give the id of a task, or words of its title.')
  .max(500, '`task` is limited to 500 characters.')
  .describe('Id of the task, or words of its title')

const { title, description } = NewTask.shape

export const AddTask = z.object({
  title,
  description: description.describe('Only what the title has no room for'),
  idempotency_key: z
    .string()
    .max(200, '`idempotency_key` is limited to 200 characters.')
    .optional()
    .describe('The same key adds the task once'),
})

export const ListTasks = z.object({
  status: z.enum(['all', 'pending', 'completed'], '`status` is all, pending or completed.').default('all'),
  words: textOf('`words`', { max: 500 }).optional().describe('Only tasks with all these words in the title'),
  limit: z
    .int(`\`limit\` is a whole number from 1 to ${TOOL_LIST_MAX}.`)
    .min(1, '`limit` is at least 1.')
    .max(TOOL_LIST_MAX, `\`limit\` is at most ${TOOL_LIST_MAX}.`)
    .default(TOOL_LIST_DEFAULT),
  cursor: Cursor.optional().describe('next_cursor of the page before'),
})

export const CompleteTask = z.object({
  task: Task,
  completed: Completed.default(true).describe('false reopens it'),
})

const SEEN = '`expected_updated_at` is the updated_at of a task, as it was given.'

export const UpdateTask = z
  .object({
    task: Task,
    title: TaskPatch.shape.title,
    description: TaskPatch.shape.description.describe('null removes it'),
    expected_updated_at: z
      .string(SEEN)
      .refine(isTime, SEEN)
      .exactOptional()
      .describe('updated_at as last seen: refused if it has changed since'),
  })
  .refine(
    ({ title, description }) => title !== undefined || description !== undefined,
    'Send a new title, a new description or both.',
  )

export const DeleteTask = z.object({ task: Task })

/** A task as a tool tells of it. */
export const ToolTask = z.object({
  id: z.string(),
  title: z.string(),
  description: z.string().nullable(),
  completed: z.boolean(),
  created_at: z.string(),
  updated_at: z.string(),
})
export type ToolTask = z.infer<typeof ToolTask>

const outcome = <Word extends string>(...words: Word[]) => z.object({ status: z.enum(words), task: ToolTask })

export const Added = outcome('created', 'exists', 'deleted')
export const Listed = z.object({ tasks: z.array(ToolTask), next_cursor: z.string().nullable() })
export const Completion = outcome('completed', 'reopened', 'unchanged')
export const Updated = outcome('updated', 'unchanged')
export const Deleted = outcome('deleted', 'unchanged')

/** The call of the API that takes a write back; `if_match` goes into If-Match, so that later changes are not lost. */
export const Undo = z
  .object({
    method: z.enum(['DELETE', 'PATCH', 'POST']),
    path: z.string(),
    body: z.record(z.string(), z.unknown()).optional(),
    if_match: z.string().optional(),
  })
  .meta({ id: 'Undo', description: 'The call that takes it back; send `if_match` as the header If-Match.' })
export type Undo = z.infer<typeof Undo>

/** A refusal that a model can mend: what to do is in the message. */
export const ToolError = z.object({
  code: z.string(),
  message: z.string(),
  /** With `which-task`: the tasks that the words fit. */
  candidates: z.array(z.object({ id: z.string(), title: z.string(), completed: z.boolean() })).optional(),
})
export type ToolError = z.infer<typeof ToolError>
