import { resolveSchema, type Operation, type Schema } from './contract.ts'

/** The first line. Every line after it can be pasted unchanged. */
export const SET_ORIGIN = 'MARGIN=http://localhost:8787'

/** Sets an address that is not registered yet, for signing up and logging in. */
const SET_EMAIL = 'EMAIL=ann-$RANDOM$RANDOM@example.com;'

/** Variables that later lines need: the group of a sed pattern in the response to an operation. */
const CAPTURES: Record<string, Record<string, string>> = {
  getToken: { TOKEN: '"token":"\\([^"]*\\)"' },
  getSession: { USER_ID: '"userId":"\\([^"]*\\)"' },
  addTask: { ID: '"id":"\\([^"]*\\)"' },
  chat: {
    CONVERSATION: '"conversation_id":"\\([^"]*\\)"',
    CALL: '"id":"\\([^"]*\\)","name":"delete_task"',
  },
}

/** Variables that replace the parameters of a path. */
const PATH_VARIABLES: Record<string, string> = {
  '{id}': '$ID',
  '{user_id}': '$USER_ID',
  '{conversation_id}': '$CONVERSATION',
  '{tool_call_id}': '$CALL',
}

/** Example values by the name of a field. */
const EXAMPLES: Record<string, unknown> = {
  title: 'Water the fig',
  completed: true,
  name: 'Ann',
  email: '$EMAIL',
  password: 'correct horse battery',
  message: 'Add call Ann, delete the fig, then show what is open',
}

/** Returns the shell line that calls an operation, with only what it requires. */
export function toCurl(operation: Operation): string {
  const { id, method, path, access, body } = operation
  const url = `"$MARGIN${path.replaceAll(/\{\w+\}/g, (parameter) => PATH_VARIABLES[parameter] ?? parameter)}"`
  const isSessionWrite = access === 'session' && method !== 'GET'
  const options = [
    ...(method === 'GET' || (method === 'POST' && body) ? [] : [`-X ${method}`]),
    ...(access === 'token' ? ['-H "Authorization: Bearer $TOKEN"'] : []),
    ...(id === 'signUp' || id === 'signIn' ? ['-c jar'] : []),
    ...(access === 'session' ? ['-b jar'] : []),
    // Better Auth accepts a write by cookie only from its own origin.
    ...(isSessionWrite ? ['-H "Origin: $MARGIN"'] : []),
    ...(isSessionWrite && !body ? ["-H 'Content-Type: application/json' -d '{}'"] : []),
    ...(body
      ? [`-H 'Content-Type: ${body.type}'`, `-d ${shellQuote(JSON.stringify(exampleOf(body.schema)))}`]
      : []),
  ]
  const line = [...(id === 'signUp' ? [SET_EMAIL] : []), 'curl -s', url, ...options].join(' ')
  return capture(line, Object.entries(CAPTURES[id] ?? {}))
}

/** Extends a line so that it sets variables from the response and still prints it, or the only variable. */
function capture(line: string, variables: [name: string, pattern: string][]): string {
  const [[name, pattern] = ['', ''], ...others] = variables
  if (!name) return line
  const extract = (source: string, group: string) => `$(${source} | sed 's/.*${group}.*/\\1/')`
  if (others.length === 0) return `${name}=${extract(line, pattern)}; echo $${name}`
  const assignments = variables.map(([each, group]) => `${each}=${extract('echo "$ANSWER"', group)}`)
  return [`ANSWER=$(${line})`, ...assignments, 'echo "$ANSWER"'].join('; ')
}

/** Quotes JSON for a shell: in double quotes if it contains variables, as only these are expanded there. */
const shellQuote = (json: string): string =>
  json.includes('$') ? `"${json.replaceAll('"', '\\"')}"` : `'${json}'`

/** Returns the smallest valid example of a schema: its required fields, or else its first. */
function exampleOf(schema: Schema, name = ''): unknown {
  const { examples, properties, required, type: types } = resolveSchema(schema)
  if (examples) return examples[0]
  if (properties) {
    const fields = Object.entries(properties)
    const requiredFields = fields.filter(([field]) => required?.includes(field))
    return Object.fromEntries(
      (requiredFields.length > 0 ? requiredFields : fields.slice(0, 1)).map(([field, of]) => [
        field,
        exampleOf(of, field),
      ]),
    )
  }
  if (name in EXAMPLES) return EXAMPLES[name]
  const type = [types].flat()[0]
  return type === 'boolean' ? true : type === 'array' ? [] : type === 'integer' ? 1 : name
}
