import { Hono } from 'hono'
import type { AppEnv } from './context.ts'

/** Serves the contract as OpenAPI 3.1; its code is loaded on demand, so that no other call pays for it. */
export const openapiRoutes = new Hono<AppEnv>().get('/', async (c) => {
  const { describeApi } = await import('./contract/openapi.ts')
  return c.json(describeApi(c.var.settings.BETTER_AUTH_URL), 200)
})
