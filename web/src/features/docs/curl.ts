import { resolve, type Operation, type Schema } from './contract.ts'

/** The first line; every line after it can be pasted as it is. */
export const START = 'MARGIN=http://localhost:8787'

/** An address that nobody has registered yet, kept for logging in. */
const SOMEBODY_NEW = 'EMAIL=ann-$RANDOM$RANDOM@example.com;'

/** Lines that a later line lives by: part of what they print, the group of a sed pattern, is kept in a variable. */
const KEPT: Record<string, Record<string, string>> = {
  getToken: { TOKEN: '"token":"\\([^"]*\\)"' },
  getSession: { USER_ID: '"userId":"\\([^"]*\\)"' },
  addTask: { ID: '"id":"\\([^"]*\\)"' },
  chat: {
    CONVERSATION: '"conversation_id":"\\([^"]*\\)"',
    CALL: '"id":"\\([^"]*\\)","name":"delete_task"',
  },
}

/** Variables in the place of a path's parameters. */
const PLACES: Record<string, string> = {
  '{id}': '$ID',
  '{user_id}': '$USER_ID',
  '{conversation_id}': '$CONVERSATION',
  '{tool_call_id}': '$CALL',
}

/** What a person might write, by the name of the field. */
const SAID: Record<string, unknown> = {
  title: 'Water the fig',
  completed: true,
  name: 'Ann',
  email: '$EMAIL',
  password: 'correct horse battery',
  message: 'Add call Ann, delete the fig, then show what is open',
}

/** The operation as a line for a shell, with what it needs and nothing more. */
export function curlOf(operation: Operation): string {
  const { id, method, path, caller, body } = operation
  const url = `"$MARGIN${path.replaceAll(/\{\w+\}/g, (place) => PLACES[place] ?? place)}"`
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
  const kept = Object.entries(KEPT[id] ?? {})
  if (kept.length === 0) return line
  const [[name, pattern] = ['', ''], ...more] = kept
  const part = (from: string, of: string) => `$(${from} | sed 's/.*${of}.*/\\1/')`
  if (more.length === 0) return `${name}=${part(line, pattern)}; echo $${name}`
  const taken = kept.map(([each, of]) => `${each}=${part('echo "$ANSWER"', of)}`)
  return [`ANSWER=$(${line})`, ...taken, 'echo "$ANSWER"'].join('; ')
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
