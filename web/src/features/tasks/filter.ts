import type { Task } from '#contract/task.ts'

/** The filters, in the order of their links. */
export const filters = ['all', 'open', 'done'] as const
export type Filter = (typeof filters)[number]

/** Which tasks the page shows. */
export interface View {
  filter: Filter
  /** Words to search for; empty for no search. */
  query: string
}

/** Reads the view from a URL's query string; an unknown filter shows everything. */
export function parseView(search: string): View {
  const params = new URLSearchParams(search)
  const filter = filters.find((name) => name === params.get('filter')) ?? 'all'
  return { filter, query: params.get('q') ?? '' }
}

/** Returns the path and query string of a view. */
export function viewPath({ filter, query }: View): string {
  const search = new URLSearchParams({ ...(filter !== 'all' && { filter }), ...(query && { q: query }) })
  return search.size > 0 ? `/tasks?${search}` : '/tasks'
}

/** Returns whether the filter lets the task through. */
export function matchesFilter(filter: Filter, { completed }: Pick<Task, 'completed'>): boolean {
  return filter === 'all' || completed === (filter === 'done')
}

/** Returns whether the view shows every task. */
export const showsAll = ({ filter, query }: View): boolean => filter === 'all' && query.trim() === ''
