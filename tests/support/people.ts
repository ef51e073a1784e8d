import { randomUUID } from 'node:crypto'
import type { Task, TaskPage } from '../../worker/contract/task.ts'
import { ORIGIN, type TestWorker } from './worker.ts'

export const PASSWORD = 'correct horse battery'

/** A registered user: their cookie, their token and the API on their behalf. */
export interface TestUser {
  id: string
  email: string
  cookie: string
  token: string
  /** Calls the API with the user's token; `json` becomes the body. */
  call(method: string, path: string, json?: unknown, headers?: Record<string, string>): Promise<Response>
  addTask(title: string, more?: object): Promise<Task>
  tasks(query?: string): Promise<TaskPage>
}

/** Returns the cookies that a response sets as the next request sends them; of one name the last counts. */
export function cookiesOf(response: Response): string {
  const pairs = response.headers.getSetCookie().map((cookie) => cookie.split(';')[0] ?? '')
  return [...new Map(pairs.map((pair) => [pair.split('=')[0], pair])).values()].join('; ')
}

export const postJson = (body: unknown, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  body: JSON.stringify(body),
  headers: { 'Content-Type': 'application/json', Origin: ORIGIN, ...headers },
})

/** Registers a new user. */
export async function signUp(worker: TestWorker, name = 'Ann'): Promise<TestUser> {
  const email = `${name.toLowerCase()}-${randomUUID()}@example.com`
  const joined = await worker.fetch('/api/auth/sign-up/email', postJson({ name, email, password: PASSWORD }))
  if (joined.status !== 200) throw new Error(`sign-up answered ${joined.status}: ${await joined.text()}`)
  const { user } = (await joined.json()) as { user: { id: string } }
  const cookie = cookiesOf(joined)
  const answer = await worker.fetch('/api/auth/token', { headers: { Cookie: cookie } })
  const { token } = (await answer.json()) as { token: string }
  return { ...callerWith(worker, token), id: user.id, email, cookie, token }
}

/** Returns the API with any token. */
export function callerWith(worker: TestWorker, token: string): Pick<TestUser, 'call' | 'addTask' | 'tasks'> {
  const call: TestUser['call'] = (method, path, json, headers) =>
    worker.fetch(path, {
      method,
      ...(json !== undefined && { body: JSON.stringify(json) }),
      headers: {
        Authorization: `Bearer ${token}`,
        ...(json !== undefined && { 'Content-Type': 'application/json' }),
        ...headers,
      },
    })
  return {
    call,
    async addTask(title, more) {
      const response = await call('POST', '/api/tasks', { title, ...more })
      if (!response.ok) throw new Error(`adding a task answered ${response.status}: ${await response.text()}`)
      return (await response.json()) as Task
    },
    tasks: async (query = '') => (await (await call('GET', `/api/tasks${query}`)).json()) as TaskPage,
  }
}
