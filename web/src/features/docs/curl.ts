import { resolve, type Operation, type Schema } from './contract.ts'

/** The first line; every line after it can be pasted as it is. */
export const START = 'MARGIN=http://localhost:8787'

/** An address that nobody has registered yet, kept for logging in. */
const SOMEBODY_NEW = 'EMAIL=ann-$RANDOM$RANDOM@example.com;'

/** Lines that a later line lives by: what they print is kept in a variable. */
const KEPT: Record<string, { name: string; field: string }> = {
  getToken: { name: 'TOKEN', field: 'token' },
  addTask: { name: 'ID', field: 'id' },
}

/** What a person might write, by the name of the field. */
const SAID: Record<string, unknown> = {
  title: 'Water the fig',
  completed: true,
  name: 'Ann',
  email: '$EMAIL',
  password: 'correct horse battery',
}

/** The operation as a line for a shell, with what it needs and nothing more. */
export function curlOf(operation: Operation): string {
  const { id, method, path, caller, body } = operation
  const url = `"$MARGIN${path.replace('{id}', '$ID')}"`
  const parts = [
    ...(method === 'GET' ? [] : method === 'POST' && body ? [] : [`-X ${method}`]),
    ...(caller === 'token' ? ['-H "Authorization: Bearer $TOKEN"'] : []),
    ...(id === 'signUp' || id === 'signIn' ? ['-c jar'] : []),
    ...(caller === 'session' ? ['-b jar'] : []),
    // Better Auth takes a write by cookie from its own pages alone.
    ...(caller === 'session' && method !== 'GET' ? ['-H "Origin: $MARGIN"'] : []),
    ...(caller === 'session' && method !== 'GET' && !body
      ? ["-H 'Content-Type: application/json' -d '{}'"]
      : []),
    ...(body
      ? [`-H 'Content-Type: ${body.type}'`, `-d ${quoted(JSON.stringify(exampleOf(body.schema)))}`]
      : []),
  ]
  const line = [...(id === 'signUp' ? [SOMEBODY_NEW] : []), 'curl -s', url, ...parts].join(' ')
  const kept = KEPT[id]
  if (!kept) return line
  return `${kept.name}=$(${line} | sed 's/.*"${kept.field}":"\\([^"]*\\)".*/\\1/'); echo $${kept.name}`
}

/** Variables are filled in between double quotes alone. */
const quoted = (json: string): string =>
  json.includes('$') ? `"${json.replaceAll('"', '\\"')}"` : `'${json}'`

/** The smallest thing that this schema takes: what is required, or else the first field. */
function exampleOf(schema: Schema, name = ''): unknown {
  const found = resolve(schema)
  if (found.examples) return found.examples[0]
  if (found.properties) {
    const fields = Object.entries(found.properties)
    const needed = fields.filter(([field]) => found.required?.includes(field))
    return Object.fromEntries(
      (needed.length > 0 ? needed : fields.slice(0, 1)).map(([field, of]) => [field, exampleOf(of, field)]),
    )
  }
  if (name in SAID) return SAID[name]
  const type = [found.type].flat()[0]
  return type === 'boolean' ? true : type === 'array' ? [] : type === 'integer' ? 1 : name
}
