import { describeApi } from '#contract/openapi.ts'

/** What of OpenAPI 3.1 the page reads. */
export interface Schema {
  $ref?: string
  type?: string | string[]
  format?: string
  description?: string
  enum?: unknown[]
  const?: unknown
  default?: unknown
  examples?: unknown[]
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  items?: Schema
  anyOf?: Schema[]
  properties?: Record<string, Schema>
  required?: string[]
}

interface Parameter {
  in: 'path' | 'query' | 'header'
  name: string
  required?: boolean
  description?: string
  schema?: Schema
}

type Content = Record<string, { schema?: Schema }>

interface Answer {
  description?: string
  content?: Content
}

interface Described {
  operationId: string
  summary?: string
  description?: string
  security?: Record<string, string[]>[]
  parameters?: Parameter[]
  requestBody?: { required?: boolean; content: Content }
  responses: Record<string, Answer>
}

/** How a caller is known: by a token, by the session's cookie, or not at all. */
type Caller = 'token' | 'session' | 'anybody'

export interface Operation {
  id: string
  method: string
  path: string
  summary: string
  description: string | undefined
  caller: Caller
  parameters: Parameter[]
  body: { schema: Schema; required: boolean; type: string } | undefined
  answers: { status: string; description: string; schema: Schema | undefined }[]
}

interface Document {
  paths: Record<string, Record<string, Described>>
  components: { schemas: Record<string, Schema> }
}

// The document is made from our own schemas by a library whose types are wider than what it makes.
const { paths, components } = describeApi('') as unknown as Document

/** The schema itself, and its name when it has one. */
export function resolve(schema: Schema): Schema & { name?: string } {
  const name = schema.$ref?.split('/').at(-1)
  return name === undefined ? schema : { ...components.schemas[name], name }
}

const callerOf = ({ security }: Described): Caller =>
  security === undefined ? 'token' : security.some((way) => 'session' in way) ? 'session' : 'anybody'

const schemaIn = (content: Content | undefined) => Object.values(content ?? {})[0]?.schema

function read(path: string, method: string, described: Described): Operation {
  const { operationId, summary = '', description, parameters = [], requestBody, responses } = described
  const [type = '', { schema } = {}] = Object.entries(requestBody?.content ?? {})[0] ?? []
  return {
    id: operationId,
    method: method.toUpperCase(),
    path,
    summary,
    description,
    caller: callerOf(described),
    parameters,
    body: schema && { schema, type, required: requestBody?.required ?? false },
    answers: Object.entries(responses).map(([status, answer]) => ({
      status,
      description: answer.description ?? '',
      schema: schemaIn(answer.content),
    })),
  }
}

const operations = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, described]) => read(path, method, described)),
)

/** What ends something comes after what needs it, so that lines can be pasted from top to bottom. */
const ENDINGS = ['deleteTask', 'restoreTask', 'deleteConversation', 'signOut', 'deleteAccount']
operations.sort((one, other) => ENDINGS.indexOf(one.id) - ENDINGS.indexOf(other.id))

const ASSISTANT = ['/api/{user_id}', '/api/chatkit']
const ACCOUNT = ['/api/auth', '/api/account']
const TASKS = ['/api/tasks']
const isAbout = (starts: readonly string[]) => (operation: Operation) =>
  starts.some((start) => operation.path.startsWith(start))
const isRest = (operation: Operation) => !isAbout([...TASKS, ...ASSISTANT, ...ACCOUNT])(operation)

/** Every operation of the contract, in the order in which one comes to need them. */
export const chapters = [
  { id: 'tasks', title: 'Tasks', operations: operations.filter(isAbout(TASKS)) },
  { id: 'assistant', title: 'Assistant', operations: operations.filter(isAbout(ASSISTANT)) },
  { id: 'account', title: 'Account', operations: operations.filter(isAbout(ACCOUNT)) },
  { id: 'service', title: 'Service', operations: operations.filter(isRest) },
]

/** The shapes that answers and bodies refer to by name. */
export const shapes = Object.entries(components.schemas).map(([name, schema]) => ({ name, schema }))
