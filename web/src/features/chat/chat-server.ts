import { EventSourceParserStream } from 'eventsource-parser/stream'
import type { ChatEvent, ChatMessage, Conversation, ToolCall, Transcript } from '#contract/chat.ts'
import { api } from '../../lib/api.ts'
import { currentUserId } from '../../lib/current-user.ts'
import { networkProblem } from '../../lib/problem.ts'

const mine = api[':user_id']
const person = () => ({ user_id: currentUserId() ?? '' })

/** What the chat asks of the server; everything it throws is an ApiProblem, or the reason of an abort. */
export const chatServer = {
  /** The turn of a message, as it goes; ends after `done` or `error`, or early when the connection does. */
  async *send(message: ChatMessage, signal: AbortSignal): AsyncGenerator<ChatEvent> {
    const response = await mine.chat.$post(
      { param: person(), json: message },
      { headers: { Accept: 'text/event-stream' }, init: { signal } },
    )
    // Not every browser can go through a stream with `for await`.
    const reader = (response.body as ReadableStream<Uint8Array<ArrayBuffer>>)
      .pipeThrough(new TextDecoderStream())
      .pipeThrough(new EventSourceParserStream())
      .getReader()
    for (;;) {
      const { done, value } = await reader.read().catch((error: unknown) => {
        throw networkProblem(error)
      })
      if (done) return
      yield { event: value.event, data: JSON.parse(value.data) } as ChatEvent
    }
  },

  /** The latest messages, or those before a place. */
  async read(id: string, before?: number): Promise<Transcript> {
    const query = before === undefined ? {} : { before: String(before) }
    const response = await mine.conversations[':conversation_id'].$get({
      param: { ...person(), conversation_id: id },
      query,
    })
    return response.json()
  },

  /** A page of conversations, the one used last first. */
  async list(cursor?: string): Promise<{ conversations: Conversation[]; next_cursor: string | null }> {
    const response = await mine.conversations.$get({
      param: person(),
      query: cursor === undefined ? {} : { cursor },
    })
    return response.json()
  },

  async rename(id: string, title: string): Promise<Conversation> {
    const response = await mine.conversations[':conversation_id'].$patch({
      param: { ...person(), conversation_id: id },
      json: { title },
    })
    return response.json()
  },

  async remove(id: string): Promise<void> {
    await mine.conversations[':conversation_id'].$delete({ param: { ...person(), conversation_id: id } })
  },

  async answer(id: string, approve: boolean): Promise<ToolCall> {
    const response = await mine.approvals[':tool_call_id'].$post({
      param: { ...person(), tool_call_id: id },
      json: { approve },
    })
    return response.json()
  },

  /** Takes back what was done by a call. */
  async undo(id: string): Promise<ToolCall> {
    const response = await mine['tool-calls'][':tool_call_id'].undo.$post({
      param: { ...person(), tool_call_id: id },
    })
    return response.json()
  },
}
