import { customType } from 'drizzle-orm/pg-core'

/** A moment in milliseconds, read as the API sends it: ISO 8601 with Z. So a row needs no mapping. */
export const isoTime = customType<{ data: string; driverData: string }>({
  dataType: () => 'timestamp (3) with time zone',
  fromDriver: (text) => new Date(text).toISOString(),
})
