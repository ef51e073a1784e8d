import { BODY_MAX_BYTES, IMPORT_MAX } from '#contract/limits.ts'
import { ApiProblem } from '../../lib/problem.ts'

/** Bytes of tasks in one request: below the limit of a body, with room for the JSON around them. */
const PART_MAX_BYTES = BODY_MAX_BYTES - 4 * 1024

/**
 * Returns the tasks in the text of an export, not validated: the server does that.
 *
 * @throws ApiProblem with a detail to show to the user
 */
export function parseExport(text: string): unknown[] {
  const content = parseObject(text)
  if (content?.['format'] !== 'margin-tasks' || !Array.isArray(content['tasks']))
    throw unusable('This file is not an export of Margin. Choose a JSON file that “Export as JSON” made.')
  if (content['version'] !== 1) throw unusable('This file comes from a newer Margin than this one.')
  return content['tasks']
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : undefined
  } catch {
    return undefined
  }
}

const unusable = (detail: string) =>
  new ApiProblem({ code: 'invalid-input', status: 400, title: 'This file cannot be used', detail })

/** Splits tasks into parts that fit into a request, keeping their order. */
export function splitIntoParts(tasks: readonly unknown[]): unknown[][] {
  const parts: unknown[][] = []
  let part: unknown[] = []
  let bytes = 0
  for (const task of tasks) {
    const size = new Blob([JSON.stringify(task)]).size + 1
    if (part.length === IMPORT_MAX || (part.length > 0 && bytes + size > PART_MAX_BYTES)) {
      parts.push(part)
      part = []
      bytes = 0
    }
    part.push(task)
    bytes += size
  }
  if (part.length > 0) parts.push(part)
  return parts
}

/** Describes why the server rejected a part. Tasks are numbered as in the file, in which the part begins at `start`. */
export function describeRefusal(problem: ApiProblem, start: number): string {
  const [error] = problem.errors
  const index = /^tasks\.(\d+)/.exec(error?.field ?? '')?.[1]
  if (!error || index === undefined) return problem.detail
  return `Task ${(start + Number(index) + 1).toLocaleString('en')} of the file cannot be used. ${error.message}`
}
