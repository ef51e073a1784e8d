import * as z from 'zod'

/** A UUID of any version in the text form of RFC 9562, in lower case; `label` starts the sentence of a rejection. */
export const uuidOf = (label: string) =>
  z
    .guid(`${label} is a UUID, like 0199a1b2-3c4d-7e8f-9012-3456789abcde.`)
    .toLowerCase()
    .meta({ format: 'uuid' })

export const Uuid = uuidOf('An id')
