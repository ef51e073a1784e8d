import * as z from 'zod'
import { NewAccount } from './account.ts'
import { body, json, problems } from './openapi-parts.ts'
import { SessionList } from './session.ts'

const sessionSecurity = [{ session: [] }]
const authError = json(z.object({ code: z.string().optional(), message: z.string() }))
/** Better Auth's errors have their own shape. */
const authErrorDescriptions = {
  '400': { description: 'What was sent cannot be used; as `{code, message}`.', ...authError },
  '401': { description: 'Nobody is logged in, or not with this; as `{code, message}`.', ...authError },
  '403': {
    description: 'The page that sent it is of no allowed origin; as `{code, message}`.',
    ...authError,
  },
  '415': { description: 'The body is not JSON; as `{code, message}`.', ...authError },
  '422': { description: 'The address is taken; as `{code, message}`.', ...authError },
}
/** The errors of an endpoint with a body, and `statuses` besides. */
const authErrors = (...statuses: ('401' | '422')[]) => ({
  '400': authErrorDescriptions['400'],
  ...Object.fromEntries(statuses.map((status) => [status, authErrorDescriptions[status]])),
  '403': authErrorDescriptions['403'],
  '415': authErrorDescriptions['415'],
  ...problems('413', '503'),
})
const signedIn = z.object({
  token: z.string(),
  user: z.looseObject({ id: z.uuid(), name: z.string(), email: z.string() }),
})

/** Accounts, sessions and access tokens. */
export const accountPaths = {
  '/api/auth/sign-up/email': {
    post: {
      operationId: 'signUp',
      summary: 'Register and log in; the session is a cookie.',
      security: [],
      requestBody: body(NewAccount),
      responses: {
        '200': { description: 'Welcome.', ...json(signedIn) },
        ...authErrors('422'),
      },
    },
  },
  '/api/auth/sign-in/email': {
    post: {
      operationId: 'signIn',
      summary: 'Log in; the session is a cookie.',
      security: [],
      requestBody: body(NewAccount.pick({ email: true, password: true })),
      responses: {
        '200': {
          description: 'Welcome back.',
          ...json(signedIn.extend({ redirect: z.boolean(), url: z.string().optional() })),
        },
        ...authErrors('401'),
      },
    },
  },
  '/api/auth/sign-out': {
    post: {
      operationId: 'signOut',
      summary: 'Log out. Tokens already issued expire within 15 minutes.',
      security: sessionSecurity,
      responses: {
        '200': { description: 'Good-bye.', ...json(z.object({ success: z.boolean() })) },
        ...authErrors(),
      },
    },
  },
  '/api/auth/get-session': {
    get: {
      operationId: 'getSession',
      summary: 'Who is logged in here; null when nobody is.',
      security: sessionSecurity,
      responses: {
        '200': { description: 'The session.', ...json(z.looseObject({}).nullable()) },
        '400': authErrorDescriptions['400'],
        ...problems('503'),
      },
    },
  },
  '/api/auth/token': {
    get: {
      operationId: 'getToken',
      summary: 'A Bearer token for the API, good for 15 minutes.',
      security: sessionSecurity,
      responses: {
        '200': {
          description: 'HS256, signed with the shared secret.',
          ...json(z.object({ token: z.string() })),
        },
        '400': authErrorDescriptions['400'],
        '401': authErrorDescriptions['401'],
        ...problems('503'),
      },
    },
  },
  '/api/auth/update-user': {
    post: {
      operationId: 'changeName',
      summary: 'Change your name.',
      security: sessionSecurity,
      requestBody: body(NewAccount.pick({ name: true })),
      responses: {
        '200': { description: 'Changed.', ...json(z.object({ status: z.boolean() })) },
        ...authErrors('401'),
      },
    },
  },
  '/api/auth/change-password': {
    post: {
      operationId: 'changePassword',
      summary: 'Change your password, and if wanted end all other sessions in the same step.',
      security: sessionSecurity,
      requestBody: body(
        z.object({
          currentPassword: z.string().meta({ examples: ['correct horse battery'] }),
          newPassword: NewAccount.shape.password.meta({ examples: ['correct horse battery'] }),
          revokeOtherSessions: z.boolean().default(false),
        }),
      ),
      responses: {
        '200': { description: 'Changed.', ...json(z.looseObject({ user: z.looseObject({}) })) },
        ...authErrors('401'),
      },
    },
  },
  '/api/auth/delete-user': {
    post: {
      operationId: 'deleteAccount',
      summary: 'Delete your account and everything in it, at once and for good.',
      security: sessionSecurity,
      requestBody: body(NewAccount.pick({ password: true })),
      responses: {
        '200': { description: 'Gone.', ...json(z.looseObject({ success: z.boolean() })) },
        ...authErrors('401'),
      },
    },
  },
  '/api/account/sessions': {
    get: {
      operationId: 'listSessions',
      summary: 'Where you are logged in, this session first.',
      responses: {
        '200': { description: 'Sessions that have not expired.', ...json(SessionList) },
        ...problems('401', '403', '503'),
      },
    },
    delete: {
      operationId: 'endSessions',
      summary: 'Log out everywhere, here too. Tokens already issued expire within 15 minutes.',
      responses: { '204': { description: 'Ended.' }, ...problems('401', '403', '413', '503') },
    },
  },
  '/api/account/sessions/{id}': {
    delete: {
      operationId: 'endSession',
      summary: 'Log out one session; a repeat is harmless.',
      requestParams: { path: z.object({ id: z.uuid() }) },
      responses: {
        '204': { description: 'Ended, now or before.' },
        ...problems('401', '403', '404', '413', '503'),
      },
    },
  },
}
