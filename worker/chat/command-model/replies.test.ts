import { expect, test } from 'vitest'
import type { PlannedCall } from './calls.ts'
import { formatReplies } from './replies.ts'

const task = {
  id: 'id',
  title: 'Milk',
  description: null,
  completed: false,
  created_at: '',
  updated_at: '',
}
const updated = (input: PlannedCall['input']) =>
  formatReplies([{ name: 'update_task', input, output: { status: 'updated', task } }], [])

test.each([
  [{ title: 'Milk' }, 'It is now “Milk”.'],
  [{ description: 'two litres' }, 'I changed the description of “Milk”.'],
  [{ description: null }, 'I changed the description of “Milk”.'],
  [{ title: 'Milk', description: 'two litres' }, 'It is now “Milk”.'],
  [{ priority: 'high' }, 'I changed the priority of “Milk”.'],
  [{ priority: 'high', description: 'two litres' }, 'I changed the priority and description of “Milk”.'],
])('CHAT-101 the reply to an update with %j is “%s”', (patch, reply) => {
  expect(updated({ task: 'Milk', ...patch })).toBe(reply)
})
