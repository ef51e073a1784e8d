import * as z from 'zod'
import { createDocument, type ZodOpenApiResponsesObject } from 'zod-openapi'
import { NewAccount } from './account.ts'
import { Problem } from './problem.ts'
import {
  ChangesQuery,
  Completion,
  NewTask,
  Task,
  TaskChanges,
  TaskId,
  TaskPage,
  TaskPatch,
  TaskQuery,
  TaskReplacement,
} from './task.ts'

const json = <S extends z.ZodType>(schema: S) => ({ content: { 'application/json': { schema } } })
const body = <S extends z.ZodType>(schema: S) => ({ required: true, ...json(schema) })

const failures = {
  '400': 'The request cannot be used; `errors` names the fields.',
  '401': 'No token, or one that is not good here.',
  '404': 'The caller has no such task.',
  '409': 'The id is taken.',
  '412': 'The task has changed since the version in If-Match; `task` holds it as it is.',
  '413': 'The body is over 64 KiB.',
  '415': 'The body is not JSON.',
  '503': 'The database is away; try again after Retry-After seconds.',
} as const

/** The failures an operation can answer with, besides those that any can. */
const problems = (...statuses: (keyof typeof failures)[]): ZodOpenApiResponsesObject =>
  Object.fromEntries(
    statuses.map((status) => [
      status,
      { description: failures[status], content: { 'application/problem+json': { schema: Problem } } },
    ]),
  )

const etag = { ETag: { description: 'The version, for If-Match.', schema: { type: 'string' as const } } }
const oneTask = { '200': { description: 'The task as it is now.', headers: etag, ...json(Task) } }
const path = z.object({ id: TaskId })
const ifMatch = z.object({
  'if-match': z
    .string()
    .optional()
    .meta({ description: 'ETag of the version to change; 412 when it is another.' }),
})
const change = { path, header: ifMatch }
const writeProblems = problems('400', '401', '404', '412', '413', '415', '503')

const tasks = {
  '/api/tasks': {
    get: {
      operationId: 'listTasks',
      summary: 'Your tasks, newest first.',
      requestParams: { query: TaskQuery },
      responses: {
        '200': {
          description: 'A page; `Link: <…>; rel="next"` when there is another.',
          ...json(TaskPage),
        },
        ...problems('400', '401', '503'),
      },
    },
    post: {
      operationId: 'addTask',
      summary: 'Add a task.',
      description:
        'With `id` or `Idempotency-Key` a repeat is harmless: it answers 200 with the stored task.',
      requestParams: {
        header: z.object({
          'idempotency-key': z
            .string()
            .max(255)
            .optional()
            .meta({ description: 'The same key makes the same task.' }),
        }),
      },
      requestBody: body(NewTask),
      responses: {
        '201': { description: 'Added.', headers: etag, ...json(Task) },
        '200': { description: 'It was there already.', headers: etag, ...json(Task) },
        ...problems('400', '401', '409', '413', '415', '503'),
      },
    },
  },
  '/api/tasks/changes': {
    get: {
      operationId: 'listChanges',
      summary: 'What changed since a place, deleted tasks among it.',
      description: 'Begin without `since`; go on with `next_since`. What is seconds young may be repeated.',
      requestParams: { query: ChangesQuery },
      responses: {
        '200': { description: 'Changes, oldest first.', ...json(TaskChanges) },
        ...problems('400', '401', '503'),
      },
    },
  },
  '/api/tasks/{id}': {
    get: {
      operationId: 'readTask',
      summary: 'One task.',
      requestParams: { path },
      responses: { ...oneTask, ...problems('401', '404', '503') },
    },
    put: {
      operationId: 'replaceTask',
      summary: 'Change a task; the title is required, what is absent stays as it is.',
      requestParams: change,
      requestBody: body(TaskReplacement),
      responses: { ...oneTask, ...writeProblems },
    },
    patch: {
      operationId: 'changeTask',
      summary: 'Change some of a task.',
      requestParams: change,
      requestBody: body(TaskPatch),
      responses: { ...oneTask, ...writeProblems },
    },
    delete: {
      operationId: 'deleteTask',
      summary: 'Delete a task; it can be restored for 30 days.',
      requestParams: change,
      responses: {
        '204': { description: 'Deleted, now or before.' },
        ...problems('401', '404', '412', '503'),
      },
    },
  },
  '/api/tasks/{id}/complete': {
    patch: {
      operationId: 'completeTask',
      summary: 'Complete or reopen a task; without a body, turn it over.',
      requestParams: change,
      requestBody: { ...body(Completion), required: false },
      responses: { ...oneTask, ...writeProblems },
    },
  },
  '/api/tasks/{id}/restore': {
    post: {
      operationId: 'restoreTask',
      summary: 'Undo a delete: same place, same state.',
      requestParams: { path },
      responses: { ...oneTask, ...problems('401', '404', '503') },
    },
  },
}

const Status = z.object({ status: z.literal('ok') })
const session = [{ session: [] }]
const authFailure = {
  description: 'Refused, as `{code, message}`.',
  ...json(z.object({ code: z.string(), message: z.string() })),
}
const signedIn = z.object({
  token: z.string(),
  user: z.looseObject({ id: z.uuid(), name: z.string(), email: z.string() }),
})

const account = {
  '/api/auth/sign-up/email': {
    post: {
      operationId: 'signUp',
      summary: 'Register and log in; the session is a cookie.',
      security: [],
      requestBody: body(NewAccount),
      responses: {
        '200': { description: 'Welcome.', ...json(signedIn) },
        '400': authFailure,
        '422': authFailure,
      },
    },
  },
  '/api/auth/sign-in/email': {
    post: {
      operationId: 'signIn',
      summary: 'Log in; the session is a cookie.',
      security: [],
      requestBody: body(NewAccount.pick({ email: true, password: true })),
      responses: { '200': { description: 'Welcome back.', ...json(signedIn) }, '401': authFailure },
    },
  },
  '/api/auth/sign-out': {
    post: {
      operationId: 'signOut',
      summary: 'Log out. Tokens already given out run out within 15 minutes.',
      security: session,
      responses: { '200': { description: 'Good-bye.', ...json(z.object({ success: z.boolean() })) } },
    },
  },
  '/api/auth/get-session': {
    get: {
      operationId: 'getSession',
      summary: 'Who is logged in here; null when nobody is.',
      security: session,
      responses: { '200': { description: 'The session.', ...json(z.looseObject({}).nullable()) } },
    },
  },
  '/api/auth/token': {
    get: {
      operationId: 'getToken',
      summary: 'A Bearer token for the API, good for 15 minutes.',
      security: session,
      responses: {
        '200': {
          description: 'HS256, signed with the shared secret.',
          ...json(z.object({ token: z.string() })),
        },
        '401': authFailure,
      },
    },
  },
}

const operations = {
  '/api/health': {
    get: {
      operationId: 'health',
      summary: 'Whether the Worker runs; asks nothing of the database.',
      security: [],
      responses: { '200': { description: 'It does.', ...json(Status) } },
    },
  },
  '/api/ready': {
    get: {
      operationId: 'ready',
      summary: 'Whether the database answers.',
      security: [],
      responses: { '200': { description: 'It does.', ...json(Status) }, ...problems('503') },
    },
  },
  '/api/openapi.json': {
    get: {
      operationId: 'openapi',
      summary: 'This document.',
      security: [],
      responses: { '200': { description: 'OpenAPI 3.1.', ...json(z.looseObject({})) } },
    },
  },
}

/** The HTTP contract as an OpenAPI 3.1 document, made from the schemas that requests are checked against. */
export const describeApi = (origin: string) =>
  createDocument({
    openapi: '3.1.1',
    info: {
      title: 'Margin',
      version: '1.0.0',
      description:
        'A task list at the edge. Unknown fields are ignored; every failure is an RFC 9457 problem.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: origin }],
    security: [{ bearer: [] }],
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        session: { type: 'apiKey', in: 'cookie', name: 'better-auth.session_token' },
      },
    },
    paths: { ...tasks, ...account, ...operations },
  })
