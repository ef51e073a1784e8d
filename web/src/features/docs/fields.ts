import type { Schema } from './contract.ts'
import { resolveSchema } from './contract.ts'

/** Describes a type in words: "text, up to 200", "Task[]", "true or false". */
export function describeType(schema: Schema): string {
  const { name, ...found } = resolveSchema(schema)
  if (name !== undefined) return name
  if (found.anyOf) return found.anyOf.map(describeType).join(' or ')
  if (found.const !== undefined) return JSON.stringify(found.const)
  if (found.enum) return found.enum.map((value) => JSON.stringify(value)).join(', ')
  const types = [found.type ?? 'anything'].flat()
  return types.map((type) => describePrimitive(type, found)).join(' or ')
}

function describePrimitive(type: string, schema: Schema): string {
  if (type === 'array') return schema.items ? `${describeType(schema.items)}[]` : 'list'
  if (type === 'boolean') return 'true or false'
  if (type === 'string')
    return `${FORMATS[schema.format ?? ''] ?? 'text'}${describeLimits(schema.minLength, schema.maxLength)}`
  if (type === 'integer' || type === 'number')
    return `number${describeLimits(schema.minimum, schema.maximum)}`
  return type
}

const FORMATS: Record<string, string> = {
  uuid: 'UUID',
  email: 'e-mail address',
  'date-time': 'time (ISO 8601, UTC)',
}

function describeLimits(from: number | undefined, to: number | undefined): string {
  // The largest safe integer is no limit that a caller can meet.
  if (to === undefined || to >= Number.MAX_SAFE_INTEGER) return ''
  return from
    ? `, ${from.toLocaleString('en')} to ${to.toLocaleString('en')}`
    : `, up to ${to.toLocaleString('en')}`
}

/** Returns the fields of an object's schema, in their order. */
export function fieldsOf(schema: Schema) {
  const { properties = {}, required = [] } = resolveSchema(schema)
  return Object.entries(properties).map(([name, field]) => ({
    name,
    type: describeType(field),
    required: required.includes(name),
    description: [
      field.description,
      field.default !== undefined && `${JSON.stringify(field.default)} by default.`,
    ]
      .filter(Boolean)
      .join(' '),
  }))
}
