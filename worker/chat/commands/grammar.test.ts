import { expect, test } from 'vitest'
import { readMessage, type Call } from './grammar.ts'
import { answerTo, resolve } from './spoken.ts'

const add = (...titles: string[]): Call[] => titles.map((title) => ({ name: 'add_task', input: { title } }))
const list = (status: string, words?: string): Call => ({
  name: 'list_tasks',
  input: { status, ...(words !== undefined && { words }) },
})
const complete = (task: string): Call => ({ name: 'complete_task', input: { task } })
const reopen = (task: string): Call => ({ name: 'complete_task', input: { task, completed: false } })
const rename = (task: string, title: string): Call => ({ name: 'update_task', input: { task, title } })
const describe = (task: string, description: string | null): Call => ({
  name: 'update_task',
  input: { task, description },
})
const remove = (task: string): Call => ({ name: 'delete_task', input: { task } })

test.each<[said: string, meant: Call | Call[]]>([
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
])('CHAT-40 “%s” is read', (said, meant) => {
  expect(readMessage(said).calls).toEqual([meant].flat())
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
  'milk',
  'undo',
  'yes',
  '?!',
  '',
  '👋',
  'a'.repeat(2_000),
  'to '.repeat(600),
])('CHAT-41 “%s” asks for nothing of ours', (said) => {
  expect(readMessage(said).calls).toEqual([])
})

test('CHAT-41 what was not understood is named, beside what was', () => {
  expect(readMessage('Add milk. Then sing me a song')).toEqual({
    calls: add('milk'),
    remarks: ['I did not understand “sing me a song”.'],
  })
  expect(readMessage('Sing me a song, then add milk')).toEqual({
    calls: add('milk'),
    remarks: ['I did not understand “Sing me a song”.'],
  })
  expect(readMessage('delete everything').remarks).toEqual(['I do that one task at a time: tell me which.'])
})

test('CHAT-40 a long message of any kind is read in no time', () => {
  const started = performance.now()
  for (const said of ['and ', 'to ', ', ', '"', 'mark as ', 'is done ', '. ', '\n', 'note: to '])
    readMessage(said.repeat(2_000 / said.length))
  expect(performance.now() - started).toBeLessThan(1_000)
})

const [milk, bread, eggs] = ['Milk', 'Bread', 'Eggs'].map((title) => ({ id: `id of ${title}`, title }))
const seen = { list: [milk, bread, eggs].filter((one) => one !== undefined), last: bread }

test.each([
  ['2', bread?.id],
  ['task 2', bread?.id],
  ['#2', bread?.id],
  ['number two', bread?.id],
  ['the second one', bread?.id],
  ['the 2nd task', bread?.id],
  ['the last one', eggs?.id],
  ['it', bread?.id],
  ['that one', bread?.id],
  ['4', '4'],
  ['milk', 'milk'],
  ['the first aid kit', 'the first aid kit'],
])('CHAT-42 “complete %s” means %s when three tasks were shown', (said, id) => {
  expect(resolve(complete(said), [], seen)).toEqual(complete(id ?? ''))
})

test('CHAT-42 “it” means what the same message spoke of before', () => {
  expect(resolve(complete('it'), add('Jam'), seen)).toEqual(complete('Jam'))
  expect(resolve(complete('it'), [], { list: [] })).toEqual(complete('it'))
})

test.each([
  ['1', milk?.id],
  ['the first one', milk?.id],
  ['bread', bread?.id],
  ['I mean the EGGS please', eggs?.id],
  ['e', undefined],
  ['jam', undefined],
  ['yes', undefined],
  ['7', undefined],
  ['', undefined],
])('CHAT-42 “%s” answers the question which one is meant', (said, id) => {
  const answer = answerTo({ ...remove('x'), candidates: seen.list }, said)
  expect(answer).toEqual(id === undefined ? undefined : remove(id))
})
