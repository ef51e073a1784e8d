import { isDeepStrictEqual } from 'node:util'
import type * as z from 'zod'
import { paths } from '../../worker/contract/openapi.ts'

interface Described {
  headers?: Record<string, { required: boolean }>
  content?: Record<string, { schema: z.ZodType }>
}
type Operations = Record<string, { responses: Record<string, Described> }>

/** Paths with fewer parameters come first: /api/tasks/changes is no /api/tasks/{id}. */
const describedPaths = Object.entries(paths as Record<string, Operations>)
  .map(([path, operations]) => ({
    pattern: new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`),
    parameters: path.split('{').length - 1,
    operations,
  }))
  .toSorted((one, other) => one.parameters - other.parameters)

/** Headers that clients act on: openapi.json must describe them for each response that has them. */
const DESCRIBED_HEADERS = [
  'ETag',
  'Link',
  'Location',
  'Retry-After',
  'WWW-Authenticate',
  'Content-Disposition',
]

/**
 * Asserts that openapi.json describes a response: its status, the type and every field of its body, its headers.
 * @throws Error that says what is not described
 */
export function assertDescribed(request: { method: string; path: string }, response: Response, text: string) {
  const { pathname } = new URL(request.path, 'http://localhost')
  const described = describedPaths.find(({ pattern }) => pattern.test(pathname))
  const operation = described?.operations[request.method.toLowerCase()]
  // Any operation may fail with 500. A request that is no operation has nothing to be compared with.
  if (!operation || response.status === 500) return
  const fault = faultOf(operation.responses[response.status], response, text)
  if (fault)
    throw new Error(
      `${request.method} ${request.path} answered ${response.status}: openapi.json has ${fault}`,
    )
}

function faultOf(described: Described | undefined, response: Response, text: string): string | undefined {
  if (!described) return `no such answer: ${text}`
  const { headers = {}, content = {} } = described
  for (const name of DESCRIBED_HEADERS)
    if (response.headers.has(name) ? !headers[name] : headers[name]?.required)
      return `the header ${name} otherwise`
  const type = response.headers.get('Content-Type')?.split(';')[0] ?? ''
  const schema = content[type]?.schema
  if (!schema)
    return text === '' && Object.keys(content).length === 0 ? undefined : `no body of ${type}: ${text}`
  if (!type.endsWith('json')) return undefined
  const body: unknown = JSON.parse(text)
  const parsed = schema.safeParse(body)
  if (!parsed.success) return `another body than ${text}: ${parsed.error.message}`
  return isDeepStrictEqual(parsed.data, body) ? undefined : `fewer fields than ${text}`
}
