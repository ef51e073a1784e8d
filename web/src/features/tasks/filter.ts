import type { Task } from '#contract/task.ts'

/** The lists there are; the order is that of the links. */
export const filters = ['all', 'open', 'done'] as const
export type Filter = (typeof filters)[number]

/** Which tasks are shown. */
export interface View {
  filter: Filter
  /** What is searched for; empty for no search. */
  query: string
}

/** The view in an address; what is not a filter shows everything. */
export function viewIn(search: string): View {
  const asked = new URLSearchParams(search)
  const filter = filters.find((name) => name === asked.get('filter')) ?? 'all'
  return { filter, query: asked.get('q') ?? '' }
}

/** The address of a view. */
export function pathOf({ filter, query }: View): string {
  const search = new URLSearchParams({ ...(filter !== 'all' && { filter }), ...(query && { q: query }) })
  return search.size > 0 ? `/tasks?${search}` : '/tasks'
}

/** Whether a list with this filter holds the task. */
export function passes(filter: Filter, { completed }: Pick<Task, 'completed'>): boolean {
  return filter === 'all' || completed === (filter === 'done')
}

/** Whether a view holds all tasks there are. */
export const isWhole = ({ filter, query }: View): boolean => filter === 'all' && query.trim() === ''
