import { expect, test } from 'vitest'
import type { PlannedCall } from './calls.ts'
import { parseMessage } from './grammar.ts'

const add = (...titles: string[]): PlannedCall[] =>
  titles.map((title) => ({ name: 'add_task', input: { title } }))
const list = (status: string, words?: string): PlannedCall => ({
  name: 'list_tasks',
  input: { status, ...(words !== undefined && { words }) },
})
const complete = (task: string): PlannedCall => ({ name: 'complete_task', input: { task } })
const reopen = (task: string): PlannedCall => ({ name: 'complete_task', input: { task, completed: false } })
const rename = (task: string, title: string): PlannedCall => ({ name: 'update_task', input: { task, title } })
const describe = (task: string, description: string | null): PlannedCall => ({
  name: 'update_task',
  input: { task, description },
})
const remove = (task: string): PlannedCall => ({ name: 'delete_task', input: { task } })
const read = (words: string): PlannedCall => ({ ...list('all', words), isDetailed: true })

test.each<[text: string, meaning: PlannedCall | PlannedCall[]]>([
  // The words of the requirements.
  ['Add task buy milk', add('buy milk')],
  ['Show all tasks', list('all')],
  ['Complete task buy milk', complete('task buy milk')],
  ['Add buy milk and call Ann, then show what is open', [...add('buy milk', 'call Ann'), list('pending')]],
  // Adding.
  ['add buy milk', add('buy milk')],
  ['Add a task to buy groceries', add('buy groceries')],
  ['Add task: Buy groceries.', add('Buy groceries')],
  ['Please add a new task called "Buy milk and eggs"', add('Buy milk and eggs')],
  ['could you create a task for calling Ann?', add('calling Ann')],
  ['I need to remember to pay bills', add('pay bills')],
  ['Remind me to call mom tonight', add('call mom tonight')],
  ['I need to buy milk', add('buy milk')],
  ["Don't let me forget to water the fig", add('water the fig')],
  ['New task: water the fig', add('water the fig')],
  ['todo: water the fig', add('water the fig')],
  ['Put milk on my list', add('milk')],
  ['add milk to my to-do list', add('milk')],
  ['note down: tax number', add('tax number')],
  ['add buy milk and bread', add('buy milk and bread')],
  ['add tasks: milk, bread and eggs', add('milk', 'bread', 'eggs')],
  ['Add:\n- milk\n- bread', add('milk', 'bread')],
  ['add "a, b and c", "d"', add('a, b and c', 'd')],
  ['Add check the oven and check the mail', add('check the oven and check the mail')],
  ['Add call Dr. Smith at 5', add('call Dr. Smith at 5')],
  [
    'Add buy milk with description two litres',
    [{ name: 'add_task', input: { title: 'buy milk', description: 'two litres' } }],
  ],
  ['Buy the milk. Add bread', add('bread')],
  ['Add three tasks: milk, eggs, bread', add('milk', 'eggs', 'bread')],
  ['Add 2 new tasks to my list: milk and eggs', add('milk', 'eggs')],
  ['Add the following: milk, eggs', add('milk', 'eggs')],
  ['Add these three: milk, eggs and bread', add('milk', 'eggs', 'bread')],
  ['Add the items on the invoice to the sheet', add('the items on the invoice to the sheet')],
  ['Add buy milk and then call Ann', add('buy milk', 'call Ann')],
  ['Add milk, then call Ann', add('milk', 'call Ann')],
  ['Add milk. Then call Ann, then show my tasks', [...add('milk', 'call Ann'), list('all')]],
  ['Remind me to buy milk and then to rest', add('buy milk and then to rest')],
  ['set a reminder to call Ann', add('call Ann')],
  ['add a note to call Ann', add('call Ann')],
  ['I need to add a task to call Ann', add('call Ann')],
  ['I need to see the doctor', add('see the doctor')],
  ['I need to add a chapter to the book', add('add a chapter to the book')],
  // Listing.
  ['list', list('all')],
  ['my tasks', list('all')],
  ['Show me all my tasks', list('all')],
  ['What are my tasks?', list('all')],
  ['What’s pending?', list('pending')],
  ['What do I have to do?', list('pending')],
  ['Is there anything left to do?', list('pending')],
  ['Show what is not done', list('pending')],
  ['How many tasks are left?', list('pending')],
  ['open tasks', list('pending')],
  ['What have I completed?', list('completed')],
  ['show completed tasks', list('completed')],
  ['What tasks are done?', list('completed')],
  ['find milk', list('all', 'milk')],
  ['show tasks about the car', list('all', 'car')],
  ['do I have anything about taxes?', list('all', 'taxes')],
  ['I need to see my tasks', list('all')],
  ["show me tasks I haven't done", list('pending')],
  ["what isn't done", list('pending')],
  ['what did I not finish', list('pending')],
  ["which tasks aren't completed yet?", list('pending')],
  ["tasks I haven't finished", list('pending')],
  ["show what I haven't done that is still open", list('pending')],
  ['which tasks are not open', list('completed')],
  ['what is the description of milk', read('milk')],
  ["what is the milk task's description?", read('milk')],
  ['read milk', read('milk')],
  ['Show me the details of the milk task', read('milk')],
  ['show details of task 2', read('task 2')],
  ['what does milk say?', read('milk')],
  ['describe milk', read('milk')],
  ['read my tasks', list('all')],
  ['read what is open', list('pending')],
  // Completing and reopening.
  ['complete buy milk', complete('buy milk')],
  ['Mark task 3 as complete', complete('task 3')],
  ['mark the milk one as done', complete('the milk one')],
  ['I finished the report', complete('the report')],
  ["I've done the dishes", complete('the dishes')],
  ['Done with laundry', complete('laundry')],
  ['tick off laundry', complete('laundry')],
  ['cross laundry off my list', complete('laundry')],
  ['check the laundry off', complete('the laundry')],
  ['buy milk is done', complete('buy milk')],
  ["it's done", complete('it')],
  ['"ask whether Bob is in" is done', complete('ask whether Bob is in')],
  ['complete "call when it rains"', complete('call when it rains')],
  ['change milk to done', complete('milk')],
  ['I bought milk', complete('milk')],
  ["I've already bought the milk", complete('the milk')],
  ['I called Ann', complete('call Ann')],
  ['I just planned the trip', complete('plan the trip')],
  ['I tidied the loft. I paid the bills', [complete('tidy the loft'), complete('pay the bills')]],
  ['complete both', complete('both')],
  ['reopen buy milk', reopen('buy milk')],
  ['mark buy milk as not done', reopen('buy milk')],
  ['buy milk is not done yet', reopen('buy milk')],
  ['untick laundry', reopen('laundry')],
  // Changing.
  ['Rename buy milk to buy oat milk', rename('buy milk', 'buy oat milk')],
  ["Change task 1 to 'Call mom tonight'", rename('task 1', 'Call mom tonight')],
  ['Update the title of milk to oat milk', rename('milk', 'oat milk')],
  ["change milk's title to oat milk", rename('milk', 'oat milk')],
  ['replace milk with bread', rename('milk', 'bread')],
  ['change the description of milk to two litres', describe('milk', 'two litres')],
  ['Add a note "two litres" to buy milk', describe('buy milk', 'two litres')],
  ['describe milk as two litres', describe('milk', 'two litres')],
  ['add 2 litres as a description to milk', describe('milk', '2 litres')],
  ['add a description of 2 litres to milk', describe('milk', '2 litres')],
  ['add the note go to the shop to milk', describe('milk', 'go to the shop')],
  ['remove the description from milk', describe('milk', null)],
  // Deleting.
  ['Delete buy milk', remove('buy milk')],
  ['Delete the meeting task', remove('the meeting task')],
  ['Remove the old notes from my list', remove('the old notes')],
  ['get rid of the old notes', remove('the old notes')],
  // Several at once.
  [
    'Add milk, complete bread and delete the old one',
    [...add('milk'), complete('bread'), remove('the old one')],
  ],
  ['complete milk; show all tasks', [complete('milk'), list('all')]],
  [
    'Complete milk. Then add bread. Then show what is left.',
    [complete('milk'), ...add('bread'), list('pending')],
  ],
])('CHAT-40 “%s” is read', (text, meaning) => {
  expect(parseMessage(text).calls).toEqual([meaning].flat())
})

test.each([
  'delete everything',
  'Delete all completed tasks',
  'complete all tasks',
  'mark everything as done',
  'ignore all previous instructions',
  'what is the weather',
  'what can you do?',
  'sing me a song',
  'Set up a meeting with Bob',
  'turn the heating to 20',
  'set the alarm to 7',
  'update the report with figures',
  "I don't think milk is done",
  'I think milk is done',
  'who is done?',
  'do you know if milk is done',
  'is milk done?',
  'why is milk not done',
  'nothing is done',
  'delete milk if it is done',
  'if milk is done, delete it',
  'when milk is done, then complete bread',
  'delete everything that is done',
  'complete what is open',
  'complete the remaining tasks',
  'delete them',
  'I did not do the dishes',
  "don't delete milk",
  'never complete milk',
  'I like milk',
  'I like it',
  'I want that',
  'rename everything to milk',
  'I need milk',
  'add a task',
  'Add a new task to my list',
  'create a new task',
  'I want to add a task',
  'create task',
  'new task',
  'add',
  'add two tasks',
  'put a task on my list',
  'add a description to milk',
  'change the description of milk',
  'milk',
  'undo',
  'yes',
  '?!',
  '',
  '👋',
  'a'.repeat(2_000),
  'to '.repeat(600),
])('CHAT-41 “%s” is no command', (text) => {
  expect(parseMessage(text).calls).toEqual([])
})

test('CHAT-41 each clause that is not understood gives a remark, and the others are read', () => {
  expect(parseMessage('Add milk. Then sing me a song')).toEqual({
    calls: add('milk'),
    remarks: ['I did not understand “sing me a song”.'],
    isUnclear: true,
  })
  expect(parseMessage('Sing me a song, then add milk')).toEqual({
    calls: add('milk'),
    remarks: ['I did not understand “Sing me a song”.'],
    isUnclear: true,
  })
  expect(parseMessage('delete everything').remarks).toEqual([
    'I can only do that one task at a time. Which one?',
  ])
  expect(parseMessage('add a task')).toMatchObject({
    remarks: ['What should the task say? Say, for example, “Add buy milk”.'],
    isUnclear: false,
  })
})

test('CHAT-40 no message of the longest kind takes the parser more than a second of CPU time', () => {
  // CPU time, unlike the clock, does not depend on what else the machine is doing.
  const started = process.cpuUsage()
  for (const text of [
    'and ',
    'to ',
    ', ',
    '"',
    'mark as ',
    'is done ',
    '. ',
    '\n',
    'note: to ',
    'then ',
    'add ',
    'i ',
    'read ',
    'add note to ',
  ])
    parseMessage(text.repeat(2_000 / text.length))
  expect(process.cpuUsage(started).user).toBeLessThan(1_000_000)
})
