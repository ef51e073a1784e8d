import { createParser } from 'eventsource-parser'
import type { ChatAnswer, ChatEvent, Transcript } from '../../worker/contract/chat.ts'
import type { TestUser } from './people.ts'

interface SentMessage {
  message: string
  conversation_id?: string
  message_id?: string
}

/** The path of this user's chat. */
export const chatPath = ({ id }: Pick<TestUser, 'id'>): string => `/api/${id}/chat`

/** Sends a message to the assistant and returns the whole reply. */
export async function say(user: TestUser, sent: string | SentMessage): Promise<ChatAnswer> {
  const body = typeof sent === 'string' ? { message: sent } : sent
  const response = await user.call('POST', chatPath(user), body)
  if (response.status !== 200) throw new Error(`chat answered ${response.status}: ${await response.text()}`)
  return (await response.json()) as ChatAnswer
}

/** Sends a message and returns the events of the turn. */
export async function listen(user: TestUser, sent: string | SentMessage): Promise<ChatEvent[]> {
  const body = typeof sent === 'string' ? { message: sent } : sent
  const response = await user.call('POST', chatPath(user), body, { Accept: 'text/event-stream' })
  const text = await response.text()
  if (!response.headers.get('Content-Type')?.startsWith('text/event-stream'))
    throw new Error(`chat answered ${response.status}: ${text}`)
  return eventsIn(text)
}

function eventsIn(text: string): ChatEvent[] {
  const events: ChatEvent[] = []
  createParser({
    onEvent: ({ event, data }) => events.push({ event, data: JSON.parse(data) as unknown } as ChatEvent),
  }).feed(text)
  return events
}

export async function transcript(user: TestUser, conversationId: string, query = ''): Promise<Transcript> {
  const response = await user.call('GET', `/api/${user.id}/conversations/${conversationId}${query}`)
  if (response.status !== 200) throw new Error(`it answered ${response.status}: ${await response.text()}`)
  return (await response.json()) as Transcript
}

/** Answers an approval. */
export const answer = (user: TestUser, toolCallId: string, approve: boolean) =>
  user.call('POST', `/api/${user.id}/approvals/${toolCallId}`, { approve })

/** Undoes a tool call. */
export const undo = (user: TestUser, toolCallId: string) =>
  user.call('POST', `/api/${user.id}/tool-calls/${toolCallId}/undo`)

export const titlesOf = async (user: TestUser, query = '') =>
  (await user.tasks(query)).tasks.map(({ title }) => title)
