import type { ModelProvider } from '@openai/agents-core'
import { OpenAIProvider } from '@openai/agents-openai'
import OpenAI from 'openai'
import type { Settings } from '../../settings.ts'
import { CommandModel } from '../command-model/command-model.ts'

/** Milliseconds for one answer of a model; a turn may need several. */
export const MODEL_TIMEOUT_MS = 15_000

/** Seconds that a busy server is waited for; told to wait longer, the turn fails at once. */
const RETRY_AFTER_MAX_SECONDS = 2

/** A model and whoever provides it. */
export interface NamedModel {
  provider: ModelProvider
  model: string
}

/**
 * The model that the settings name: the embedded one when they name neither a key nor a server. OpenAI itself is spoken
 * to by Responses, for its newer models refuse part of chat completions; every other server knows the latter.
 */
export function modelOf(settings: Settings): NamedModel {
  const { OPENAI_API_KEY, OPENAI_BASE_URL, OPENAI_MODEL = 'gpt-5-mini', OPENAI_API } = settings
  if (!OPENAI_API_KEY && !OPENAI_BASE_URL)
    return { provider: { getModel: () => new CommandModel() }, model: 'commands' }
  const client = new OpenAI({
    // Servers without keys want one all the same.
    apiKey: OPENAI_API_KEY ?? 'none',
    baseURL: OPENAI_BASE_URL ?? 'https://api.openai.com/v1',
    organization: null,
    project: null,
    timeout: MODEL_TIMEOUT_MS,
    maxRetries: 1,
    fetch: async (url, init) => withoutLongWaits(await fetch(url, init)),
  })
  const api = OPENAI_API ?? (OPENAI_BASE_URL ? 'chat' : 'responses')
  return {
    provider: new OpenAIProvider({ openAIClient: client, useResponses: api === 'responses' }),
    model: OPENAI_MODEL,
  }
}

/** Tells the client not to wait where it would obey for up to a minute: nobody looks at a page for that long. */
function withoutLongWaits(response: Response): Response {
  const wait = response.headers.get('Retry-After')
  if (wait === null || Number(wait) <= RETRY_AFTER_MAX_SECONDS) return response
  const headers = new Headers(response.headers)
  headers.set('x-should-retry', 'false')
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers })
}
