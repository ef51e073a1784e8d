import { Hono, type Context, type Next } from 'hono'
import { streamSSE } from 'hono/streaming'
import { requireUser } from '../auth/require-user.ts'
import { scopeOf, type UserEnv } from '../context.ts'
import {
  ApprovalAnswer,
  ChatMessage,
  ConversationTitle,
  ConversationsQuery,
  TranscriptQuery,
  type TurnError,
} from '../contract/chat.ts'
import { Uuid } from '../contract/id.ts'
import { databaseUnavailable, ProblemError } from '../problem.ts'
import { jsonBody, limitBody, validate } from '../validate.ts'
import { answerApproval, approvalNotFound } from './conversations/approvals.ts'
import {
  listConversations,
  readConversation,
  deleteConversation,
  renameConversation,
} from './conversations/conversations.ts'
import { conversationNotFound } from './conversations/messages.ts'
import { notUndoable, undoToolCall } from './conversations/undo.ts'
import { lastEventData, runTurn } from './run-turn.ts'

/** The routes of the assistant. The user in the path must be the one in the token; that is checked before anything else. */
export const chatRoutes = new Hono<UserEnv>()
  .use('/:user_id/chat', requireUser, requireOwnPath, limitBody)
  .use('/:user_id/conversations/*', requireUser, requireOwnPath, limitBody)
  .use('/:user_id/approvals/*', requireUser, requireOwnPath, limitBody)
  .use('/:user_id/tool-calls/*', requireUser, requireOwnPath, limitBody)
  .post('/:user_id/chat', jsonBody, validate('json', ChatMessage), async (c) => {
    const events = await runTurn(c, c.req.valid('json'))
    if (!/\btext\/event-stream\b/i.test(c.req.header('Accept') ?? '')) {
      const result = await lastEventData(events)
      if ('code' in result) throw toProblemError(result)
      return c.json(result, 200)
    }
    return streamSSE(c, async (stream) => {
      for await (const { event, data } of events) await stream.writeSSE({ event, data: JSON.stringify(data) })
    })
  })
  .get('/:user_id/conversations', validate('query', ConversationsQuery), async (c) =>
    c.json(await listConversations(scopeOf(c), c.req.valid('query').cursor), 200),
  )
  .get('/:user_id/conversations/:conversation_id', validate('query', TranscriptQuery), async (c) =>
    c.json(await readConversation(scopeOf(c), conversationId(c), c.req.valid('query').before), 200),
  )
  .patch(
    '/:user_id/conversations/:conversation_id',
    jsonBody,
    validate('json', ConversationTitle),
    async (c) =>
      c.json(await renameConversation(scopeOf(c), conversationId(c), c.req.valid('json').title), 200),
  )
  .delete('/:user_id/conversations/:conversation_id', async (c) => {
    await deleteConversation(scopeOf(c), conversationId(c))
    return c.body(null, 204)
  })
  .post('/:user_id/approvals/:tool_call_id', jsonBody, validate('json', ApprovalAnswer), async (c) => {
    const id = Uuid.safeParse(c.req.param('tool_call_id'))
    if (!id.success) throw approvalNotFound()
    return c.json(await answerApproval(scopeOf(c), id.data, c.req.valid('json').approve), 200)
  })
  .post('/:user_id/tool-calls/:tool_call_id/undo', async (c) => {
    const id = Uuid.safeParse(c.req.param('tool_call_id'))
    if (!id.success) throw notUndoable()
    return c.json(await undoToolCall(scopeOf(c), id.data), 200)
  })

async function requireOwnPath(c: Context<UserEnv>, next: Next) {
  if (c.req.param('user_id') !== c.var.userId)
    throw new ProblemError('forbidden', 'This token is not for the person in the address.')
  await next()
}

function conversationId(c: Context<UserEnv>): string {
  const id = Uuid.safeParse(c.req.param('conversation_id'))
  if (!id.success) throw conversationNotFound()
  return id.data
}

const toProblemError = ({ code, message }: TurnError) =>
  code === 'database-away' ? databaseUnavailable() : new ProblemError('assistant-failed', message)
