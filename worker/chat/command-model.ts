import {
  Usage,
  type AgentInputItem,
  type AgentOutputItem,
  type Model,
  type ModelRequest,
  type ModelResponse,
  type StreamEvent,
} from '@openai/agents-core'
import { v7 } from 'uuid'
import { readMessage, type Call } from './commands/grammar.ts'
import { GREETING, HELP, tell, type Done } from './commands/replies.ts'
import { answerTo, resolve, type Seen } from './commands/spoken.ts'

/**
 * The model that needs no account: it reads commands in English (specs/features/chatbot.md tells its grammar) and drives
 * the same loop and the same tools as any other. It has no state: the conversation it is sent says how far it has come.
 */
export class CommandModel implements Model {
  getResponse({ input, signal }: ModelRequest): Promise<ModelResponse> {
    signal?.throwIfAborted()
    return Promise.resolve({ usage: new Usage(), output: respond(itemsOf(input)), responseId: v7() })
  }

  async *getStreamedResponse(request: ModelRequest): AsyncIterable<StreamEvent> {
    yield { type: 'response_started' }
    const { output, responseId } = await this.getResponse(request)
    for (const item of output)
      if (item.type === 'message' && item.role === 'assistant')
        for (const part of item.content)
          if (part.type === 'output_text')
            for (const [delta] of part.text.matchAll(/\s*\S+\s*$|\s*\S+/g))
              yield { type: 'output_text_delta', delta }
    const usage = { requests: 1, inputTokens: 0, outputTokens: 0, totalTokens: 0 }
    yield { type: 'response_done', response: { id: responseId ?? '', usage, output: output as never } }
  }
}

const itemsOf = (input: ModelRequest['input']): AgentInputItem[] =>
  typeof input === 'string' ? [{ role: 'user', content: input }] : input

/** The calls that the last message asks for and that are still to be made; when there are none, what was done. */
function respond(items: readonly AgentInputItem[]): AgentOutputItem[] {
  const place = items.findLastIndex((item) => 'role' in item && item.role === 'user')
  const message = textOf(items[place])
  const { calls, remarks } = plan(message, seenIn(items.slice(0, place)))
  const done = doneIn(items.slice(place + 1))
  const parts = done.flatMap(partsOf)
  const left = without([...calls, ...parts], done)
  if (left.length > 0) return left.map(callItem)
  if (done.length === 0) {
    const isGreeting =
      /^\W*(?:(?:hi|hello|hey|good (?:morning|evening|day)|thanks|thank you|ok|okay)\W*)*$/i.test(message)
    const isAsking = /\bhelp\b|what can (?:you|i)|how do(?:es)? (?:i|this|you)|who are you|commands?\b/i.test(
      message,
    )
    return say(isGreeting ? GREETING : isAsking ? HELP : `${remarks.join('\n')}\n${HELP}`)
  }
  return say(
    tell(
      done.filter((one) => partsOf(one).length === 0),
      remarks,
    ),
  )
}

/** What the message asks for, with "the second one" and "it" made out; or the answer to what was asked before. */
function plan(message: string, seen: Seen): { calls: Call[]; remarks: string[] } {
  const { calls, remarks } = readMessage(message)
  const answer = calls.length === 0 ? answerTo(seen.question, message) : undefined
  if (answer) return { calls: [answer], remarks: [] }
  const resolved: Call[] = []
  for (const call of calls) resolved.push(resolve(call, resolved, seen))
  return { calls: resolved, remarks }
}

/** The calls that are not among those made, by what they ask: a new attempt finds only part of them done. */
function without(wanted: readonly Call[], made: readonly Call[]): Call[] {
  const rest = [...made]
  return wanted.filter((call) => {
    const place = rest.findIndex((one) => isSame(one, call))
    if (place >= 0) rest.splice(place, 1)
    return place < 0
  })
}

/** Inputs are flat, and come back from the database with their fields in another order. */
const isSame = (one: Call, other: Call): boolean =>
  one.name === other.name &&
  Object.keys(one.input).length === Object.keys(other.input).length &&
  Object.entries(one.input).every(([field, value]) => other.input[field] === value)

/** "Complete milk and bread", when no task is called that, are two: each is asked for by itself. */
function partsOf({ name, input, output }: Done): Call[] {
  if (output.error?.code !== 'not-found' || name === 'update_task' || typeof input['task'] !== 'string')
    return []
  const parts = input['task'].split(/\s*,\s*(?:and\s+)?|\s+and\s+/i).filter(Boolean)
  return parts.length > 1 ? parts.map((task) => ({ name, input: { ...input, task } })) : []
}

/** Calls and what came of them, in order; calls without a result were never made. */
function doneIn(items: readonly AgentInputItem[]): Done[] {
  const made = new Map(
    items.flatMap((item) => (item.type === 'function_call' ? [[item.callId, item] as const] : [])),
  )
  return items.flatMap((item) => {
    const call = item.type === 'function_call_result' ? made.get(item.callId) : undefined
    if (item.type !== 'function_call_result' || !call) return []
    const name = call.name as Call['name']
    return [{ name, input: read(call.arguments), output: read(resultOf(item.output)) }]
  })
}

/** What the person has before their eyes. */
function seenIn(items: readonly AgentInputItem[]): Seen {
  const done = doneIn(items)
  const shown = done.findLast(({ output }) => output.tasks ?? output.error?.candidates)
  const latest = done.at(-1)
  const candidates = latest?.output.error?.candidates
  return {
    list: shown?.output.tasks ?? shown?.output.error?.candidates ?? [],
    last: done.findLast(({ output }) => output.task)?.output.task,
    question: latest && candidates ? { name: latest.name, input: latest.input, candidates } : undefined,
  }
}

const callItem = ({ name, input }: Call): AgentOutputItem => ({
  type: 'function_call',
  callId: v7(),
  name,
  arguments: JSON.stringify(input),
  status: 'completed',
})

const say = (text: string): AgentOutputItem[] => [
  {
    type: 'message',
    role: 'assistant',
    status: 'completed',
    content: [{ type: 'output_text', text: text.trim() }],
  },
]

function textOf(item: AgentInputItem | undefined): string {
  if (!item || !('content' in item)) return ''
  if (typeof item.content === 'string') return item.content
  return (item.content ?? [])
    .map((part) => ('text' in part && typeof part.text === 'string' ? part.text : ''))
    .join('')
}

/** The text of a tool's result, in whichever of its forms. */
const resultOf = (output: unknown): string =>
  typeof output === 'string'
    ? output
    : Array.isArray(output)
      ? output.map(resultOf).join('')
      : typeof output === 'object' && output !== null && 'text' in output
        ? String(output.text)
        : ''

function read(json: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(json)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}
