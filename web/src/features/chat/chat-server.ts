import { EventSourceParserStream } from 'eventsource-parser/stream'
import type { ChatEvent, ChatMessage, Conversation, ToolCall, Transcript } from '#contract/chat.ts'
import { api } from '../../lib/api.ts'
import { currentUserId } from '../../lib/current-user.ts'
import { networkProblem } from '../../lib/problem.ts'

const userApi = api[':user_id']
const userParam = () => ({ user_id: currentUserId() ?? '' })

/** The chat's calls of the API. They reject with an ApiProblem or, when aborted, with the signal's reason. */
export const chatServer = {
  /** Yields the events of a message's turn. Ends after `done` or `error`, or early when the connection is lost. */
  async *send(message: ChatMessage, signal: AbortSignal): AsyncGenerator<ChatEvent> {
    const response = await userApi.chat.$post(
      { param: userParam(), json: message },
      { headers: { Accept: 'text/event-stream' }, init: { signal } },
    )
    // Not every browser can iterate over a stream with `for await`.
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

  /** Returns the latest messages, or those before the cursor `before`. */
  async read(id: string, before?: number): Promise<Transcript> {
    const query = before === undefined ? {} : { before: String(before) }
    const response = await userApi.conversations[':conversation_id'].$get({
      param: { ...userParam(), conversation_id: id },
      query,
    })
    return response.json()
  },

  /** Returns a page of conversations, the most recently used first. */
  async list(cursor?: string): Promise<{ conversations: Conversation[]; next_cursor: string | null }> {
    const response = await userApi.conversations.$get({
      param: userParam(),
      query: cursor === undefined ? {} : { cursor },
    })
    return response.json()
  },

  async rename(id: string, title: string): Promise<Conversation> {
    const response = await userApi.conversations[':conversation_id'].$patch({
      param: { ...userParam(), conversation_id: id },
      json: { title },
    })
    return response.json()
  },

  async remove(id: string): Promise<void> {
    await userApi.conversations[':conversation_id'].$delete({
      param: { ...userParam(), conversation_id: id },
    })
  },

  async answer(id: string, approve: boolean): Promise<ToolCall> {
    const response = await userApi.approvals[':tool_call_id'].$post({
      param: { ...userParam(), tool_call_id: id },
      json: { approve },
    })
    return response.json()
  },

  /** Reverts what a tool call did. */
  async undo(id: string): Promise<ToolCall> {
    const response = await userApi['tool-calls'][':tool_call_id'].undo.$post({
      param: { ...userParam(), tool_call_id: id },
    })
    return response.json()
  },
}
