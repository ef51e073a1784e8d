import {
  Usage,
  type AgentInputItem,
  type AssistantMessageItem,
  type FunctionCallItem,
  type Model,
  type ModelRequest,
  type ModelResponse,
  type StreamEvent,
} from '@openai/agents-core'
import { v7 } from 'uuid'
import { toolNamed } from '../../tasks/tools.ts'
import {
  isToolName,
  takesSeveralTasks,
  type CompletedCall,
  type PlannedCall,
  type StartedCall,
} from './calls.ts'
import {
  DECLINED,
  onlyTaskOf,
  readAnswer,
  resolveReferences,
  splitEnumeration,
  type ConversationContext,
} from './disambiguation.ts'
import { parseMessage } from './grammar.ts'
import { formatReplies, GREETING, HELP } from './replies.ts'

type OutputItem = AssistantMessageItem | FunctionCallItem

/**
 * The embedded model, which needs no account: it reads commands in English (specs/features/chatbot.md lists them) and
 * uses the same agent loop and tools as any other model. It has no state: all it knows is the conversation it is sent.
 * Decision 0026 says what it will not learn.
 */
export class CommandModel implements Model {
  getResponse({ input, signal }: ModelRequest): Promise<ModelResponse & { output: OutputItem[] }> {
    signal?.throwIfAborted()
    return Promise.resolve({ usage: new Usage(), output: respond(inputItems(input)), responseId: v7() })
  }

  async *getStreamedResponse(request: ModelRequest): AsyncIterable<StreamEvent> {
    yield { type: 'response_started' }
    const { output, responseId } = await this.getResponse(request)
    for (const item of output)
      if (item.type === 'message')
        for (const part of item.content)
          if (part.type === 'output_text')
            for (const [delta] of part.text.matchAll(/\s*\S+\s*$|\s*\S+/g))
              yield { type: 'output_text_delta', delta }
    const usage = { requests: 1, inputTokens: 0, outputTokens: 0, totalTokens: 0 }
    yield { type: 'response_done', response: { id: responseId ?? '', usage, output } }
  }
}

const inputItems = (input: ModelRequest['input']): AgentInputItem[] =>
  typeof input === 'string' ? [{ role: 'user', content: input }] : input

/** Returns the calls that the last message asks for and that have no result yet; when there are none, the reply. */
function respond(items: readonly AgentInputItem[]): OutputItem[] {
  const messageIndex = items.findLastIndex(isUserMessage)
  const message = messageTextOf(items[messageIndex])
  const completed = completedCalls(items.slice(messageIndex + 1))
  const { calls, remarks, isUnclear } = plan(message, contextOf(items.slice(0, messageIndex)), completed)
  const missing = calls.filter(({ output }) => !output)
  if (missing.length > 0) return missing.map(toCallItem)
  if (completed.length > 0) {
    const whole = calls.filter(isCompleted).filter((call) => splitIntoParts(call).length === 0)
    return toMessageItems(formatReplies(whole, remarks))
  }
  const isGreeting =
    /^\W*(?:(?:hi|hello|hey|good (?:morning|evening|day)|thanks|thank you|ok|okay)\W*)*$/i.test(message)
  const asksForHelp =
    /\bhelp\b|what can (?:you|i)|how do(?:es)? (?:i|this|you)|who are you|commands?\b/i.test(message)
  if (remarks.length > 0 && !isUnclear) return toMessageItems(remarks.join('\n'))
  return toMessageItems(isGreeting ? GREETING : asksForHelp ? HELP : `${remarks.join('\n')}\n${HELP}`)
}

const isCompleted = (call: StartedCall): call is CompletedCall => call.output !== undefined

/**
 * Plans the calls for a message, or for the answer to an earlier question, with the results of those that were made.
 * References such as "it" are resolved as far as the results reach.
 */
function plan(message: string, context: ConversationContext, completed: readonly CompletedCall[]) {
  const parsed = parseMessage(message)
  const answer = parsed.calls.length === 0 ? readAnswer(context, message) : undefined
  const remarks = answer ? [] : [...parsed.remarks]
  const unmatched = [...completed]
  const calls: StartedCall[] = []
  const add = (resolved: readonly (PlannedCall | string)[]) => {
    for (const one of resolved)
      if (typeof one === 'string') remarks.push(one)
      else calls.push({ ...one, output: takeMatching(unmatched, one)?.output })
  }
  if (answer) add(answer)
  else
    for (const call of parsed.calls) {
      const resolved = resolveReferences(call, calls, context)
      if (!resolved) break
      add(resolved)
    }
  for (const part of completed.flatMap(splitIntoParts)) add(resolveReferences(part, [], context) ?? [])
  return { calls, remarks: [...new Set(remarks)], isUnclear: parsed.isUnclear && !answer }
}

/** Removes and returns the result of a call, found by name and input: another attempt finds only some of its calls made. */
function takeMatching(calls: CompletedCall[], wanted: PlannedCall): CompletedCall | undefined {
  const index = calls.findIndex((call) => isSameCall(call, wanted))
  return index < 0 ? undefined : calls.splice(index, 1)[0]
}

/** Compares two calls. Inputs are flat, and the database returns their fields in another order. */
const isSameCall = (one: PlannedCall, other: PlannedCall): boolean =>
  one.name === other.name &&
  Object.keys(one.input).length === Object.keys(other.input).length &&
  Object.entries(one.input).every(([field, value]) => other.input[field] === value)

/** Splits "complete milk and bread" into a call for each task, once no task of that whole title was found. */
function splitIntoParts(call: CompletedCall): PlannedCall[] {
  const { name, input, output } = call
  if (output.error?.code !== 'not-found' || !takesSeveralTasks(call) || typeof input['task'] !== 'string')
    return []
  const parts = splitEnumeration(input['task'])
  return parts.length > 1 ? parts.map((task) => ({ name, input: { ...input, task } })) : []
}

/** Returns the calls that have a result, in order. */
function completedCalls(items: readonly AgentInputItem[]): CompletedCall[] {
  const callsById = new Map(
    items.flatMap((item) => (item.type === 'function_call' ? [[item.callId, item] as const] : [])),
  )
  return items.flatMap((item) => {
    const call = item.type === 'function_call_result' ? callsById.get(item.callId) : undefined
    if (item.type !== 'function_call_result' || !call || !isToolName(call.name)) return []
    return [
      {
        name: call.name,
        input: parseObject(call.arguments),
        output: parseObject(outputTextOf(item.output)),
      },
    ]
  })
}

/** Returns what the user can refer to. A list whose result cannot be read hides the lists before it, which are not meant. */
function contextOf(items: readonly AgentInputItem[]): ConversationContext {
  const completed = completedCalls(items)
  const shown = completed.findLast(
    ({ name, output }) => output.error?.candidates ?? (toolNamed(name)?.effect === 'reads' && !output.error),
  )
  const latest = completed.at(-1)
  const candidates = latest?.output.error?.candidates
  const later = items.slice(items.findLastIndex((item) => item.type === 'function_call_result') + 1)
  const isOpen = !later.some((item) => isUserMessage(item) && DECLINED.test(messageTextOf(item).trim()))
  return {
    list: shown?.output.tasks ?? shown?.output.error?.candidates ?? [],
    last: latest && onlyTaskOf(latest.output),
    question:
      latest && candidates && isOpen ? { name: latest.name, input: latest.input, candidates } : undefined,
    isWaiting: latest?.output.status === 'waiting',
  }
}

const isUserMessage = (item: AgentInputItem): boolean => 'role' in item && item.role === 'user'

const toCallItem = ({ name, input }: PlannedCall): FunctionCallItem => ({
  type: 'function_call',
  callId: v7(),
  name,
  arguments: JSON.stringify(input),
  status: 'completed',
})

const toMessageItems = (text: string): AssistantMessageItem[] => [
  {
    type: 'message',
    role: 'assistant',
    status: 'completed',
    content: [{ type: 'output_text', text: text.trim() }],
  },
]

function messageTextOf(item: AgentInputItem | undefined): string {
  if (!item || !('content' in item)) return ''
  if (typeof item.content === 'string') return item.content
  return (item.content ?? [])
    .map((part) => ('text' in part && typeof part.text === 'string' ? part.text : ''))
    .join('')
}

/** Returns the text of a tool's result, which may be a string, a text part or a list of parts. */
const outputTextOf = (output: unknown): string =>
  typeof output === 'string'
    ? output
    : Array.isArray(output)
      ? output.map(outputTextOf).join('')
      : typeof output === 'object' && output !== null && 'text' in output
        ? String(output.text)
        : ''

/** Parses a JSON object; anything else gives an empty one. */
function parseObject(json: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(json)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}
