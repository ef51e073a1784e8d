import { sql } from 'drizzle-orm'
import { Hono } from 'hono'
import type { AppEnv } from './context.ts'

export const healthRoutes = new Hono<AppEnv>()
  .get('/health', (c) => c.json({ status: 'ok' as const }, 200))
  .get('/ready', async (c) => {
    await c.var.database.repeatable.execute(sql`select 1`)
    return c.json({ status: 'ok' as const }, 200)
  })
