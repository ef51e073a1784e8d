import { expect, test } from 'vitest'
import type { Task } from '#contract/task.ts'
import { createMatcher } from './search.ts'

const createTask = (title: string, description: string | null = null): Task => ({
  id: '',
  user_id: '',
  title,
  description,
  completed: false,
  created_at: '',
  updated_at: '',
})

const sampleTasks = [
  createTask('Plan Åse’s dinner'),
  createTask('Call the bank', 'About the INVOICE'),
  createTask('Straße fegen'),
]
const found = (query: string) => sampleTasks.filter(createMatcher(query)).map(({ title }) => title)

test.for([
  ['invoice', ['Call the bank']],
  ['ase din', ['Plan Åse’s dinner']],
  ['bank invoice', ['Call the bank']],
  ['bank dinner', []],
  ['STRASSE', []],
  ['straße', ['Straße fegen']],
  ['  ', sampleTasks.map(({ title }) => title)],
] as const)('WEB-53 a search for “%s” reads title and description', ([query, expected]) => {
  expect(found(query)).toEqual(expected)
})
