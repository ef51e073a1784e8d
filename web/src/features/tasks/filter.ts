import type { Task } from '#contract/task.ts'

/** The lists there are; the order is that of the links. */
export const filters = ['all', 'open', 'done'] as const
export type Filter = (typeof filters)[number]

/** The filter in an address; what is not one shows everything. */
export function filterIn(search: string): Filter {
  const asked = new URLSearchParams(search).get('filter')
  return filters.find((filter) => filter === asked) ?? 'all'
}

/** The address of a filtered list. */
export const filterPath = (filter: Filter): string =>
  filter === 'all' ? '/tasks' : `/tasks?filter=${filter}`

/** Whether a list with this filter holds the task. */
export function passes(filter: Filter, { completed }: Pick<Task, 'completed'>): boolean {
  return filter === 'all' || completed === (filter === 'done')
}
