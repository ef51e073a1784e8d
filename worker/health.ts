import { Hono } from 'hono'
import type { AppEnv } from './context.ts'
import { ping } from './db/client.ts'

export const healthRoutes = new Hono<AppEnv>()
  .get('/health', (c) => c.json({ status: 'ok' as const }, 200))
  .get('/ready', async (c) => {
    await ping(c.var.database)
    return c.json({ status: 'ok' as const }, 200)
  })
