import { classify, type Answer } from './classify.ts'
import { DatabaseUnavailable } from './error.ts'

/**
 * Sends one request and reads the response to its end, as a connection can be reset in the middle of it. Returns what
 * the driver can turn into rows or into the error of a statement.
 * @throws DatabaseUnavailable
 * @throws DatabaseRequestError
 */
export async function readResponse(url: string, init: RequestInit): Promise<Response> {
  const { status, text } = await fetchText(url, init)
  const answer = parse(text)
  const failure = classify(status, answer)
  if (failure) throw failure
  // The driver asks no more than this of a Response, and the text is parsed already.
  return { status, ok: status === 200, json: () => Promise.resolve(answer) } as Response
}

async function fetchText(url: string, init: RequestInit): Promise<{ status: number; text: string }> {
  try {
    const response = await fetch(url, init)
    return { status: response.status, text: await response.text() }
  } catch (error) {
    const reason = error instanceof Error ? error.name : 'unknown'
    throw new DatabaseUnavailable(`Neon could not be reached (${reason})`, {
      mayHaveRun: true,
      transient: true,
    })
  }
}

function parse(text: string): Answer | undefined {
  try {
    const answer: unknown = JSON.parse(text)
    return typeof answer === 'object' && answer !== null ? answer : undefined
  } catch {
    return undefined
  }
}
