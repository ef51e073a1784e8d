import type { Context } from 'hono'
import { setCookie } from 'hono/cookie'
import type { AppEnv } from '../context.ts'

export type PageUser = NonNullable<Awaited<ReturnType<AppEnv['Variables']['auth']['api']['getSession']>>>

/**
 * Who is looking: no SQL while the signed copy in the cookie is fresh, else one statement, which renews it; with
 * `live` always that statement, for what a session that has ended elsewhere must not do.
 * `unknown` while the database is away: a page then opens with what the device has.
 */
export async function loadPageUser(
  c: Context<AppEnv>,
  { live = false } = {},
): Promise<PageUser | 'stranger' | 'unknown'> {
  try {
    const asked = {
      headers: c.req.raw.headers,
      query: { disableCookieCache: live },
      returnHeaders: true,
    } as const
    const { headers, response } = await c.var.auth.api.getSession(asked)
    for (const cookie of headers.getSetCookie()) c.header('Set-Cookie', cookie, { append: true })
    return response ?? 'stranger'
  } catch (error) {
    if (c.var.databaseUse.unavailable) return 'unknown'
    throw error
  }
}

/** Makes the browser forget a session that is nobody's any more. */
export async function clearSessionCookies(c: Context<AppEnv>): Promise<void> {
  const { authCookies } = await c.var.auth.$context
  for (const { name, attributes } of Object.values(authCookies))
    setCookie(c, name, '', { path: attributes.path ?? '/', secure: attributes.secure === true, maxAge: 0 })
}

/** Sends somebody to log in and come back to this page. */
export function redirectToLogin(c: Context<AppEnv>): Response {
  const { pathname, search } = new URL(c.req.url)
  return c.redirect(`/login?next=${encodeURIComponent(pathname + search)}`, 302)
}
