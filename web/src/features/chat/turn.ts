import type { ChatEvent, ChatMessage, Message, TurnError } from '#contract/chat.ts'
import { INTERRUPTED } from '#contract/interrupted.ts'
import { CHAT_WATCH_MAX_MS } from '#contract/limits.ts'
import { ApiProblem } from '../../lib/problem.ts'
import { chatServer } from './chat-server.ts'

/** Milliseconds between two reads of a reply that this page does not stream. */
const POLL_INTERVAL_MS = 1_500

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/**
 * Sends a message and yields the events of its turn. A turn that was stopped on this page still runs on the server and
 * blocks its conversation for a moment: the message is sent again when the server says so.
 *
 * @throws ApiProblem, or an Error when the stream ends before the turn does
 */
export async function* streamTurn(message: ChatMessage, signal: AbortSignal): AsyncGenerator<ChatEvent> {
  for (const deadline = Date.now() + CHAT_WATCH_MAX_MS; ;) {
    try {
      let last: ChatEvent | undefined
      for await (const event of chatServer.send(message, signal)) yield (last = event)
      if (last?.event !== 'done' && last?.event !== 'error') throw new Error('The stream was cut off.')
      return
    } catch (error) {
      const delayMs = retryDelayMs(error)
      if (signal.aborted || delayMs === undefined || Date.now() >= deadline) throw error
      await pause(delayMs)
      if (signal.aborted) return
    }
  }
}

const retryDelayMs = (error: unknown): number | undefined =>
  error instanceof ApiProblem && error.code === 'conflict' && error.retry_after !== undefined
    ? error.retry_after * 1_000
    : undefined

/**
 * Reads a conversation until the reply to a message is complete. Resolves with undefined when `signal` aborts or the
 * reply takes too long.
 */
export async function pollReply(
  conversationId: string,
  messageId: string,
  signal: AbortSignal,
): Promise<Message | undefined> {
  for (const deadline = Date.now() + CHAT_WATCH_MAX_MS; Date.now() < deadline;) {
    await pause(POLL_INTERVAL_MS)
    if (signal.aborted) return undefined
    const transcript = await chatServer.read(conversationId).catch(() => undefined)
    if (signal.aborted) return undefined
    const reply = transcript?.messages.find(({ reply_to }) => reply_to === messageId)
    if (reply && reply.status !== 'running') return reply
  }
  return undefined
}

/** Returns the error that the page shows for a message that could not be sent or followed. */
export const describeFailedSend = (error: unknown): TurnError =>
  error instanceof ApiProblem ? { code: error.code, message: error.detail } : INTERRUPTED
