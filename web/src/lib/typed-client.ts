import type { ClientRequestOptions, hc } from 'hono/client'
import type { Api } from '../../../worker/app.ts'

interface Call {
  param?: Record<string, string>
  query?: Record<string, string | undefined>
  json?: unknown
}

type Fetch = (input: string, init: RequestInit) => Promise<Response>

/**
 * Hono's client, by its own types, with what this site asks of it: parameters, queries and JSON. The library's weighs
 * 1.7 kB more on every page, for cookies, forms and web sockets.
 * @returns `client.api.tasks[':id'].$patch({ param, json }, options)` and the like
 */
export function createClient(fetch: Fetch): ReturnType<typeof hc<Api>> {
  const at = (path: readonly string[]): object =>
    new Proxy(() => {}, {
      get: (_, name: string) => at([...path, name]),
      apply: (_, __, [input, options]: [Call?, ClientRequestOptions?]) => send(path, input, options),
    })

  function send(
    path: readonly string[],
    { param, query, json }: Call = {},
    options: ClientRequestOptions = {},
  ) {
    const steps = path
      .slice(0, -1)
      .map((step) => (step.startsWith(':') ? encodeURIComponent(param?.[step.slice(1)] ?? '') : step))
    const asked = Object.entries(query ?? {}).filter(
      (pair): pair is [string, string] => pair[1] !== undefined,
    )
    const search = asked.length > 0 ? `?${new URLSearchParams(asked)}` : ''
    return fetch(`/${steps.join('/')}${search}`, {
      ...options.init,
      method: path.at(-1)?.slice(1).toUpperCase() ?? '',
      headers: {
        ...(json !== undefined && { 'Content-Type': 'application/json' }),
        ...(options.headers as Record<string, string> | undefined),
      },
      ...(json !== undefined && { body: JSON.stringify(json) }),
    })
  }

  return at([]) as ReturnType<typeof hc<Api>>
}
