import type { Context } from 'hono'
import { setCookie } from 'hono/cookie'
import type { AppEnv } from '../context.ts'

export type PageUser = NonNullable<Awaited<ReturnType<AppEnv['Variables']['auth']['api']['getSession']>>>

/**
 * Returns the user and session of the visitor. While the signed copy in the cookie is fresh this costs no SQL, else one
 * statement, which renews the copy; `live` always reads the database, for actions that a session ended elsewhere must
 * not take. Returns `unknown` while the database is unavailable: the page then opens with what the device has stored.
 */
export async function loadPageUser(
  c: Context<AppEnv>,
  { live = false } = {},
): Promise<PageUser | 'stranger' | 'unknown'> {
  try {
    const options = {
      headers: c.req.raw.headers,
      query: { disableCookieCache: live },
      returnHeaders: true,
    } as const
    const { headers, response } = await c.var.auth.api.getSession(options)
    for (const cookie of headers.getSetCookie()) c.header('Set-Cookie', cookie, { append: true })
    return response ?? 'stranger'
  } catch (error) {
    if (c.var.databaseUse.unavailable) return 'unknown'
    throw error
  }
}

/** Deletes the cookies of a session whose account no longer exists. */
export async function clearSessionCookies(c: Context<AppEnv>): Promise<void> {
  const { authCookies } = await c.var.auth.$context
  for (const { name, attributes } of Object.values(authCookies))
    setCookie(c, name, '', { path: attributes.path ?? '/', secure: attributes.secure === true, maxAge: 0 })
}

/** Redirects to the login page, which leads back to this page. */
export function redirectToLogin(c: Context<AppEnv>): Response {
  const { pathname, search } = new URL(c.req.url)
  return c.redirect(`/login?next=${encodeURIComponent(pathname + search)}`, 302)
}
