import { expect, test } from 'vitest'
import { callTools } from '../../tests/support/call-tools.ts'
import { signUp } from '../../tests/support/people.ts'
import { startWorker } from '../../tests/support/worker.ts'

const worker = await startWorker()
const { succeed, fail } = callTools(worker)

test('CHAT-3 words of its title name a task, in any case and order', async () => {
  const ann = await signUp(worker)
  for (const title of ['Buy milk', 'Call Ann about 50% off_now', 'Ölwechsel fürs Auto'])
    await ann.addTask(title)
  for (const [text, title] of [
    ['milk', 'Buy milk'],
    ['the milk one', 'Buy milk'],
    ['“Buy Milk”', 'Buy milk'],
    ['my task called buy milk.', 'Buy milk'],
    ['milk buy', 'Buy milk'],
    ['call ann', 'Call Ann about 50% off_now'],
    ['50% off_now', 'Call Ann about 50% off_now'],
    ['ÖLWECHSEL', 'Ölwechsel fürs Auto'],
  ])
    expect((await succeed(ann, 'update_task', { task: text, description: text })).task).toMatchObject({
      title,
      description: text,
    })
  for (const text of ['m_lk', 'm%k', 'bread', "' or 1=1"])
    expect(await fail(ann, 'complete_task', { task: text })).toMatchObject({ code: 'not-found' })
})

test('CHAT-3 a word matches where a word begins; a number or a short word matches whole words', async () => {
  const ann = await signUp(worker)
  const titles = [
    'Call Graham',
    'Buy 10 eggs',
    'Ölwechsel',
    'C++ (draft) [x] a|b $5 ^2',
    'Ann’s 👋',
    '买牛奶',
  ]
  for (const title of titles) await ann.addTask(title)
  for (const text of [
    'ham',
    '1',
    '0',
    'gg',
    'lwechsel',
    'eg',
    '.*',
    '(',
    'c.+',
    '\\w',
    'x|eggs',
    '???',
    'the',
  ])
    expect(await fail(ann, 'complete_task', { task: text })).toMatchObject({ code: 'not-found' })
  for (const [text, title] of [
    ['gra', 'Call Graham'],
    ['egg', 'Buy 10 eggs'],
    ['10', 'Buy 10 eggs'],
    ['ölw', 'Ölwechsel'],
    ['c++', 'C++ (draft) [x] a|b $5 ^2'],
    ['a|b', 'C++ (draft) [x] a|b $5 ^2'],
    ['[x] $5 ^2', 'C++ (draft) [x] a|b $5 ^2'],
    ["ann's", 'Ann’s 👋'],
    ['👋', 'Ann’s 👋'],
    ['牛奶', '买牛奶'],
  ]) {
    expect((await succeed(ann, 'update_task', { task: text, description: text })).task).toMatchObject({
      title,
    })
    expect((await succeed(ann, 'list_tasks', { words: text })).tasks.map((one) => one.title)).toEqual([title])
  }
})

test('CHAT-3 words that fit any task match only a title that consists of them', async () => {
  const ann = await signUp(worker)
  await ann.addTask('The one and only task')
  for (const text of ['the one', 'task', 'a'])
    expect(await fail(ann, 'complete_task', { task: text })).toMatchObject({ code: 'not-found' })
  await ann.addTask('The one')
  expect((await succeed(ann, 'complete_task', { task: 'the one' })).task).toMatchObject({ title: 'The one' })
})

test('CHAT-3 words that match several tasks return the candidates and change nothing', async () => {
  const ann = await signUp(worker)
  const [oat, cow] = [await ann.addTask('Buy oat milk'), await ann.addTask('Buy cow milk')]
  for (const [name, more] of [
    ['complete_task', {}],
    ['update_task', { title: 'x' }],
    ['delete_task', {}],
  ] as const) {
    const error = await fail(ann, name, { task: 'milk', ...more })
    expect(error.code).toBe('which-task')
    expect(error.candidates).toEqual([
      { id: cow.id, title: 'Buy cow milk', completed: false },
      { id: oat.id, title: 'Buy oat milk', completed: false },
    ])
    expect(error.message).toContain('Buy cow milk')
  }
  expect((await ann.tasks()).tasks).toEqual([cow, oat])
})

test('CHAT-3 an exact title, or the only task in the right state, is not ambiguous', async () => {
  const ann = await signUp(worker)
  await ann.addTask('Milk', { completed: true })
  await ann.addTask('Milk for Ann')
  const open = await ann.addTask('Bread')
  await ann.addTask('Bread', { completed: true })
  expect(await succeed(ann, 'update_task', { task: 'milk', description: 'x' })).toMatchObject({
    task: { title: 'Milk' },
  })
  expect(await succeed(ann, 'complete_task', { task: 'bread' })).toMatchObject({ task: { id: open.id } })
})
