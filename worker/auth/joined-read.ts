import type { SQL } from 'drizzle-orm'

/**
 * Something that a page reads in the same statement as its visitor's session, to save a round trip: `sql` is a column
 * of that statement and may refer to the `session` table. The adapter sets `value` when it reads the session, which it
 * does not while the signed copy in the cookie is fresh
 * (specs/decisions/0024-a-page-joins-its-read-to-the-session.md).
 */
export interface JoinedRead {
  sql: SQL
  value?: unknown
}
