import type { AgentInputItem } from '@openai/agents-core'
import * as z from 'zod'
import type { ToolCall } from '../../contract/chat.ts'
import { ToolTask } from '../../contract/tool.ts'
import type { StoredMessage } from '../conversations/messages.ts'
import { reusableCalls, type Turn } from '../conversations/turns.ts'
import { REFUSED_BY_USER, UNDONE_BY_USER } from '../user-decisions.ts'

/** Characters of earlier messages that the model is sent: room for a page of tasks, both as text and as JSON. */
const HISTORY_MAX_CHARS = 32_000

/**
 * Converts a turn to the input of a model: the latest earlier messages that fit, the user's message, and the tool calls
 * that an earlier attempt of this turn has made.
 */
export function toModelInput({ history, message, reply }: Turn): AgentInputItem[] {
  const earlier: AgentInputItem[][] = []
  let remainingChars = HISTORY_MAX_CHARS
  for (const one of history.toReversed()) {
    const items = one.role === 'user' ? [userItem(one)] : replyItems(one)
    remainingChars -= JSON.stringify(items).length
    if (remainingChars < 0) break
    earlier.unshift(items)
  }
  return [
    ...earlier.flat(),
    userItem(message),
    ...reusableCalls(reply.tool_calls).flatMap((call) => toolCallItems(call)),
  ]
}

const userItem = ({ content }: StoredMessage): AgentInputItem => ({ role: 'user', content })

function replyItems({ content, tool_calls }: StoredMessage): AgentInputItem[] {
  const calls = tool_calls.flatMap((call) => toolCallItems({ ...call, result: shortenResult(call.result) }))
  if (content === '') return calls
  return [
    ...calls,
    {
      type: 'message',
      role: 'assistant',
      status: 'completed',
      content: [{ type: 'output_text', text: content }],
    },
  ]
}

function toolCallItems(call: ToolCall): AgentInputItem[] {
  const { id, name } = call
  const output = JSON.stringify(
    call.error ? { error: call.error } : { ...call.result, ...statusByUser(call) },
  )
  return [
    {
      type: 'function_call',
      callId: id,
      name,
      arguments: JSON.stringify(call.arguments),
      status: 'completed',
    },
    {
      type: 'function_call_result',
      callId: id,
      name,
      status: 'completed',
      output: { type: 'text', text: output },
    },
  ]
}

const ShortTask = ToolTask.pick({ id: true, title: true, completed: true })
const ShortResult = z
  .looseObject({ task: ShortTask.optional(), tasks: z.array(ShortTask).optional() })
  .catch({})

/** Drops descriptions and times from the result of an earlier turn. Results of the current turn are sent in full. */
const shortenResult = (result: ToolCall['result']) => result && ShortResult.parse(result)

/** Returns the status that the user's decision gives a tool call, if there is one. */
function statusByUser({ status, undone }: ToolCall) {
  if (status === 'refused') return { status: REFUSED_BY_USER }
  return undone ? { status: UNDONE_BY_USER } : {}
}
