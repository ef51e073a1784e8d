import {
  MaxTurnsExceededError,
  ModelBehaviorError,
  ModelRefusalError,
  ModelTimeoutError,
} from '@openai/agents-core'
import { APIConnectionTimeoutError, APIError } from 'openai'
import type { TurnError } from '../../contract/chat.ts'

/** Why a turn failed, in words for the person; nothing of what the model's server said goes in. */
const FAILURES = {
  'too-slow': 'The assistant took too long to answer. Try again.',
  'too-many-steps': 'The assistant went round in circles and was stopped.',
  'model-busy': 'The assistant is busy right now. Try again in a moment.',
  'model-refused': 'The assistant is not configured correctly here. Tell whoever runs this server.',
  'model-away': 'The assistant cannot be reached. Try again in a moment.',
  'model-nonsense': 'The assistant answered with something that cannot be used. Try again.',
} as const

type Code = keyof typeof FAILURES

export const failed = (code: Code): TurnError => ({ code, message: FAILURES[code] })

/** What was thrown by the agent, or by the client of a model's server: by its class and status alone. */
export const failureOf = (error: unknown, { timedOut }: { timedOut: boolean }): TurnError =>
  failed(timedOut ? 'too-slow' : codeOf(error))

function codeOf(error: unknown): Code {
  if (error instanceof MaxTurnsExceededError) return 'too-many-steps'
  if (error instanceof ModelTimeoutError || error instanceof APIConnectionTimeoutError) return 'too-slow'
  if (error instanceof ModelBehaviorError || error instanceof ModelRefusalError) return 'model-nonsense'
  if (!(error instanceof APIError)) return error instanceof SyntaxError ? 'model-nonsense' : 'model-away'
  const status = error.status as number | undefined
  if (status === 429) return 'model-busy'
  return status !== undefined && status >= 400 && status < 500 ? 'model-refused' : 'model-away'
}
