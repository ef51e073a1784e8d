import { BODY_MAX_BYTES, IMPORT_MAX } from '#contract/limits.ts'
import { ApiProblem } from '../../lib/problem.ts'

/** Bytes of a request's tasks: under the limit of a body, with room for what is around them. */
const PART_MAX_BYTES = BODY_MAX_BYTES - 4 * 1024

/**
 * The tasks in the text of an export; whether they are any is for the server to say.
 * @throws ApiProblem in words for the person who chose the file
 */
export function parseExport(text: string): unknown[] {
  const content = parse(text)
  if (content?.['format'] !== 'margin-tasks' || !Array.isArray(content['tasks']))
    throw unusable('This file is not an export of Margin. Choose a JSON file that “Export as JSON” made.')
  if (content['version'] !== 1) throw unusable('This file comes from a newer Margin than this one.')
  return content['tasks']
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : undefined
  } catch {
    return undefined
  }
}

const unusable = (detail: string) =>
  new ApiProblem({ code: 'invalid-input', status: 400, title: 'This file cannot be used', detail })

/** Tasks in parts that a request can carry, in their order. */
export function splitIntoParts(tasks: readonly unknown[]): unknown[][] {
  const parts: unknown[][] = []
  let part: unknown[] = []
  let bytes = 0
  for (const task of tasks) {
    const weight = new Blob([JSON.stringify(task)]).size + 1
    if (part.length === IMPORT_MAX || (part.length > 0 && bytes + weight > PART_MAX_BYTES)) {
      parts.push(part)
      part = []
      bytes = 0
    }
    part.push(task)
    bytes += weight
  }
  if (part.length > 0) parts.push(part)
  return parts
}

/** A refusal of a part in words for the whole file: its tasks are counted from `start`. */
export function describeRefusal(problem: ApiProblem, start: number): string {
  const [error] = problem.errors
  const index = /^tasks\.(\d+)/.exec(error?.field ?? '')?.[1]
  if (!error || index === undefined) return problem.detail
  return `Task ${(start + Number(index) + 1).toLocaleString('en')} of the file cannot be used. ${error.message}`
}
