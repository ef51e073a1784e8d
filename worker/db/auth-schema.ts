import { relations } from 'drizzle-orm'
import { boolean, index, pgTable, text } from 'drizzle-orm/pg-core'
import { dateTime, generatedId, ownerId } from './columns.ts'

/** Better Auth's tables: keys are its field names, SQL names those of its generator, ids are UUIDs. */

export const user = pgTable('user', {
  id: generatedId(),
  name: text().notNull(),
  email: text().notNull().unique(),
  emailVerified: boolean().notNull().default(false),
  image: text(),
  createdAt: dateTime().notNull().defaultNow(),
  updatedAt: dateTime().notNull().defaultNow(),
})

export const session = pgTable(
  'session',
  {
    id: generatedId(),
    expiresAt: dateTime().notNull(),
    token: text().notNull().unique(),
    createdAt: dateTime().notNull().defaultNow(),
    updatedAt: dateTime().notNull().defaultNow(),
    ipAddress: text(),
    userAgent: text(),
    userId: ownerId(() => user.id),
  },
  (t) => [index('session_user_id').on(t.userId)],
)

export const account = pgTable(
  'account',
  {
    id: generatedId(),
    accountId: text().notNull(),
    providerId: text().notNull(),
    userId: ownerId(() => user.id),
    accessToken: text(),
    refreshToken: text(),
    idToken: text(),
    accessTokenExpiresAt: dateTime(),
    refreshTokenExpiresAt: dateTime(),
    scope: text(),
    password: text(),
    createdAt: dateTime().notNull().defaultNow(),
    updatedAt: dateTime().notNull().defaultNow(),
  },
  (t) => [index('account_user_id').on(t.userId)],
)

export const verification = pgTable(
  'verification',
  {
    id: generatedId(),
    identifier: text().notNull(),
    value: text().notNull(),
    expiresAt: dateTime().notNull(),
    createdAt: dateTime().notNull().defaultNow(),
    updatedAt: dateTime().notNull().defaultNow(),
  },
  (t) => [index('verification_identifier').on(t.identifier)],
)

// With these relations Better Auth reads a session with its user, and a user with its accounts, in one statement.
export const userRelations = relations(user, ({ many }) => ({
  sessions: many(session),
  accounts: many(account),
}))
export const sessionRelations = relations(session, ({ one }) => ({
  user: one(user, { fields: [session.userId], references: [user.id] }),
}))
export const accountRelations = relations(account, ({ one }) => ({
  user: one(user, { fields: [account.userId], references: [user.id] }),
}))
