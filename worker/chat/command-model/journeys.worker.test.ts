import { expect, test } from 'vitest'
import { say, titlesOf } from '../../../tests/support/chat.ts'
import { signUp } from '../../../tests/support/people.ts'
import { querySql } from '../../../tests/support/sql.ts'
import { startWorker } from '../../../tests/support/worker.ts'

/** A task in short form: "x Milk" is completed, "Milk: oat" has a description. */
type Line = string

const worker = await startWorker()
const ann = await signUp(worker)

/** Replaces the tasks of the user by these; the first is the newest. */
async function replaceTasks(lines: readonly Line[]) {
  const tasks = lines.map((line) => {
    const [, done, title, description] = /^(x )?([^:]+)(?:: (.+))?$/.exec(line) ?? []
    return { title, description, completed: done !== undefined }
  })
  await querySql(
    `with deleted as (delete from tasks where user_id = $1)
     insert into tasks (id, user_id, title, description, completed, created_at, updated_at)
     select gen_random_uuid(), $1, task->>'title', task->>'description', (task->>'completed')::boolean,
       date_trunc('second', now()) - n * interval '1 min', date_trunc('second', now())
     from jsonb_array_elements($2::jsonb) with ordinality as one(task, n)`,
    [ann.id, JSON.stringify(tasks)],
  )
}

async function lines(): Promise<Line[]> {
  const { tasks } = await ann.tasks('?limit=1000')
  return tasks.map(
    ({ title, description, completed }) =>
      `${completed ? 'x ' : ''}${title}${description === null ? '' : `: ${description}`}`,
  )
}

/** Sends these messages in one conversation and returns the last response. */
async function converse(sentences: readonly string[]) {
  let conversation_id: string | undefined
  let response = ''
  for (const message of sentences) {
    const answer = await say(ann, { message, ...(conversation_id !== undefined && { conversation_id }) })
    ;({ conversation_id, response } = answer)
  }
  return response
}

const MILK = ['Buy milk', 'Call Ann', 'x Read a book']

/** The tasks before, the messages, the tasks after (unchanged when undefined), and a part of the last response. */
const JOURNEYS: [start: Line[], sent: string | string[], end: Line[] | undefined, reply: string][] = [
  // The words of the requirements.
  [[], 'Add task buy milk', ['buy milk'], 'Added “buy milk”.'],
  [MILK, 'Show all tasks', undefined, 'You have 3 tasks:\n1. Buy milk\n2. Call Ann\n3. Read a book ✓'],
  [MILK, 'Complete task buy milk', ['x Buy milk', 'Call Ann', 'x Read a book'], 'Completed “Buy milk”.'],
  [
    MILK,
    'Rename buy milk to buy bread',
    ['buy bread', 'Call Ann', 'x Read a book'],
    'It is now “buy bread”.',
  ],
  [MILK, 'Delete buy milk', undefined, 'Delete “Buy milk”? It stays until you approve.'],
  [
    [],
    'Add buy milk and call Ann, then show what is open',
    ['call Ann', 'buy milk'],
    'You have 2 open tasks:\n1. call Ann\n2. buy milk',
  ],
  // Adding.
  [[], 'add tea', ['tea'], 'Added “tea”.'],
  [[], 'Please add a task called "Milk and eggs"', ['Milk and eggs'], 'Added'],
  [[], 'Remind me to call mum', ['call mum'], 'Added'],
  [[], 'I need to buy milk', ['buy milk'], 'Added'],
  [[], 'todo: water the fig', ['water the fig'], 'Added'],
  [[], 'put milk on my list', ['milk'], 'Added'],
  [[], 'set a reminder to call Ann', ['call Ann'], 'Added'],
  [[], 'Add three tasks: milk, eggs, bread', ['bread', 'eggs', 'milk'], 'Added “milk”.\nAdded “eggs”.'],
  [[], 'Add the following: milk, eggs', ['eggs', 'milk'], 'Added'],
  [[], 'Add buy milk and then call Ann', ['call Ann', 'buy milk'], 'Added'],
  [[], 'Add milk, then call Ann', ['call Ann', 'milk'], 'Added'],
  [[], 'Add milk with description two litres', ['milk: two litres'], 'Added'],
  [[], 'add a task', [], 'What should the task say?'],
  [[], 'I want to add a new task', [], 'What should the task say?'],
  // Listing.
  [[], 'my tasks', undefined, 'You have no tasks yet.'],
  [MILK, "show me tasks I haven't done", undefined, 'You have 2 open tasks:'],
  [MILK, "what isn't done?", undefined, 'You have 2 open tasks:'],
  [MILK, 'what did I not finish?', undefined, 'You have 2 open tasks:'],
  [MILK, 'What have I completed?', undefined, 'You have 1 completed task:\n1. Read a book ✓'],
  [MILK, 'I need to see my tasks', undefined, 'You have 3 tasks:'],
  [MILK, 'find milk', undefined, 'You have 1 task with “milk”:\n1. Buy milk'],
  [['Call Graham'], 'find ham', undefined, 'You have no tasks with “ham”.'],
  [['Milk: two litres'], 'what is the description of milk?', undefined, '“Milk”: two litres'],
  [MILK, 'read milk', undefined, '“Buy milk” has no description.'],
  [['Tea', 'Milk: two litres'], ['show all', 'show details of 2'], undefined, '“Milk”: two litres'],
  [MILK, 'read jam', undefined, 'You have no task matching “jam”.'],
  // Completing and reopening.
  [MILK, 'mark the milk one as done', ['x Buy milk', ...MILK.slice(1)], 'Completed'],
  [MILK, 'buy milk is done', ['x Buy milk', ...MILK.slice(1)], 'Completed'],
  [MILK, 'tick off milk', ['x Buy milk', ...MILK.slice(1)], 'Completed'],
  [MILK, 'I bought milk', ['x Buy milk', ...MILK.slice(1)], 'Completed “Buy milk”.'],
  [MILK, 'I called Ann', ['Buy milk', 'x Call Ann', 'x Read a book'], 'Completed “Call Ann”.'],
  [['Email Ann'], 'I called Ann', undefined, 'You have no task matching “call Ann”.'],
  [MILK, 'I bought jam', undefined, 'You have no task matching “jam”.'],
  [MILK, 'complete milk and ann', ['x Buy milk', 'x Call Ann', 'x Read a book'], 'Completed'],
  [MILK, 'complete the book', undefined, '“Read a book” was already completed.'],
  [MILK, 'reopen the book', ['Buy milk', 'Call Ann', 'Read a book'], '“Read a book” is open again.'],
  [MILK, 'mark the book as not done', ['Buy milk', 'Call Ann', 'Read a book'], 'open again'],
  [['Call Graham'], 'complete ham', undefined, 'You have no task matching “ham”.'],
  // Changing.
  [['Milk'], 'change milk to oat milk', ['oat milk'], 'It is now “oat milk”.'],
  [['Milk'], 'add 2 litres as a description to milk', ['Milk: 2 litres'], 'I changed the description'],
  [['Milk'], 'change the description of milk to two litres', ['Milk: two litres'], 'I changed'],
  [['Milk: two litres'], 'remove the description of milk', ['Milk'], 'I changed'],
  [['Milk'], 'rename milk to Milk', undefined, '“Milk” was already as you want it.'],
  // Numbers, "both" and "it".
  [MILK, ['show all', 'complete 2'], ['Buy milk', 'x Call Ann', 'x Read a book'], 'Completed “Call Ann”.'],
  [['Tea', 'Jam', 'Milk'], ['list', 'mark 1, 2 and 3 as done'], ['x Tea', 'x Jam', 'x Milk'], 'Completed'],
  [['Tea', 'Jam', 'Milk'], ['list', 'complete the first and the last one'], ['x Tea', 'Jam', 'x Milk'], ''],
  [['Tea', 'Jam'], ['list', 'complete both'], ['x Tea', 'x Jam'], 'Completed “Tea”.\nCompleted “Jam”.'],
  [['Tea', 'Jam'], ['list', 'complete 0'], undefined, 'There is no number 0 in the list above.'],
  [
    ['Buy 10 eggs'],
    ['list', 'complete 1 and 2'],
    ['x Buy 10 eggs'],
    'There is no number 2 in the list above.',
  ],
  [['Buy 9 eggs', 'Jam'], ['list', 'complete 9'], undefined, 'There is no number 9 in the list above.'],
  [['Buy 10 eggs'], 'complete 10', undefined, 'There is no list above.'],
  [['milk'], 'Add milk and complete it', ['x milk', 'milk'], 'Added “milk”.\nCompleted “milk”.'],
  [['Tea', 'Jam'], 'find jam and complete it', ['Tea', 'x Jam'], 'Completed “Jam”.'],
  [['Call it a day'], 'complete it', undefined, 'Which task is “it”?'],
  [['Oat milk', 'Soy milk'], ['complete milk', '2'], ['Oat milk', 'x Soy milk'], 'Completed “Soy milk”.'],
  [['Oat milk', 'Soy milk'], ['complete milk', 'both of them'], ['x Oat milk', 'x Soy milk'], 'Completed'],
  [['Milk for Nora', 'Milk for Bob'], ['complete milk', 'no'], undefined, 'All right.'],
  [['Milk for Nora', 'Milk for Bob'], ['complete milk', 'none', '2'], undefined, 'I did not understand “2”.'],
  [['Milk for Nora', 'Milk for Bob'], ['complete milk', '0'], undefined, 'There is no number 0'],
  [['Milk'], ['delete milk', 'yes'], undefined, 'Please press Approve'],
  // What is not understood is not carried out.
  [['up a meeting'], 'Set up a meeting with Bob', undefined, 'I did not understand'],
  [['the heating'], 'turn the heating to 20', undefined, 'I did not understand'],
  [['think milk'], "I don't think milk is done", undefined, 'I did not understand'],
  [['who'], 'who is done?', undefined, 'I did not understand'],
  [['delete milk if it'], 'delete milk if it is done', undefined, 'I did not understand'],
  [
    ['Tea', 'Jam'],
    ['complete tea', 'reopen it', 'if jam is done, delete it'],
    undefined,
    'I did not understand',
  ],
  [MILK, 'delete everything', undefined, 'I can only do that one task at a time. Which one?'],
]

test.each(JOURNEYS)('CHAT-40 with %j, “%s” leaves %j', async (start, sent, end, reply) => {
  await replaceTasks(start)
  expect(await converse([sent].flat())).toContain(reply)
  expect(await lines()).toEqual(end ?? start)
})

test('CHAT-42 numbers refer to the latest list, also to a long one with descriptions', async () => {
  const titles = Array.from({ length: 50 }, (_, n) => `Task ${n + 101} ${'of the week '.repeat(15)}`.trim())
  await replaceTasks(titles.map((title) => `${title}: ${'a long story '.repeat(15)}`))
  await converse(['find 107', 'show all tasks', 'complete 1', 'complete 50'])
  expect((await ann.tasks('?completed=true')).tasks.map(({ title }) => title)).toEqual([
    titles[0],
    titles[49],
  ])
})

test('CHAT-40 the embedded model lists, completes, reopens, renames and describes tasks', async () => {
  const bob = await signUp(worker)
  const { conversation_id } = await say(bob, 'Add tasks: oat milk, cow milk, bread')
  const reply = async (message: string) => (await say(bob, { message, conversation_id })).response
  expect(await reply('complete bread')).toBe('Completed “bread”.')
  expect(await reply('complete bread')).toBe('“bread” was already completed.')
  expect(await reply('show what is open')).toBe('You have 2 open tasks:\n1. cow milk\n2. oat milk')
  expect(await reply('what is done?')).toBe('You have 1 completed task:\n1. bread ✓')
  expect(await reply('reopen it')).toBe('“bread” is open again.')
  expect(await reply('rename bread to rye bread')).toBe('It is now “rye bread”.')
  expect(await reply('change the description of rye to one loaf')).toBe(
    'I changed the description of “rye bread”.',
  )
  expect(await reply('find jam')).toBe('You have no tasks with “jam”.')
  expect(await reply('complete jam')).toBe('You have no task matching “jam”.')
  expect(await reply('complete oat milk and rye bread')).toBe('Completed “oat milk”.\nCompleted “rye bread”.')
})

test('CHAT-41 the embedded model says what it can do', async () => {
  const bob = await signUp(worker)
  for (const message of ['hello', 'help', 'what can you do?', 'sing me a song', 'delete everything']) {
    const answer = await say(bob, message)
    expect(answer.response).toContain('Add buy milk and call Ann')
    expect(answer.tool_calls).toEqual([])
  }
  expect((await say(bob, 'sing me a song')).response).toMatch(/^I did not understand “sing me a song”\./)
})

test('CHAT-42 the question which task is meant is answered by a number or by words', async () => {
  const bob = await signUp(worker)
  const { conversation_id } = await say(bob, 'Add tasks: oat milk, cow milk, soy milk')
  const reply = async (message: string) => (await say(bob, { message, conversation_id })).response
  const question = await reply('complete milk')
  expect(question).toBe(
    'Which one do you mean?\n1. soy milk\n2. cow milk\n3. oat milk\nSay its number, or more of its title.',
  )
  expect(await titlesOf(bob, '?completed=true')).toEqual([])
  expect(await reply('2')).toBe('Completed “cow milk”.')
  expect(await reply('rename milk to bread')).toContain('Which one')
  expect(await reply('the oat one')).toBe('It is now “bread”.')
})

test('CHAT-43 a day stays in the title, and the assistant says so', async () => {
  const bob = await signUp(worker)
  const { response } = await say(bob, 'Remind me to call Ann tomorrow at 5pm')
  expect(await titlesOf(bob)).toEqual(['call Ann tomorrow at 5pm'])
  expect(response).toBe(
    'Added “call Ann tomorrow at 5pm”.\nI keep “tomorrow” in the title: I set no dates and send no reminders.',
  )
})
