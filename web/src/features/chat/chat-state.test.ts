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
const asked: ToolCall = { ...added, id: 'c2', name: 'delete_task', status: 'waiting', undo: null }
const EVENTS: ChatEvent[] = [
  { event: 'start', data: { conversation_id: 'k1', message_id: ID, reply_id: 'r1', title: 'Add milk' } },
  { event: 'tool_call', data: { id: 'c1', name: 'add_task', arguments: { title: 'milk' } } },
  { event: 'tool_result', data: added },
  { event: 'tool_call', data: { id: 'c2', name: 'delete_task', arguments: { task: 'bread' } } },
  { event: 'approval', data: asked },
  { event: 'text', data: { delta: 'Added ' } },
  { event: 'text', data: { delta: '“milk”.' } },
  {
    event: 'done',
    data: {
      conversation_id: 'k1',
      message_id: ID,
      reply_id: 'r1',
      response: 'Added “milk”.',
      tool_calls: [added, asked],
    },
  },
]

const all = (actions: readonly ChatAction[], from: ChatState = emptyChat) => actions.reduce(reduceChat, from)
const sent: ChatAction = { type: 'sent', messageId: ID, text: 'Add milk' }
const told = (...events: ChatEvent[]): ChatAction => ({ type: 'told', messageId: ID, events })
const reply = (state: ChatState) => state.messages.find(({ reply_to }) => reply_to === ID)

test('CHAT-69 a turn is shown as it goes: under way, its tools, its words, its end', () => {
  const state = all([sent, told(...EVENTS.slice(0, 2))])
  expect(state.conversation).toEqual({ id: 'k1', title: 'Add milk' })
  expect(runningTurn(state)).toBe(ID)
  expect(reply(state)?.tool_calls).toMatchObject([{ id: 'c1', status: 'running' }])
  const further = all([told(...EVENTS.slice(2, 6))], state)
  expect(reply(further)).toMatchObject({ content: 'Added ', tool_calls: [added, asked] })
  expect(runningTurn(all([told(...EVENTS.slice(6))], further))).toBeUndefined()
})

test('CHAT-69 events make what reading makes, however they are batched', () => {
  const whole = all([sent, told(...EVENTS)])
  for (let cut = 0; cut <= EVENTS.length; cut++)
    expect(all([sent, told(...EVENTS.slice(0, cut)), told(...EVENTS.slice(cut))])).toEqual(whole)
  const message: Message = {
    id: 'r1',
    role: 'assistant',
    content: 'Added “milk”.',
    status: 'done',
    reply_to: ID,
    error: null,
    tool_calls: [added, asked],
    created_at: '2026-01-01T00:00:00.000Z',
  }
  const { id: _, created_at: __, ...shown } = message
  expect(reply(whole)).toMatchObject(shown)
})

test('CHAT-69 another attempt is the same turn, keeps what was done, and forgets what failed', () => {
  const failed = all([sent, told(...EVENTS.slice(0, 4)), { type: 'failed', messageId: ID, error: CUT }])
  expect(reply(failed)).toMatchObject({ status: 'failed', error: CUT, tool_calls: [added] })
  const again = all([sent], failed)
  expect(again.messages).toHaveLength(2)
  expect(reply(again)).toMatchObject({ status: 'running', error: null, content: '', tool_calls: [added] })
  expect(reply(all([told(...EVENTS)], again))?.tool_calls).toEqual([added, asked])
})

test('CHAT-64 what was stopped stays as it was read, with what was done told later', () => {
  const stopped = all([sent, told(...EVENTS.slice(0, 2)), { type: 'stopped', messageId: ID }])
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
  const later = all([{ type: 'caught up', messageId: ID, reply: end }], stopped)
  expect(reply(later)).toMatchObject({ status: 'stopped', content: '', tool_calls: [added] })
})

test('CHAT-61 an answered question changes its own line, wherever it stands', () => {
  const refused: ToolCall = { ...asked, status: 'refused' }
  const state = all([sent, told(...EVENTS), { type: 'answered', call: refused }])
  expect(reply(state)?.tool_calls).toEqual([added, refused])
})

test('CHAT-69 what is told of a turn that is not on the page changes nothing said there', () => {
  const open = all([{ type: 'new' }])
  expect(all([told(...EVENTS.slice(1))], open)).toEqual(open)
})

const CUT = { code: 'network', message: 'Away.' }
