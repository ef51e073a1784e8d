import { DatabaseUnavailable } from './response.ts'

/** The error and what it wraps, outermost first: drizzle and the driver each add a layer. */
function* layers(error: unknown): Generator<Error> {
  for (let layer = error, depth = 0; layer instanceof Error && depth < 5; depth++) {
    yield layer
    layer = layer.cause ?? ('sourceError' in layer ? layer.sourceError : undefined)
  }
}

/** In what way the database is away, when that is behind this error; safe to log. */
export const unavailableReason = (error: unknown): string | undefined =>
  [...layers(error)].find((layer) => layer instanceof DatabaseUnavailable)?.message

/** SQLSTATE of a refusal by Postgres, five characters, wherever it stands in the chain of causes. */
export function sqlState(error: unknown): string | undefined {
  for (const layer of layers(error))
    if ('code' in layer && typeof layer.code === 'string' && /^[0-9A-Z]{5}$/.test(layer.code))
      return layer.code
  return undefined
}

/** SQLSTATEs that callers act on. */
export const UNIQUE_VIOLATION = '23505'
export const FOREIGN_KEY_VIOLATION = '23503'
