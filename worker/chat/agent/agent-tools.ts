import { tool } from '@openai/agents-core'
import { v5, v7 } from 'uuid'
import * as z from 'zod'
import type { ChatEvent, ToolCall } from '../../contract/chat.ts'
import type { ToolError } from '../../contract/tool.ts'
import { resetBudget } from '../../db/client.ts'
import type { Scope } from '../../db/scope.ts'
import type { Tool, ToolResult } from '../../tasks/tool.ts'
import { tools } from '../../tasks/tools.ts'
import type { Deadline } from './deadline.ts'

/** Tool calls of one attempt. */
const CALLS_MAX = 20
/** Characters of tool results after which an attempt reads no more: each later request to the model repeats them. */
const READ_MAX_CHARS = 100_000
/** Tool calls of one turn that wait for approval. */
const APPROVALS_MAX = 5

/** Per-attempt context shared by all tool calls. */
export interface ToolContext {
  scope: Scope
  /** The user's message. Idempotency keys are derived from it, so that another attempt adds no task twice. */
  messageId: string
  /** Tool calls of earlier attempts whose results still hold. */
  earlierCalls: readonly ToolCall[]
  /** Tool calls of this attempt, in order; each is appended when it has ended. */
  calls: ToolCall[]
  /** No tool call begins after it. */
  deadline: Deadline
  emit: (event: ChatEvent) => void
}

/**
 * Returns the tools for the agents library, and `drain`, which resolves when no tool call is running. Calls run one at
 * a time in the order in which the model made them, and each emits an event when it begins and when it ends. A tool that
 * deletes only previews: the delete itself needs the user's approval, which no model can give.
 */
export function agentTools(context: ToolContext) {
  let last: Promise<unknown> = Promise.resolve()
  const serialize = (run: () => Promise<string>): Promise<string> => {
    const next = last.then(run)
    last = next.catch(() => undefined)
    return next
  }
  return {
    drain: (): Promise<unknown> => last,
    tools: DEFINITIONS.map(({ described, parameters }) =>
      tool({
        name: described.name,
        description: described.description,
        parameters,
        strict: false,
        execute: (input) => serialize(() => executeTool(context, described, input)),
        errorFunction: () => errorResult({ code: 'invalid-input', message: 'The arguments are not JSON.' }),
      }),
    ),
  }
}

/** Returns the input schema of a tool as JSON Schema, without the idempotency key: it is ours, not the model's. */
function parametersOf({ input }: Tool) {
  const { properties = {}, required = [] } = z.toJSONSchema(input, { io: 'input' })
  const { idempotency_key: _, ...shown } = properties
  return {
    type: 'object' as const,
    properties: shown as Record<string, object>,
    required,
    additionalProperties: true as const,
  }
}

const DEFINITIONS = tools.map((described) => ({ described, parameters: parametersOf(described) }))

async function executeTool(context: ToolContext, described: Tool, input: unknown): Promise<string> {
  const { scope, calls, emit, deadline } = context
  const remainingMs = deadline.remainingMs()
  if (remainingMs <= 0) return errorResult({ code: 'too-late', message: 'The time for this answer is up.' })
  if (calls.length >= CALLS_MAX)
    return errorResult({
      code: 'too-many-calls',
      message: 'That is enough for one message. Sum up what was done.',
    })
  if (described.effect === 'reads' && JSON.stringify(calls).length > READ_MAX_CHARS)
    return errorResult({
      code: 'too-much',
      message: 'That is enough to read for one message. Ask for less, by words of the titles.',
    })
  const { idempotency_key: _, ...given } = z.record(z.string(), z.unknown()).catch({}).parse(input)
  const id = v7()
  emit({ event: 'tool_call', data: { id, name: described.name, arguments: given } })
  // A tool call may use the database for as long as the attempt has time: its budget is not that of the whole request.
  resetBudget(remainingMs)
  const result =
    described.effect === 'deletes'
      ? (tooManyApprovals(context) ?? (await described.preview(scope, given)))
      : await described.run(scope, withIdempotencyKey(context, described, given))
  const call = createToolCall(id, described, given, result)
  calls.push(call)
  emit({ event: call.status === 'waiting' ? 'approval' : 'tool_result', data: call })
  return result.ok ? JSON.stringify(result.output) : errorResult(result.error)
}

function tooManyApprovals({ calls, earlierCalls }: ToolContext): ToolResult | undefined {
  const waiting = [...earlierCalls, ...calls].filter(({ status }) => status === 'waiting')
  if (waiting.length < APPROVALS_MAX) return undefined
  const message = `The person is asked about at most ${APPROVALS_MAX} deletes for one message. Go on with the rest later.`
  return { ok: false, error: { code: 'too-many-deletes', message } }
}

/**
 * Adds an idempotency key to the input of a tool that adds. The key is derived from the message, the title and how many
 * tasks of that title the turn has already added: a repeat by another attempt, or after a lost answer, is the same task,
 * and the same title twice within one attempt is two.
 */
function withIdempotencyKey(
  { messageId, earlierCalls, calls }: ToolContext,
  { effect }: Tool,
  input: Record<string, unknown>,
) {
  if (effect !== 'adds') return input
  const title = JSON.stringify(input['title'])
  const sameTitle = [...earlierCalls, ...calls].filter(
    (call) => call.status === 'done' && JSON.stringify(call.arguments['title']) === title,
  )
  return { ...input, idempotency_key: v5(`${sameTitle.length} ${title}`, messageId) }
}

function createToolCall(
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

const errorResult = (error: ToolError): string => JSON.stringify({ error })
