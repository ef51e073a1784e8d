import { expect, test } from 'vitest'
import type { ChatEvent, Message, ToolCall } from '#contract/chat.ts'
import { emptyChat, reduceChat, runningTurn, type ChatAction, type ChatState } from './chat-state.ts'

const ID = 'm1'
const task = { id: 't1', title: 'milk' }
const added: ToolCall = {
  id: 'c1',
  name: 'add_task',
  arguments: { title: 'milk' },
  status: 'done',
  result: { status: 'created', task },
  error: null,
  undo: { method: 'DELETE', path: '/api/tasks/t1' },
  undone: false,
}
const waiting: ToolCall = { ...added, id: 'c2', name: 'delete_task', status: 'waiting', undo: null }
const EVENTS: ChatEvent[] = [
  { event: 'start', data: { conversation_id: 'k1', message_id: ID, reply_id: 'r1', title: 'Add milk' } },
  { event: 'tool_call', data: { id: 'c1', name: 'add_task', arguments: { title: 'milk' } } },
  { event: 'tool_result', data: added },
  { event: 'tool_call', data: { id: 'c2', name: 'delete_task', arguments: { task: 'bread' } } },
  { event: 'approval', data: waiting },
  { event: 'text', data: { delta: 'Added ' } },
  { event: 'text', data: { delta: '“milk”.' } },
  {
    event: 'done',
    data: {
      conversation_id: 'k1',
      message_id: ID,
      reply_id: 'r1',
      response: 'Added “milk”.',
      tool_calls: [added, waiting],
    },
  },
]

const reduceAll = (actions: readonly ChatAction[], from: ChatState = emptyChat) =>
  actions.reduce(reduceChat, from)
const sent: ChatAction = { type: 'sent', messageId: ID, text: 'Add milk' }
const received = (...events: ChatEvent[]): ChatAction => ({ type: 'received', messageId: ID, events })
const reply = (state: ChatState) => state.messages.find(({ reply_to }) => reply_to === ID)

test('CHAT-69 a turn is shown as it runs: its start, its tool calls, its text, its end', () => {
  const state = reduceAll([sent, received(...EVENTS.slice(0, 2))])
  expect(state.conversation).toEqual({ id: 'k1', title: 'Add milk' })
  expect(runningTurn(state)).toBe(ID)
  expect(reply(state)?.tool_calls).toMatchObject([{ id: 'c1', status: 'running' }])
  const further = reduceAll([received(...EVENTS.slice(2, 6))], state)
  expect(reply(further)).toMatchObject({ content: 'Added ', tool_calls: [added, waiting] })
  expect(runningTurn(reduceAll([received(...EVENTS.slice(6))], further))).toBeUndefined()
})

test('CHAT-69 events in any batches give the same reply as reading the conversation', () => {
  const whole = reduceAll([sent, received(...EVENTS)])
  for (let cut = 0; cut <= EVENTS.length; cut++)
    expect(reduceAll([sent, received(...EVENTS.slice(0, cut)), received(...EVENTS.slice(cut))])).toEqual(
      whole,
    )
  const message: Message = {
    id: 'r1',
    role: 'assistant',
    content: 'Added “milk”.',
    status: 'done',
    reply_to: ID,
    error: null,
    tool_calls: [added, waiting],
    created_at: '2026-01-01T00:00:00.000Z',
  }
  const { id: _, created_at: __, ...shown } = message
  expect(reply(whole)).toMatchObject(shown)
})

test('CHAT-69 another attempt is the same turn: it keeps finished calls and clears the error', () => {
  const failed = reduceAll([
    sent,
    received(...EVENTS.slice(0, 4)),
    { type: 'failed', messageId: ID, error: NETWORK_ERROR },
  ])
  expect(reply(failed)).toMatchObject({ status: 'failed', error: NETWORK_ERROR, tool_calls: [added] })
  const restarted = reduceAll([sent], failed)
  expect(restarted.messages).toHaveLength(2)
  expect(reply(restarted)).toMatchObject({ status: 'running', error: null, content: '', tool_calls: [added] })
  expect(reply(reduceAll([received(...EVENTS)], restarted))?.tool_calls).toEqual([added, waiting])
})

test('CHAT-64 a stopped reply keeps its text and gains the calls that were made since', () => {
  const stopped = reduceAll([sent, received(...EVENTS.slice(0, 2)), { type: 'stopped', messageId: ID }])
  expect(reply(stopped)).toMatchObject({ status: 'stopped', tool_calls: [] })
  const end: Message = {
    id: 'r1',
    role: 'assistant',
    content: 'All of it.',
    status: 'done',
    reply_to: ID,
    error: null,
    tool_calls: [added],
    created_at: '2026-01-01T00:00:00.000Z',
  }
  const later = reduceAll([{ type: 'reply loaded', messageId: ID, reply: end }], stopped)
  expect(reply(later)).toMatchObject({ status: 'stopped', content: '', tool_calls: [added] })
})

test('CHAT-61 an answered approval updates its own call, in whichever message it is', () => {
  const refused: ToolCall = { ...waiting, status: 'refused' }
  const state = reduceAll([sent, received(...EVENTS), { type: 'call updated', call: refused }])
  expect(reply(state)?.tool_calls).toEqual([added, refused])
})

test('CHAT-69 events of a turn that is not on the page change no message', () => {
  const open = reduceAll([{ type: 'cleared' }])
  expect(reduceAll([received(...EVENTS.slice(1))], open)).toEqual(open)
})

const NETWORK_ERROR = { code: 'network', message: 'Away.' }
