import { Hono } from 'hono'
import { contextStorage } from 'hono/context-storage'
import { requestId } from 'hono/request-id'
import { accountRoutes } from './account/routes.ts'
import { authRoutes } from './auth/routes.ts'
import { chatRoutes } from './chat/routes.ts'
import { chatKitRoutes } from './chatkit/routes.ts'
import type { AppEnv } from './context.ts'
import { healthRoutes } from './health.ts'
import { allowOrigins, apiHeaders, measure, notFound, securityHeaders, services } from './middleware.ts'
import { openapiRoutes } from './openapi.ts'
import { mcpRoutes } from './mcp/routes.ts'
import { oauthRoutes, wellKnownRoutes } from './oauth/routes.ts'
import { pageRoutes } from './pages/routes.ts'
import { onError } from './problem.ts'
import { taskRoutes } from './tasks/routes.ts'
import { limitBody } from './validate.ts'

/** Paths that answer programs, not browsers' navigations. */
const API = ['/api/*', '/mcp']
/** Paths that read a body before the user is known; the others limit it after `requireUser`. */
const OPEN = ['/api/auth/*', '/mcp', '/connect']

const app = new Hono<AppEnv>()
  .use(requestId(), contextStorage(), measure, securityHeaders)
  .on('ALL', API, apiHeaders)
  .use(services)
  .on('ALL', API, allowOrigins)
  .on('ALL', OPEN, limitBody)

const api = app
  .basePath('/api')
  .route('/auth', authRoutes)
  .route('/auth/oauth2', oauthRoutes)
  .route('/account', accountRoutes)
  .route('/tasks', taskRoutes)
  .route('/openapi.json', openapiRoutes)
  .route('/', healthRoutes)
  .route('/chatkit', chatKitRoutes)
  // Last: its routes and their middleware begin with /:user_id, which also matches every path above.
  .route('/', chatRoutes)

app.route('/mcp', mcpRoutes)
app.route('/', wellKnownRoutes)
app.route('/', pageRoutes)
app.notFound(notFound(app))
app.onError(onError)

export { app }
export type Api = typeof api
