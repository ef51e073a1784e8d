import { customType, timestamp, uuid, type AnyPgColumn } from 'drizzle-orm/pg-core'
import { isoTimeOf } from './time.ts'

/** A primary key that the database makes when an insert gives none. */
export const generatedId = () => uuid().primaryKey().defaultRandom()

/** The user a row belongs to; the row is deleted with them. `id` is `() => user.id`. */
export const ownerId = (id: () => AnyPgColumn) => uuid().notNull().references(id, { onDelete: 'cascade' })

/** A timestamptz in milliseconds, read and written as ISO 8601 in UTC, as the API sends it. */
export const isoTime = customType<{ data: string; driverData: string }>({
  dataType: () => 'timestamp (3) with time zone',
  fromDriver: isoTimeOf,
})

/** A timestamptz in milliseconds, read and written as a Date, as Better Auth needs it. */
export const dateTime = () => timestamp({ withTimezone: true, precision: 3 })
