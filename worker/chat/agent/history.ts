import type { AgentInputItem } from '@openai/agents-core'
import * as z from 'zod'
import type { ToolCall } from '../../contract/chat.ts'
import { ToolTask } from '../../contract/tool.ts'
import type { StoredMessage } from '../conversations/messages.ts'
import { carriedOver, type Turn } from '../conversations/turns.ts'

/** Characters of earlier messages that a model is shown at most: room for a page of tasks, in words and as data. */
const HISTORY_MAX_CHARS = 32_000

/**
 * A conversation as a model takes it: what was said and done, the message to answer, and what an attempt before has done
 * for it.
 */
export function itemsOf({ history, message, reply }: Turn): AgentInputItem[] {
  const shown: AgentInputItem[][] = []
  let room = HISTORY_MAX_CHARS
  for (const one of history.toReversed()) {
    const items = one.role === 'user' ? [userItem(one)] : replyItems(one)
    room -= JSON.stringify(items).length
    if (room < 0) break
    shown.unshift(items)
  }
  return [
    ...shown.flat(),
    userItem(message),
    ...carriedOver(reply.tool_calls).flatMap((call) => callItems(call)),
  ]
}

const userItem = ({ content }: StoredMessage): AgentInputItem => ({ role: 'user', content })

function replyItems({ content, tool_calls }: StoredMessage): AgentInputItem[] {
  const calls = tool_calls.flatMap((call) => callItems({ ...call, result: shortened(call.result) }))
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

function callItems(call: ToolCall): AgentInputItem[] {
  const { id, name } = call
  const output = JSON.stringify(call.error ? { error: call.error } : { ...call.result, ...sequel(call) })
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

const Brief = ToolTask.pick({ id: true, title: true, completed: true })
const BriefResult = z.looseObject({ task: Brief.optional(), tasks: z.array(Brief).optional() }).catch({})

/** Which tasks an earlier result told of, without their descriptions and times; what this turn's own tools say is whole. */
const shortened = (result: ToolCall['result']) => result && BriefResult.parse(result)

/** What the person made of it since. */
function sequel({ status, undone }: ToolCall) {
  if (status === 'refused') return { status: 'refused by the person' }
  return undone ? { status: 'undone by the person' } : {}
}
