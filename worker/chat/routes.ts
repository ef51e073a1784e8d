import { Hono, type Context, type Next } from 'hono'
import { streamSSE } from 'hono/streaming'
import { requireUser } from '../auth/require-user.ts'
import type { UserEnv } from '../context.ts'
import {
  Answer,
  ChatMessage,
  ConversationTitle,
  ConversationsQuery,
  TranscriptQuery,
} from '../contract/chat.ts'
import { Uuid } from '../contract/id.ts'
import { databaseUnavailable, ProblemError } from '../problem.ts'
import { jsonBody, limitBody, validate } from '../validate.ts'
import { answerApproval, noSuchQuestion } from './conversations/approvals.ts'
import {
  listConversations,
  readConversation,
  removeConversation,
  renameConversation,
} from './conversations/conversations.ts'
import { noSuchConversation } from './conversations/messages.ts'
import { endOf, takeTurn } from './run-turn.ts'
import { noSuchWrite, undoCall } from './conversations/undo.ts'

/** The assistant; the person in the path must be the one in the token, before anything else is looked at. */
export const chatRoutes = new Hono<UserEnv>()
  .use('/:user_id/chat', requireUser, onlyOwn, limitBody)
  .use('/:user_id/conversations/*', requireUser, onlyOwn, limitBody)
  .use('/:user_id/approvals/*', requireUser, onlyOwn, limitBody)
  .use('/:user_id/tool-calls/*', requireUser, onlyOwn, limitBody)
  .post('/:user_id/chat', jsonBody, validate('json', ChatMessage), async (c) => {
    const events = await takeTurn(c, c.req.valid('json'))
    if (!/\btext\/event-stream\b/i.test(c.req.header('Accept') ?? '')) {
      const end = await endOf(events)
      if ('code' in end) throw failureOf(end)
      return c.json(end, 200)
    }
    return streamSSE(c, async (stream) => {
      for await (const { event, data } of events) await stream.writeSSE({ event, data: JSON.stringify(data) })
    })
  })
  .get('/:user_id/conversations', validate('query', ConversationsQuery), async (c) =>
    c.json(await listConversations(c.var, c.req.valid('query').cursor), 200),
  )
  .get('/:user_id/conversations/:conversation_id', validate('query', TranscriptQuery), async (c) =>
    c.json(await readConversation(c.var, conversationId(c), c.req.valid('query').before), 200),
  )
  .patch(
    '/:user_id/conversations/:conversation_id',
    jsonBody,
    validate('json', ConversationTitle),
    async (c) => c.json(await renameConversation(c.var, conversationId(c), c.req.valid('json').title), 200),
  )
  .delete('/:user_id/conversations/:conversation_id', async (c) => {
    await removeConversation(c.var, conversationId(c))
    return c.body(null, 204)
  })
  .post('/:user_id/approvals/:tool_call_id', jsonBody, validate('json', Answer), async (c) => {
    const id = Uuid.safeParse(c.req.param('tool_call_id'))
    if (!id.success) throw noSuchQuestion()
    return c.json(await answerApproval(c.var, id.data, c.req.valid('json').approve), 200)
  })
  .post('/:user_id/tool-calls/:tool_call_id/undo', async (c) => {
    const id = Uuid.safeParse(c.req.param('tool_call_id'))
    if (!id.success) throw noSuchWrite()
    return c.json(await undoCall(c.var, id.data), 200)
  })

async function onlyOwn(c: Context<UserEnv>, next: Next) {
  if (c.req.param('user_id') !== c.var.userId)
    throw new ProblemError('forbidden', 'This token is not for the person in the address.')
  await next()
}

function conversationId(c: Context<UserEnv>): string {
  const id = Uuid.safeParse(c.req.param('conversation_id'))
  if (!id.success) throw noSuchConversation()
  return id.data
}

const failureOf = ({ code, message }: { code: string; message: string }) =>
  code === 'database-away' ? databaseUnavailable() : new ProblemError('assistant-failed', message)
