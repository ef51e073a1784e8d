import { describeApi } from '#contract/openapi.ts'

/** The part of OpenAPI 3.1 that the page reads. */
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

interface ApiParameter {
  in: 'path' | 'query' | 'header'
  name: string
  required?: boolean
  description?: string
  schema?: Schema
}

type Content = Record<string, { schema?: Schema }>

interface ApiResponse {
  description?: string
  content?: Content
}

interface ApiOperation {
  operationId: string
  summary?: string
  description?: string
  security?: Record<string, string[]>[]
  parameters?: ApiParameter[]
  requestBody?: { required?: boolean; content: Content }
  responses: Record<string, ApiResponse>
}

/** How the caller is authenticated: by an access token, by the session cookie, or not at all. */
type Access = 'token' | 'session' | 'public'

export interface Operation {
  id: string
  method: string
  path: string
  summary: string
  description: string | undefined
  access: Access
  parameters: ApiParameter[]
  body: { schema: Schema; required: boolean; type: string } | undefined
  responses: { status: string; description: string; schema: Schema | undefined }[]
}

interface ApiDocument {
  paths: Record<string, Record<string, ApiOperation>>
  components: { schemas: Record<string, Schema> }
}

// As it is served: in JSON, without what the types of the library that makes it also allow.
const { paths, components } = JSON.parse(JSON.stringify(describeApi(''))) as ApiDocument

/** Follows a reference to a named schema; `name` is undefined for any other schema. */
export function resolveSchema(schema: Schema): Schema & { name?: string } {
  const name = schema.$ref?.split('/').at(-1)
  return name === undefined ? schema : { ...components.schemas[name], name }
}

const accessOf = ({ security }: ApiOperation): Access =>
  security === undefined ? 'token' : security.some((scheme) => 'session' in scheme) ? 'session' : 'public'

const schemaIn = (content: Content | undefined) => Object.values(content ?? {})[0]?.schema

function toOperation(path: string, method: string, operation: ApiOperation): Operation {
  const { operationId, summary = '', description, parameters = [], requestBody, responses } = operation
  const [type = '', { schema } = {}] = Object.entries(requestBody?.content ?? {})[0] ?? []
  return {
    id: operationId,
    method: method.toUpperCase(),
    path,
    summary,
    description,
    access: accessOf(operation),
    parameters,
    body: schema && { schema, type, required: requestBody?.required ?? false },
    responses: Object.entries(responses).map(([status, response]) => ({
      status,
      description: response.description ?? '',
      schema: schemaIn(response.content),
    })),
  }
}

const operations = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => toOperation(path, method, operation)),
)

/** Deletes and log-outs come last, so that the curl lines can be pasted from top to bottom. */
const LAST_OPERATIONS = ['deleteTask', 'restoreTask', 'deleteConversation', 'signOut', 'deleteAccount']
operations.sort((one, other) => LAST_OPERATIONS.indexOf(one.id) - LAST_OPERATIONS.indexOf(other.id))

const ASSISTANT_PATHS = ['/api/{user_id}', '/api/chatkit']
const ACCOUNT_PATHS = ['/api/auth', '/api/account']
const TASK_PATHS = ['/api/tasks']
const isUnder = (prefixes: readonly string[]) => (operation: Operation) =>
  prefixes.some((prefix) => operation.path.startsWith(prefix))
const isOther = (operation: Operation) =>
  !isUnder([...TASK_PATHS, ...ASSISTANT_PATHS, ...ACCOUNT_PATHS])(operation)

/** Every operation of the contract by chapter, in the order in which a reader needs them. */
export const chapters = [
  { id: 'tasks', title: 'Tasks', operations: operations.filter(isUnder(TASK_PATHS)) },
  { id: 'assistant', title: 'Assistant', operations: operations.filter(isUnder(ASSISTANT_PATHS)) },
  { id: 'account', title: 'Account', operations: operations.filter(isUnder(ACCOUNT_PATHS)) },
  { id: 'service', title: 'Service', operations: operations.filter(isOther) },
]

/** The schemas that requests and responses refer to by name. */
export const namedSchemas = Object.entries(components.schemas).map(([name, schema]) => ({ name, schema }))
