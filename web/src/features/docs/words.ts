import type { Schema } from './contract.ts'
import { resolve } from './contract.ts'

/** A type as a person says it: "text, up to 200", "Task[]", "true or false". */
export function typeOf(schema: Schema): string {
  const { name, ...found } = resolve(schema)
  if (name !== undefined) return name
  if (found.anyOf) return found.anyOf.map(typeOf).join(' or ')
  if (found.const !== undefined) return JSON.stringify(found.const)
  if (found.enum) return found.enum.map((value) => JSON.stringify(value)).join(', ')
  const types = [found.type ?? 'anything'].flat()
  return types.map((type) => plain(type, found)).join(' or ')
}

function plain(type: string, schema: Schema): string {
  if (type === 'array') return schema.items ? `${typeOf(schema.items)}[]` : 'list'
  if (type === 'boolean') return 'true or false'
  if (type === 'string')
    return `${FORMATS[schema.format ?? ''] ?? 'text'}${limits(schema.minLength, schema.maxLength)}`
  if (type === 'integer' || type === 'number') return `number${limits(schema.minimum, schema.maximum)}`
  return type
}

const FORMATS: Record<string, string> = {
  uuid: 'UUID',
  email: 'e-mail address',
  'date-time': 'time (ISO 8601, UTC)',
}

function limits(from: number | undefined, to: number | undefined): string {
  // A bound that only says how far numbers reach says nothing.
  if (to === undefined || to >= Number.MAX_SAFE_INTEGER) return ''
  return from
    ? `, ${from.toLocaleString('en')} to ${to.toLocaleString('en')}`
    : `, up to ${to.toLocaleString('en')}`
}

/** The fields of an object's schema, in its order. */
export function fieldsOf(schema: Schema) {
  const { properties = {}, required = [] } = resolve(schema)
  return Object.entries(properties).map(([name, field]) => ({
    name,
    type: typeOf(field),
    required: required.includes(name),
    description: [
      field.description,
      field.default !== undefined && `${JSON.stringify(field.default)} by default.`,
    ]
      .filter(Boolean)
      .join(' '),
  }))
}
