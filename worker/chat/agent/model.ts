import type { ModelProvider } from '@openai/agents-core'
import { OpenAIProvider } from '@openai/agents-openai'
import OpenAI from 'openai'
import type { Settings } from '../../settings.ts'
import { CommandModel } from '../command-model/command-model.ts'
import { MODEL_RETRY_AFTER_MAX_SECONDS, MODEL_TIMEOUT_MS } from '../timing.ts'

/** A model's name and the provider that knows it by that name. */
export interface NamedModel {
  provider: ModelProvider
  model: string
}

/**
 * Returns the model that the settings select: the embedded one without a key and a base URL. OpenAI itself is called by
 * the Responses API, because its newer models reject parts of chat completions; other servers are called by chat
 * completions, which all of them implement.
 */
export function modelOf(settings: Settings): NamedModel {
  const { OPENAI_API_KEY, OPENAI_BASE_URL, OPENAI_MODEL = 'gpt-5-mini', OPENAI_API } = settings
  if (!OPENAI_API_KEY && !OPENAI_BASE_URL)
    return { provider: { getModel: () => new CommandModel() }, model: 'commands' }
  const client = new OpenAI({
    // The client insists on a key, also for servers that need none.
    apiKey: OPENAI_API_KEY ?? 'none',
    baseURL: OPENAI_BASE_URL ?? 'https://api.openai.com/v1',
    organization: null,
    project: null,
    timeout: MODEL_TIMEOUT_MS,
    maxRetries: 1,
    fetch: async (url, init) => limitRetryAfter(await fetch(url, init)),
  })
  const api = OPENAI_API ?? (OPENAI_BASE_URL ? 'chat' : 'responses')
  return {
    provider: new OpenAIProvider({ openAIClient: client, useResponses: api === 'responses' }),
    model: OPENAI_MODEL,
  }
}

/** Forbids a retry (`x-should-retry`) where the client would wait for a long `Retry-After`, up to a minute. */
function limitRetryAfter(response: Response): Response {
  const retryAfter = response.headers.get('Retry-After')
  if (retryAfter === null || Number(retryAfter) <= MODEL_RETRY_AFTER_MAX_SECONDS) return response
  const headers = new Headers(response.headers)
  headers.set('x-should-retry', 'false')
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers })
}
