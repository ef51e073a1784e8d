import { createParser } from 'eventsource-parser'
import type { ChatAnswer, ChatEvent, Transcript } from '../../worker/contract/chat.ts'
import type { TestUser } from './people.ts'

interface Said {
  message: string
  conversation_id?: string
  message_id?: string
}

/** The address at which this person chats. */
export const chatPath = ({ id }: Pick<TestUser, 'id'>): string => `/api/${id}/chat`

/** Says something to the assistant and takes its whole answer. */
export async function say(person: TestUser, said: string | Said): Promise<ChatAnswer> {
  const body = typeof said === 'string' ? { message: said } : said
  const response = await person.call('POST', chatPath(person), body)
  if (response.status !== 200) throw new Error(`chat answered ${response.status}: ${await response.text()}`)
  return (await response.json()) as ChatAnswer
}

/** The same as a stream of events. */
export async function listen(person: TestUser, said: string | Said): Promise<ChatEvent[]> {
  const body = typeof said === 'string' ? { message: said } : said
  const response = await person.call('POST', chatPath(person), body, { Accept: 'text/event-stream' })
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

export async function transcript(person: TestUser, conversationId: string, query = ''): Promise<Transcript> {
  const response = await person.call('GET', `/api/${person.id}/conversations/${conversationId}${query}`)
  if (response.status !== 200) throw new Error(`it answered ${response.status}: ${await response.text()}`)
  return (await response.json()) as Transcript
}

/** Answers what the assistant waits for. */
export const answer = (person: TestUser, toolCallId: string, approve: boolean) =>
  person.call('POST', `/api/${person.id}/approvals/${toolCallId}`, { approve })

/** Takes back what the assistant did by this call. */
export const undo = (person: TestUser, toolCallId: string) =>
  person.call('POST', `/api/${person.id}/tool-calls/${toolCallId}/undo`)

export const titlesOf = async (person: TestUser, query = '') =>
  (await person.tasks(query)).tasks.map(({ title }) => title)
