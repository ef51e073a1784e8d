import { Hono, type Context } from 'hono'
import { streamSSE } from 'hono/streaming'
import { requireUser } from '../auth/require-user.ts'
import { answerApproval, readApprovalTime } from '../chat/conversations/approvals.ts'
import { beginTurn } from '../chat/conversations/begin-turn.ts'
import {
  assertConversation,
  deleteConversation,
  renameConversation,
} from '../chat/conversations/conversations.ts'
import { readUserMessage } from '../chat/conversations/messages.ts'
import {
  listConversationsAfter,
  readConversationAfter,
  type PageById,
} from '../chat/conversations/pages-by-id.ts'
import type { Turn } from '../chat/conversations/turns.ts'
import { streamTurn } from '../chat/run-turn.ts'
import { scopeOf, type UserEnv } from '../context.ts'
import { ChatKitCall } from '../contract/chatkit.ts'
import { MESSAGES_PAGE } from '../contract/limits.ts'
import { ProblemError } from '../problem.ts'
import { jsonBody, limitBody, validate } from '../validate.ts'
import { approvalItem, toThread, toThreadPage, toThreadWithItems, type ThreadEvent } from './shapes.ts'
import { TASKS_CHANGED, threadEvents, type TurnOrigin } from './thread-events.ts'

/** ChatKit's protocol for self-hosted backends: one URL, over the same conversations as the rest of the API. */
export const chatKitRoutes = new Hono<UserEnv>().post(
  '/',
  requireUser,
  limitBody,
  jsonBody,
  validate('json', ChatKitCall),
  async (c): Promise<Response> => {
    const { type, params } = c.req.valid('json')
    switch (type) {
      case 'threads.create':
        return respondWithTurn(c, 'created', () => beginTurn(scopeOf(c), { message: params.input }))
      case 'threads.add_user_message':
        return respondWithTurn(c, 'added', () =>
          beginTurn(scopeOf(c), { message: params.input, conversation_id: params.thread_id }),
        )
      case 'threads.retry_after_item':
        return respondWithTurn(c, 'regenerated', () => regenerate(c, params.thread_id, params.item_id))
      case 'threads.custom_action':
        return respondWithEvents(c, () => answerByButton(c, params))
      case 'threads.get_by_id': {
        // OpenAI's own server returns the oldest items here, and the UI loads further pages from there.
        const oldest: PageById = { limit: MESSAGES_PAGE, order: 'asc' }
        return c.json(await readThread(c, params.thread_id, oldest))
      }
      case 'threads.list':
        return c.json(toThreadPage(await listConversationsAfter(scopeOf(c), params)))
      case 'items.list':
        return c.json((await readThread(c, params.thread_id, params)).items)
      case 'threads.update':
        return c.json(toThread(await renameConversation(scopeOf(c), params.thread_id, params.title)))
      case 'threads.delete':
        await deleteConversation(scopeOf(c), params.thread_id)
        return c.json({})
      case 'items.feedback':
        // Feedback is accepted and not stored: nobody would read it.
        await assertConversation(scopeOf(c), params.thread_id)
        return c.json({})
    }
  },
)

type UserContext = Context<UserEnv>

const readThread = async (c: UserContext, id: string, page: PageById) =>
  toThreadWithItems(await readConversationAfter(scopeOf(c), id, page), page.order)

const respondWithTurn = (
  c: UserContext,
  origin: TurnOrigin,
  begin: () => Promise<Turn>,
): Promise<Response> => {
  const startedAt = Date.now()
  return respondWithEvents(c, async () => {
    const turn = await begin()
    return threadEvents(turn, streamTurn(c, turn, startedAt), origin)
  })
}

async function regenerate(c: UserContext, threadId: string, itemId: string): Promise<Turn> {
  const message = await readUserMessage(scopeOf(c), threadId, itemId)
  return beginTurn(
    scopeOf(c),
    { message, message_id: itemId, conversation_id: threadId },
    { regenerate: true },
  )
}

interface ApprovalAction {
  thread_id: string
  item_id: string
  action: { type: 'approve' | 'refuse' }
}

/** Answers an approval whose button the user has pressed. */
async function answerByButton(
  c: UserContext,
  { thread_id, item_id, action }: ApprovalAction,
): Promise<ThreadEvent[]> {
  const created_at = await readApprovalTime(scopeOf(c), thread_id, item_id)
  const call = await answerApproval(scopeOf(c), item_id, action.type === 'approve')
  return [
    { type: 'stream_options', stream_options: { allow_cancel: false } },
    { type: 'thread.item.replaced', item: approvalItem({ thread_id, created_at }, call) },
    ...(call.status === 'done' ? [TASKS_CHANGED] : []),
  ]
}

/** Problems whose detail the user should read: ChatKit shows the text of an error event, but not of a status. */
const SHOWN_PROBLEMS = ['conflict', 'too-many-requests']

async function respondWithEvents(
  c: UserContext,
  begin: () => Promise<AsyncIterable<ThreadEvent> | ThreadEvent[]>,
): Promise<Response> {
  const events = await begin().catch((error: unknown): ThreadEvent[] => {
    if (!(error instanceof ProblemError && SHOWN_PROBLEMS.includes(error.code))) throw error
    return [{ type: 'error', code: 'custom', message: error.detail, allow_retry: false }]
  })
  return streamSSE(c, async (stream) => {
    for await (const event of events) await stream.writeSSE({ data: JSON.stringify(event) })
  })
}
