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
import { readMessage, type Call } from './grammar.ts'
import { GREETING, HELP, tell, type Done } from './replies.ts'
import { answerTo, DECLINED, partsIn, resolve, taskIn, type Seen, type Started } from './disambiguation.ts'

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
  const place = items.findLastIndex(isOfUser)
  const message = textOf(items[place])
  const done = doneIn(items.slice(place + 1))
  const { calls, remarks, isUnclear } = plan(message, seenIn(items.slice(0, place)), done)
  const left = calls.filter(({ output }) => !output)
  if (left.length > 0) return left.map(callItem)
  if (done.length > 0)
    return say(
      tell(
        calls.filter(isDone).filter((one) => partsOf(one).length === 0),
        remarks,
      ),
    )
  const isGreeting =
    /^\W*(?:(?:hi|hello|hey|good (?:morning|evening|day)|thanks|thank you|ok|okay)\W*)*$/i.test(message)
  const isAsking = /\bhelp\b|what can (?:you|i)|how do(?:es)? (?:i|this|you)|who are you|commands?\b/i.test(
    message,
  )
  if (remarks.length > 0 && !isUnclear) return say(remarks.join('\n'))
  return say(isGreeting ? GREETING : isAsking ? HELP : `${remarks.join('\n')}\n${HELP}`)
}

const isDone = (call: Started): call is Done => call.output !== undefined

/**
 * What the message asks for, with "the second one" and "it" made out as far as the calls before have come; or the answer
 * to what was asked before.
 */
function plan(message: string, seen: Seen, done: readonly Done[]) {
  const reading = readMessage(message)
  const answer = reading.calls.length === 0 ? answerTo(seen, message) : undefined
  const remarks = answer ? [] : [...reading.remarks]
  const rest = [...done]
  const calls: Started[] = []
  const take = (meant: readonly (Call | string)[]) => {
    for (const one of meant)
      if (typeof one === 'string') remarks.push(one)
      else calls.push({ ...one, output: takeOut(rest, one)?.output })
  }
  if (answer) take(answer)
  else
    for (const call of reading.calls) {
      const meant = resolve(call, calls, seen)
      if (!meant) break
      take(meant)
    }
  for (const part of done.flatMap(partsOf)) take(resolve(part, [], seen) ?? [])
  return { calls, remarks: [...new Set(remarks)], isUnclear: reading.isUnclear && !answer }
}

/** What came of a call, found by what it asks: a new attempt finds only part of its calls done. */
function takeOut(rest: Done[], call: Call): Done | undefined {
  const place = rest.findIndex((one) => isSame(one, call))
  return place < 0 ? undefined : rest.splice(place, 1)[0]
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
  const parts = partsIn(input['task'])
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

/** What the person has before their eyes. A list that cannot be read hides those before it, which are not meant. */
function seenIn(items: readonly AgentInputItem[]): Seen {
  const done = doneIn(items)
  const shown = done.findLast(
    ({ name, output }) => output.error?.candidates ?? (name === 'list_tasks' && !output.error),
  )
  const latest = done.at(-1)
  const candidates = latest?.output.error?.candidates
  const since = items.slice(items.findLastIndex((item) => item.type === 'function_call_result') + 1)
  const isOpen = !since.some((item) => isOfUser(item) && DECLINED.test(textOf(item).trim()))
  return {
    list: shown?.output.tasks ?? shown?.output.error?.candidates ?? [],
    last: latest && taskIn(latest.output),
    question:
      latest && candidates && isOpen ? { name: latest.name, input: latest.input, candidates } : undefined,
    isWaiting: latest?.output.status === 'waiting',
  }
}

const isOfUser = (item: AgentInputItem): boolean => 'role' in item && item.role === 'user'

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
