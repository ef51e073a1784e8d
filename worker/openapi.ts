import { Hono } from 'hono'
import type { AppEnv } from './context.ts'

/** The contract as OpenAPI 3.1; loaded on demand, so that no other request waits for it. */
export const openapiRoutes = new Hono<AppEnv>().get('/', async (c) => {
  const { describeApi } = await import('./contract/openapi.ts')
  return c.json(describeApi(c.var.settings.BETTER_AUTH_URL), 200)
})
