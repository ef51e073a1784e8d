import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { chatPath, say, titlesOf, transcript } from '../../tests/support/chat.ts'
import { chatKitOf, input } from '../../tests/support/chatkit.ts'
import { signUp, type TestUser } from '../../tests/support/people.ts'
import { expectProblem } from '../../tests/support/problem.ts'
import { querySql } from '../../tests/support/sql.ts'
import { startWorker } from '../../tests/support/worker.ts'
import { app } from '../app.ts'

const worker = await startWorker()

/** Every route of the assistant, read from the app, so that a new one cannot be forgotten. */
const routes = [
  ...new Set(
    app.routes
      .filter(({ method, path }) => method !== 'ALL' && path.startsWith('/api/:user_id'))
      .map(({ method, path }) => `${method} ${path}`),
  ),
].map((route) => route.split(' ') as [string, string])

const bodies: Record<string, object> = {
  chat: { message: 'Add bread' },
  approvals: { approve: true },
  conversations: { title: 'Stolen' },
}

test('CHAT-12 these are all routes of the assistant', () => {
  expect(routes.map((route) => route.join(' '))).toEqual([
    'POST /api/:user_id/chat',
    'GET /api/:user_id/conversations',
    'GET /api/:user_id/conversations/:conversation_id',
    'PATCH /api/:user_id/conversations/:conversation_id',
    'DELETE /api/:user_id/conversations/:conversation_id',
    'POST /api/:user_id/approvals/:tool_call_id',
    'POST /api/:user_id/tool-calls/:tool_call_id/undo',
  ])
})

const addressOf = (path: string, ids: Record<string, string>) =>
  path.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(ids[name] ?? randomUUID()))

test.each(routes)(
  'CHAT-12 %s %s is for the user of the token alone, before anything else is checked',
  async (method, path) => {
    const [ann, bob] = await Promise.all([signUp(worker), signUp(worker, 'Bob')])
    const { conversation_id, tool_calls } = await say(ann, 'Add milk, then delete milk')
    const ids = { conversation_id, tool_call_id: tool_calls[1]?.id ?? '' }
    worker.tap.clear()
    const broken = method === 'GET' ? {} : { body: '{"broken' }
    for (const user_id of [
      ann.id,
      ann.id.toUpperCase(),
      randomUUID(),
      'x',
      '%00',
      `${bob.id} `,
      bob.id.toUpperCase(),
    ]) {
      const address = addressOf(path, { ...ids, user_id })
      const headers = { Authorization: `Bearer ${bob.token}` }
      await expectProblem(await worker.fetch(address, { method, headers, ...broken }), 403, 'forbidden')
      await expectProblem(
        await worker.fetch(`${address}?before=x&cursor=x`, { method, headers, ...broken }),
        403,
        'forbidden',
      )
      await expectProblem(await worker.fetch(address, { method, ...broken }), 401, 'unauthenticated')
      await expectProblem(
        await worker.fetch(address, { method, headers: { Authorization: 'Bearer x' }, ...broken }),
        401,
        'unauthenticated',
      )
    }
    expect(worker.tap.requests).toEqual([])
  },
)

test.each(routes)(
  "CHAT-23 %s %s answers another user's ids as if they did not exist",
  async (method, path) => {
    const [ann, bob] = await Promise.all([signUp(worker), signUp(worker, 'Bob')])
    const first = await say(ann, 'Add the secret of Ann, then delete it')
    const before = await transcript(ann, first.conversation_id)
    const ids = {
      conversation_id: first.conversation_id,
      tool_call_id: first.tool_calls[1]?.id ?? '',
      user_id: bob.id,
    }
    const [, kind = ''] = /:user_id\/(\w+)/.exec(path) ?? []
    const body =
      method === 'GET' || method === 'DELETE'
        ? undefined
        : {
            ...bodies[kind],
            ...(kind === 'chat' && { conversation_id: first.conversation_id, user_id: ann.id }),
          }
    const response = await bob.call(method, addressOf(path, ids), body)
    expect(await response.clone().text()).not.toContain('secret')
    const answers = path.endsWith('conversations') ? 200 : 404
    expect(response.status).toBe(answers)
    expect(await transcript(ann, first.conversation_id)).toEqual(before)
    expect(await titlesOf(ann)).toEqual(['the secret of Ann'])
    expect(await titlesOf(bob)).toEqual([])
  },
)

/** Every way to send a message to a conversation. */
const DOORS: [door: string, send: (user: TestUser, conversationId: string) => Promise<Response>][] = [
  ['JSON', (user, conversation_id) => user.call('POST', chatPath(user), { message: 'x', conversation_id })],
  [
    'an event stream',
    (user, conversation_id) =>
      user.call('POST', chatPath(user), { message: 'x', conversation_id }, { Accept: 'text/event-stream' }),
  ],
  [
    'ChatKit',
    (user, thread_id) =>
      chatKitOf(worker, user).send('threads.add_user_message', { thread_id, input: input('x') }),
  ],
]

test.each(DOORS)(
  "CHAT-23 by %s another user's conversation is 404 while a turn is running in it",
  async (_, send) => {
    const [ann, bob] = await Promise.all([signUp(worker), signUp(worker, 'Bob')])
    const { conversation_id, reply_id } = await say(ann, 'Add milk')
    await querySql(`update messages set status = 'running', started_at = now() where id = $1`, [reply_id])
    await expectProblem(await send(bob, conversation_id), 404, 'not-found')
    expect((await transcript(ann, conversation_id)).messages).toHaveLength(2)
  },
)
