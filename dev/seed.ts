import { parseArgs } from 'node:util'
import { UserError, reasonOf, runCommand, formatElapsed } from './command.ts'
import { makeTask } from './seed-tasks.ts'

const SEED_HELP = `npm run db:seed -- --email you@example.com [--tasks 100] [--password …] [--url http://localhost:8787]

Fills an account of a running Margin with plausible tasks, through its API; makes the account when there is none.`

/** Requests in flight at once: enough to keep the Worker busy, and few enough that it serves others. */
const PARALLEL = 8
const TASKS_MAX = 100_000

function readOptions() {
  const options = {
    email: { type: 'string' },
    tasks: { type: 'string', default: '100' },
    password: { type: 'string', default: 'margin-demo-password' },
    url: { type: 'string', default: `http://localhost:${process.env['PORT'] || 8787}` },
    help: { type: 'boolean', default: false },
  } as const
  try {
    return parseArgs({ options }).values
  } catch (error) {
    throw new UserError(`${reasonOf(error)}; --help tells what there is`)
  }
}

async function seed() {
  const options = readOptions()
  const { email, password, help } = options
  if (help) return console.log(SEED_HELP)
  if (!email) throw new UserError('whose account? npm run db:seed -- --email you@example.com')
  const count = Number(options.tasks)
  if (!Number.isInteger(count) || count < 0 || count > TASKS_MAX)
    throw new UserError(`--tasks needs a whole number up to ${TASKS_MAX}`)
  if (!URL.canParse(options.url)) throw new UserError('--url needs a URL like http://localhost:8787')
  const { origin } = new URL(options.url)

  const startedAt = Date.now()
  const cookie = await logInOrRegister(origin, { email, password })
  const { token } = (await (await request(origin, '/api/auth/token', { headers: { cookie } })).json()) as {
    token: string
  }
  let next = 0
  const addTasks = async () => {
    while (next < count)
      await postJson(origin, '/api/tasks', makeTask(next++), { authorization: `Bearer ${token}` })
  }
  await Promise.all(Array.from({ length: PARALLEL }, addTasks))
  console.log(`${count} tasks added for ${email} in ${formatElapsed(startedAt)}`)
  console.log(`Log in at ${origin}/login with the password ${password}`)
}

/** Logs in, or registers if there is no such account; returns the cookies of the session. */
async function logInOrRegister(
  origin: string,
  account: { email: string; password: string },
): Promise<string> {
  const loggedIn = await fetchFrom(origin, '/api/auth/sign-in/email', jsonInit(account))
  const entered = loggedIn.ok
    ? loggedIn
    : await fetchFrom(
        origin,
        '/api/auth/sign-up/email',
        jsonInit({ ...account, name: account.email.split('@')[0] }),
      )
  if (!entered.ok)
    throw new UserError(
      `neither logging in as ${account.email} (${loggedIn.status}) nor registering (${entered.status}: ${await readExcerpt(entered)}) worked; is --password right?`,
    )
  return entered.headers
    .getSetCookie()
    .map((line) => line.split(';', 1)[0])
    .join('; ')
}

const jsonInit = (body: object, headers = {}): RequestInit => ({
  method: 'POST',
  body: JSON.stringify(body),
  headers: { 'content-type': 'application/json', ...headers },
})

const postJson = (origin: string, path: string, body: object, headers: object) =>
  request(origin, path, jsonInit(body, headers))

/** @throws UserError when there is no answer, or not a successful one */
async function request(origin: string, path: string, init: RequestInit): Promise<Response> {
  const response = await fetchFrom(origin, path, init)
  if (!response.ok) throw new UserError(`${path} answered ${response.status}: ${await readExcerpt(response)}`)
  return response
}

async function fetchFrom(origin: string, path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(origin + path, { ...init, headers: { origin, ...(init.headers as object) } })
  } catch (error) {
    throw new UserError(`no Margin answers at ${origin} (${reasonOf(error)}); start one with npm start`)
  }
}

const readExcerpt = async (response: Response) => (await response.text()).slice(0, 300)

await runCommand(seed)
