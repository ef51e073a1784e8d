import { ProblemCode, PROBLEMS } from '#contract/problem.ts'

/** What each code means and what to do about it; a code without its row does not compile. */
const meanings: Record<ProblemCode, string> = {
  'invalid-input': 'The body or the query cannot be used. `errors` names each field and what it needs.',
  unauthenticated: 'No token, or one that is not good here. Get a new one from /api/auth/token.',
  forbidden: 'You are known, and this is not yours.',
  'not-found': 'Nothing is here, or it is somebody else’s: both look the same.',
  'method-not-allowed': 'The address is right, the method is not. `Allow` lists those that are.',
  conflict:
    'It does not go with what is there: an id is taken, the assistant is busy, a question was answered the other way, or the same tasks are being imported elsewhere. `detail` says which, and what to do.',
  'precondition-failed':
    'It has changed since the version in `If-Match`. `task` holds it as it is: merge, try again.',
  'too-large': 'The body is over 64 KiB.',
  'unsupported-media-type': 'Send JSON, and say so: `Content-Type: application/json`.',
  'too-many-requests': 'Wait as many seconds as `Retry-After` says.',
  internal: 'Not your fault. If it lasts, report the `request_id`.',
  'assistant-failed':
    'The assistant’s model did not give an answer that can be used. Send the same `message_id` to try again.',
  'database-away':
    'The database does not answer. Wait for `Retry-After` seconds, then repeat: creates with an id, and changes, are safe to.',
}

export const problems = ProblemCode.options.map((code) => ({
  code,
  status: PROBLEMS[code].status,
  meaning: meanings[code],
}))
