import { tool, type FunctionTool } from '@openai/agents-core'
import { v5, v7 } from 'uuid'
import * as z from 'zod'
import type { ChatEvent, ToolCall } from '../../contract/chat.ts'
import { DeleteTaskInput, ToolTask, type ToolError } from '../../contract/tool.ts'
import { resetBudget } from '../../db/client.ts'
import type { Scope } from '../../db/scope.ts'
import { parseTaskReference } from '../../tasks/task-reference.ts'
import { readTask } from '../../tasks/tasks.ts'
import { inputError, toolError, tools, type Tool, type ToolResult } from '../../tasks/tools.ts'

/** Tools that one attempt at an answer can set off at most. */
const CALLS_MAX = 20
/** Characters of results after which nothing more is read for one attempt: a model is sent them again with each answer. */
const READ_MAX_CHARS = 100_000
/** Of the tools, questions whether a task may be deleted. */
const DELETES_MAX = 5

/** What the tools of a turn work for and tell of themselves to. */
export interface Workplace {
  scope: Scope
  /** The message being answered: the same work for it is done once. */
  messageId: string
  /** What earlier attempts at the answer did that still holds. */
  earlier: readonly ToolCall[]
  /** What this attempt does. */
  calls: ToolCall[]
  /** Milliseconds since 1970 at which its time is up: what has not begun by then does not. */
  until: number
  emit: (event: ChatEvent) => void
}

/**
 * The five tools as the agent takes them: one at a time in the order they are called in, each told of as it begins and
 * ends. What deletes only asks: the person answers, and no model can.
 */
export function agentTools(place: Workplace): { tools: FunctionTool[]; settled: () => Promise<unknown> } {
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = (run: () => Promise<string>): Promise<string> => {
    const next = last.then(run)
    last = next.catch(() => undefined)
    return next
  }
  return {
    settled: () => last,
    tools: tools.map((described) =>
      tool({
        name: described.name,
        description: described.description,
        parameters: schemas.get(described.name) as never,
        strict: false,
        execute: (input) => inTurn(() => use(place, described, input)),
        errorFunction: () =>
          JSON.stringify({ error: { code: 'invalid-input', message: 'The arguments are not JSON.' } }),
      }),
    ),
  }
}

/** Input schemas as JSON, made once; the key that makes a repeat harmless is ours, not the model's. */
const schemas = new Map(
  tools.map(({ name, input }) => {
    const { $schema: _, ...schema } = z.toJSONSchema(input, { io: 'input' })
    const { idempotency_key: __, ...properties } = schema.properties ?? {}
    return [name, { required: [], ...schema, properties, additionalProperties: true }]
  }),
)

async function use(place: Workplace, described: Tool, input: unknown): Promise<string> {
  const { calls, emit, until } = place
  const left = until - Date.now()
  if (left <= 0) return said({ code: 'too-late', message: 'The time for this answer is up.' })
  if (calls.length >= CALLS_MAX)
    return said({ code: 'too-many-calls', message: 'That is enough for one message. Sum up what was done.' })
  if (described.effect === 'reads' && JSON.stringify(calls).length > READ_MAX_CHARS)
    return said({
      code: 'too-much',
      message: 'That is enough to read for one message. Ask for less, by words of the titles.',
    })
  const { idempotency_key: _, ...given } = z.record(z.string(), z.unknown()).catch({}).parse(input)
  const id = v7()
  emit({ event: 'tool_call', data: { id, name: described.name, arguments: given } })
  resetBudget(left)
  const result =
    described.effect === 'deletes'
      ? await askToDelete(place, given)
      : await described.run(place.scope, withKey(place, described, given))
  const call = toCall(id, described, given, result)
  calls.push(call)
  emit({ event: call.status === 'waiting' ? 'approval' : 'tool_result', data: call })
  return result.ok ? JSON.stringify(result.output) : said(result.error)
}

/** The task that may be deleted, as it is; it stays until the person approves. */
async function askToDelete({ scope, calls, earlier }: Workplace, input: unknown): Promise<ToolResult> {
  const asked = [...earlier, ...calls].filter(({ status }) => status === 'waiting')
  if (asked.length >= DELETES_MAX) {
    const message = `The person is asked about at most ${DELETES_MAX} deletes for one message. Go on with the rest later.`
    return { ok: false, error: { code: 'too-many-deletes', message } }
  }
  const parsed = DeleteTaskInput.safeParse(input)
  if (!parsed.success) return { ok: false, error: inputError(parsed.error) }
  try {
    const task = await readTask(scope, parseTaskReference(parsed.data.task))
    return { ok: true, output: { status: 'waiting', task: ToolTask.parse(task) } }
  } catch (error) {
    return { ok: false, error: toolError(error) }
  }
}

/**
 * A task that is added again for the same message, with the same title for the same time, is the same task; so is one
 * whose first try seemed to fail.
 */
function withKey({ messageId, earlier, calls }: Workplace, { effect }: Tool, input: Record<string, unknown>) {
  if (effect !== 'adds') return input
  const title = JSON.stringify(input['title'])
  const before = [...earlier, ...calls].filter(
    (call) => call.status === 'done' && JSON.stringify(call.arguments['title']) === title,
  )
  return { ...input, idempotency_key: v5(`${before.length} ${title}`, messageId) }
}

function toCall(
  id: string,
  { name, effect }: Tool,
  given: Record<string, unknown>,
  result: ToolResult,
): ToolCall {
  const call = { id, name, arguments: given, result: null, error: null, undo: null, undone: false }
  if (!result.ok) return { ...call, status: 'failed', error: result.error }
  const output = result.output as Record<string, unknown>
  return {
    ...call,
    status: effect === 'deletes' ? 'waiting' : 'done',
    result: output,
    undo: result.undo ?? null,
  }
}

const said = (error: ToolError): string => JSON.stringify({ error })
