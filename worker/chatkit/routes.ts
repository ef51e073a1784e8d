import { Hono, type Context } from 'hono'
import { streamSSE } from 'hono/streaming'
import { requireUser } from '../auth/require-user.ts'
import { answerApproval } from '../chat/conversations/approvals.ts'
import { beginTurn } from '../chat/conversations/begin-turn.ts'
import { removeConversation, renameConversation } from '../chat/conversations/conversations.ts'
import { tellTurn } from '../chat/run-turn.ts'
import type { Turn } from '../chat/conversations/turns.ts'
import type { UserEnv } from '../context.ts'
import { ChatKitCall } from '../contract/chatkit.ts'
import { MESSAGES_PAGE } from '../contract/limits.ts'
import { ProblemError } from '../problem.ts'
import { jsonBody, limitBody, validate } from '../validate.ts'
import { questionItem, threadOf, type ThreadEvent } from './shapes.ts'
import { TASKS_CHANGED, threadEvents, type Began } from './thread-events.ts'
import { listThreads, readAsked, readSaid, readThread, requireThread } from '../chat/conversations/threads.ts'

/** ChatKit's protocol for backends of one's own: one address, over the same conversations as the rest. */
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
        return turnOf(c, 'created', () => beginTurn(c.var, { message: params.input }))
      case 'threads.add_user_message':
        return turnOf(c, 'added', () =>
          beginTurn(c.var, { message: params.input, conversation_id: params.thread_id }),
        )
      case 'threads.retry_after_item':
        return turnOf(c, 'again', () => answerAnew(c, params.thread_id, params.item_id))
      case 'threads.custom_action':
        return tell(c, () => answerQuestion(c, params))
      case 'threads.get_by_id': {
        // OpenAI's own server gives the oldest first here, and the UI asks on from there.
        const oldest = { limit: MESSAGES_PAGE, order: 'asc', after: undefined } as const
        return c.json(await readThread(c.var, params.thread_id, oldest))
      }
      case 'threads.list':
        return c.json(await listThreads(c.var, params))
      case 'items.list':
        return c.json((await readThread(c.var, params.thread_id, params)).items)
      case 'threads.update':
        return c.json(threadOf(await renameConversation(c.var, params.thread_id, params.title)))
      case 'threads.delete':
        await removeConversation(c.var, params.thread_id)
        return c.json({})
      case 'items.feedback':
        // Nobody would read it: it is taken and not kept.
        await requireThread(c.var, params.thread_id)
        return c.json({})
    }
  },
)

type UserContext = Context<UserEnv>

const turnOf = (c: UserContext, began: Began, begin: () => Promise<Turn>): Promise<Response> => {
  const since = Date.now()
  return tell(c, async () => {
    const turn = await begin()
    return threadEvents(turn, tellTurn(c, turn, since), began)
  })
}

async function answerAnew(c: UserContext, threadId: string, itemId: string): Promise<Turn> {
  const message = await readSaid(c.var, threadId, itemId)
  return beginTurn(c.var, { message, message_id: itemId, conversation_id: threadId }, { again: true })
}

interface Question {
  thread_id: string
  item_id: string
  action: { type: 'approve' | 'refuse' }
}

/** The person's answer to a question, by one of its buttons. */
async function answerQuestion(
  c: UserContext,
  { thread_id, item_id, action }: Question,
): Promise<ThreadEvent[]> {
  const created_at = await readAsked(c.var, thread_id, item_id)
  const call = await answerApproval(c.var, item_id, action.type === 'approve')
  return [
    { type: 'stream_options', stream_options: { allow_cancel: false } },
    { type: 'thread.item.replaced', item: questionItem({ thread_id, created_at }, call) },
    ...(call.status === 'done' ? [TASKS_CHANGED] : []),
  ]
}

/** Refusals whose words are for the person: ChatKit shows those of its stream, and none of a status. */
const FOR_THE_PERSON = ['conflict', 'too-many-requests']

async function tell(
  c: UserContext,
  begin: () => Promise<AsyncIterable<ThreadEvent> | ThreadEvent[]>,
): Promise<Response> {
  const events = await begin().catch((error: unknown): ThreadEvent[] => {
    if (!(error instanceof ProblemError && FOR_THE_PERSON.includes(error.code))) throw error
    return [{ type: 'error', code: 'custom', message: error.detail, allow_retry: false }]
  })
  return streamSSE(c, async (stream) => {
    for await (const event of events) await stream.writeSSE({ data: JSON.stringify(event) })
  })
}
