import { expect, test } from 'vitest'
import type { ToolName } from '../../contract/tool.ts'
import type { PlannedCall, StartedCall } from './calls.ts'
import { readAnswer, resolveReferences } from './disambiguation.ts'

const complete = (task: string): PlannedCall => ({ name: 'complete_task', input: { task } })
const rename = (task: string, title: string): PlannedCall => ({ name: 'update_task', input: { task, title } })
const remove = (task: string): PlannedCall => ({ name: 'delete_task', input: { task } })

const [milk, bread, eggs] = ['Milk', 'Bread', 'Eggs'].map((title) => ({ id: `id of ${title}`, title }))
const shown = [milk, bread, eggs].filter((one) => one !== undefined)
const context = { list: shown, last: bread }

test.each([
  ['2', bread],
  ['task 2', bread],
  ['#2', bread],
  ['number two', bread],
  ['the second one', bread],
  ['the 2nd task', bread],
  ['the last one', eggs],
  ['it', bread],
  ['that one', bread],
])('CHAT-42 after a list of three, “complete %s” means %o', (text, task) => {
  expect(resolveReferences(complete(text), [], context)).toEqual([complete(task?.id ?? '')])
})

test.each([['milk'], ['the first aid kit'], ['Chapter 1 and 2'], ['2 litres']])(
  'CHAT-42 “complete %s” is a title, not a number in the list',
  (text) => {
    expect(resolveReferences(complete(text), [], context)).toEqual([complete(text)])
  },
)

test('CHAT-42 several numbers mean each of those tasks, and "both" the two that were listed', () => {
  const [first, second, third] = shown.map(({ id }) => complete(id))
  for (const text of [
    '1, 2 and 3',
    'tasks 1, 2, 3',
    '1 & 2 and the last one',
    'the first, second and third one',
  ])
    expect(resolveReferences(complete(text), [], context)).toEqual([first, second, third])
  for (const text of ['both', 'both of them', 'both tasks', 'the two of them']) {
    expect(resolveReferences(complete(text), [], { list: shown.slice(0, 2) })).toEqual([first, second])
    expect(resolveReferences(complete(text), [], context)).toEqual([
      'I can only do that one task at a time. Which one?',
    ])
  }
  expect(resolveReferences(rename('1 and 2', 'x'), [], context)).toEqual([
    'I can only do that one task at a time. Which one?',
  ])
})

test('CHAT-42 a number that is not in the list gives a remark, and no other task is chosen', () => {
  for (const number of [0, 4, 9, 999])
    expect(resolveReferences(complete(`${number}`), [], context)).toEqual([
      `There is no number ${number} in the list above.`,
    ])
  expect(resolveReferences(complete('1 and 7'), [], context)).toEqual([
    complete(milk?.id ?? ''),
    'There is no number 7 in the list above.',
  ])
  for (const text of ['1', 'the last one'])
    expect(resolveReferences(complete(text), [], { list: [] })).toEqual([
      'There is no list above. Say “show all tasks” first, or say the task’s title.',
    ])
})

test('CHAT-42 “it” means the task of the previous call, once that call has a result', () => {
  const task = {
    id: 'id of Jam',
    title: 'Jam',
    description: null,
    completed: false,
    created_at: '',
    updated_at: '',
  }
  const resolveIt = (output: StartedCall['output'], name: ToolName = 'add_task') =>
    resolveReferences(complete('it'), [{ name, input: { title: 'Jam' }, output }], context)
  expect(resolveIt(undefined)).toBeUndefined()
  expect(resolveIt({ status: 'created', task })).toEqual([complete('id of Jam')])
  expect(resolveIt({ tasks: [task], next_cursor: null }, 'list_tasks')).toEqual([complete('id of Jam')])
  expect(resolveIt({ tasks: [task, task], next_cursor: null }, 'list_tasks')).toEqual([
    'Which task is “it”? Say its title.',
  ])
  expect(resolveIt({ error: { code: 'not-found', message: '' } }, 'complete_task')).toEqual([])
  expect(resolveReferences(complete('it'), [], { list: shown })).toEqual([
    'Which task is “it”? Say its title.',
  ])
})

test.each([
  ['1', milk],
  ['the first one', milk],
  ['the last one', eggs],
  ['bread', bread],
  ['egg', eggs],
  ['I mean the EGGS please', eggs],
])('CHAT-42 “%s” answers the question which task is meant', (text, task) => {
  expect(readAnswer({ ...context, question: { ...remove('x'), candidates: shown } }, text)).toEqual([
    remove(task?.id ?? ''),
  ])
})

test.each(['e', 'jam', 'rea', 'ilk', '', 'the one', '👋', 'no milk today'])(
  'CHAT-42 “%s” is no answer to that question',
  (text) => {
    expect(readAnswer({ ...context, question: { ...remove('x'), candidates: shown } }, text)).toBeUndefined()
  },
)

test.each([
  ['no', 'All right.'],
  ['None of them', 'All right.'],
  ['neither', 'All right.'],
  ['cancel', 'All right.'],
  ['Never mind!', 'All right.'],
  ['no, thanks', 'All right.'],
  ['yes', 'Which one? Say its number, or more of its title.'],
  ['0', 'There is no number 0 in the list above.'],
  ['7', 'There is no number 7 in the list above.'],
])('CHAT-42 the answer “%s” gets the reply “%s”, and nothing is done', (text, words) => {
  const [nora, yogurt] = ['Milk for Nora', 'Yogurt'].map((title) => ({ id: title, title }))
  const candidates = [nora, yogurt].filter((one) => one !== undefined)
  expect(readAnswer({ list: [], question: { ...complete('x'), candidates } }, text)).toEqual([words])
})

test('CHAT-42 “both”, several numbers and a full title answer the question', () => {
  const candidates = [milk, { id: 'id of Oat milk', title: 'Oat milk' }].filter((one) => one !== undefined)
  const question = { ...remove('x'), candidates }
  const both = candidates.map(({ id }) => remove(id))
  for (const text of ['both', '1 and 2']) expect(readAnswer({ list: [], question }, text)).toEqual(both)
  expect(readAnswer({ list: [], question }, 'milk')).toEqual(both.slice(0, 1))
})
