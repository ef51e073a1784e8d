import {
  MaxTurnsExceededError,
  ModelBehaviorError,
  ModelRefusalError,
  ModelTimeoutError,
} from '@openai/agents-core'
import { APIConnectionTimeoutError, APIError } from 'openai'
import type { TurnError } from '../../contract/chat.ts'

/** Messages for the user by error code. None of them quotes the model's server. */
const MESSAGES = {
  'too-slow': 'The assistant took too long to answer. Try again.',
  'too-many-steps': 'The assistant went round in circles and was stopped.',
  'model-busy': 'The assistant is busy right now. Try again in a moment.',
  'model-refused': 'The assistant is not configured correctly here. Tell whoever runs this server.',
  'model-away': 'The assistant cannot be reached. Try again in a moment.',
  'model-nonsense': 'The assistant answered with something that cannot be used. Try again.',
} as const

type TurnErrorCode = keyof typeof MESSAGES

export const turnError = (code: TurnErrorCode): TurnError => ({ code, message: MESSAGES[code] })

/** Maps an error of the agents library or of the OpenAI client to a turn error, by its class and status alone. */
export const toTurnError = (error: unknown, { timedOut }: { timedOut: boolean }): TurnError =>
  turnError(timedOut ? 'too-slow' : codeOf(error))

function codeOf(error: unknown): TurnErrorCode {
  if (error instanceof MaxTurnsExceededError) return 'too-many-steps'
  if (error instanceof ModelTimeoutError || error instanceof APIConnectionTimeoutError) return 'too-slow'
  if (error instanceof ModelBehaviorError || error instanceof ModelRefusalError) return 'model-nonsense'
  if (!(error instanceof APIError)) return error instanceof SyntaxError ? 'model-nonsense' : 'model-away'
  const status = error.status as number | undefined
  if (status === 429) return 'model-busy'
  return status !== undefined && status >= 400 && status < 500 ? 'model-refused' : 'model-away'
}
