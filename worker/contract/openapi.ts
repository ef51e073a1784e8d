import * as z from 'zod'
import { createDocument } from 'zod-openapi'
import { Uuid } from './id.ts'
import { accountPaths } from './openapi-account.ts'
import { chat } from './openapi-chat.ts'
import { body, headers, json, problems } from './openapi-parts.ts'
import {
  ChangesQuery,
  Completion,
  NewTask,
  Task,
  TaskChanges,
  TaskPage,
  TaskPatch,
  TaskQuery,
  TaskReplacement,
  TaskState,
} from './task.ts'
import { ExportQuery, ImportResult, TaskExport, TaskImport } from './transfer.ts'

const oneTask = { '200': { description: 'The task as it is now.', headers: headers.etag, ...json(Task) } }
const path = z.object({ id: Uuid })
const ifMatch = z.object({
  'if-match': z
    .string()
    .optional()
    .meta({ description: 'ETag of the version to change; 412 when it is another.' }),
})
const createdHeaders = { ...headers.etag, ...headers.location }
const change = { path, header: ifMatch }
const writeProblems = problems('400', '401', '404', '412', '413', '415', '503')

const taskPaths = {
  '/api/tasks': {
    get: {
      operationId: 'listTasks',
      summary: 'Your tasks, newest first.',
      requestParams: { query: TaskQuery },
      responses: {
        '200': {
          description: 'A page.',
          headers: headers.link,
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
        '201': { description: 'Added.', headers: createdHeaders, ...json(Task) },
        '200': {
          description: 'It was there already, with `deleted_at` when it was deleted since.',
          headers: createdHeaders,
          ...json(z.union([TaskState, Task])),
        },
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
  '/api/tasks/export': {
    get: {
      operationId: 'exportTasks',
      summary: 'All your tasks as a file, completed and deleted ones among them, oldest first.',
      description: 'An export that cannot be finished breaks off: it never ends as if it were whole.',
      requestParams: { query: ExportQuery },
      responses: {
        '200': {
          description: 'A download. CSV is RFC 4180 in UTF-8 with a byte order mark.',
          headers: headers.download,
          content: {
            'application/json': { schema: TaskExport },
            'text/csv': { schema: z.string() },
          },
        },
        ...problems('400', '401', '503'),
      },
    },
  },
  '/api/tasks/import': {
    post: {
      operationId: 'importTasks',
      summary: 'Take in tasks of an export; twice is once.',
      description:
        'Ids are kept; one that is somebody else’s becomes another, always the same. What is newer here stays as it is. Send a large file in parts.',
      requestBody: body(TaskImport),
      responses: {
        '200': { description: 'What became of them.', ...json(ImportResult) },
        ...problems('400', '401', '409', '413', '415', '503'),
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
        ...problems('401', '404', '412', '413', '503'),
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
      responses: { ...oneTask, ...problems('401', '404', '413', '503') },
    },
  },
}

const Status = z.object({ status: z.literal('ok') })
const serverPaths = {
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

/** Every operation. Tests check each response of the Worker against it. */
export const paths = { ...taskPaths, ...chat, ...accountPaths, ...serverPaths }

/** Returns the HTTP contract as an OpenAPI 3.1 document, made from the schemas that requests are checked with. */
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
    paths,
  })
