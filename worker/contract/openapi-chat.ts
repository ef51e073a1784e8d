import * as z from 'zod'
import {
  ApprovalAnswer,
  ChatAnswer,
  ChatMessage,
  Conversation,
  ConversationPage,
  ConversationsQuery,
  ConversationTitle,
  ToolCall,
  Transcript,
  TranscriptQuery,
} from './chat.ts'
import { ChatKitEnvelope } from './chatkit.ts'
import { body, json, problems } from './openapi-parts.ts'

const user_id = z.uuid().meta({ description: 'Yours: another one is refused before anything is looked at.' })
const userPath = z.object({ user_id })
const toolCall = userPath.extend({ tool_call_id: z.uuid() })
const conversation = userPath.extend({ conversation_id: z.uuid() })

/** The paths of the assistant and its conversations. */
export const chat = {
  '/api/{user_id}/chat': {
    post: {
      operationId: 'chat',
      summary: 'Say something to the assistant, which does it with its tools.',
      description:
        'With `Accept: text/event-stream` it is told as it goes, in the events start, text, tool_call, tool_result, approval, and at the end done or error. A turn is taken to its end though you leave.',
      requestParams: { path: userPath },
      requestBody: body(ChatMessage),
      responses: {
        '200': {
          description: 'What it said and did.',
          content: {
            'application/json': { schema: ChatAnswer },
            'text/event-stream': { schema: z.string() },
          },
        },
        ...problems('400', '401', '403', '404', '409', '413', '415', '429', '502', '503'),
      },
    },
  },
  '/api/{user_id}/conversations': {
    get: {
      operationId: 'listConversations',
      summary: 'Your conversations, the one used last first.',
      requestParams: { path: userPath, query: ConversationsQuery },
      responses: {
        '200': { description: 'A page.', ...json(ConversationPage) },
        ...problems('400', '401', '403', '503'),
      },
    },
  },
  '/api/{user_id}/conversations/{conversation_id}': {
    get: {
      operationId: 'readConversation',
      summary: 'What was said and done in a conversation.',
      requestParams: { path: conversation, query: TranscriptQuery },
      responses: {
        '200': { description: 'The latest messages, or those before a place.', ...json(Transcript) },
        ...problems('400', '401', '403', '404', '503'),
      },
    },
    patch: {
      operationId: 'renameConversation',
      summary: 'Give a conversation another title.',
      requestParams: { path: conversation },
      requestBody: body(ConversationTitle),
      responses: {
        '200': { description: 'Renamed.', ...json(Conversation) },
        ...problems('400', '401', '403', '404', '413', '415', '503'),
      },
    },
    delete: {
      operationId: 'deleteConversation',
      summary: 'Delete a conversation for good; tasks stay as they are.',
      requestParams: { path: conversation },
      responses: { '204': { description: 'Deleted.' }, ...problems('401', '403', '404', '413', '503') },
    },
  },
  '/api/{user_id}/approvals/{tool_call_id}': {
    post: {
      operationId: 'answerApproval',
      summary: 'Approve or refuse what the assistant waits for.',
      description: 'The id is that of a tool call with the status waiting. A repeat is harmless.',
      requestParams: { path: toolCall },
      requestBody: body(ApprovalAnswer),
      responses: {
        '200': { description: 'The tool call as it is now.', ...json(ToolCall) },
        ...problems('400', '401', '403', '404', '409', '413', '415', '503'),
      },
    },
  },
  '/api/{user_id}/tool-calls/{tool_call_id}/undo': {
    post: {
      operationId: 'undoToolCall',
      summary: 'Take back what the assistant did.',
      description:
        'While the task is as this call has left it: of several on one task, undo the latest first. A repeat is harmless.',
      requestParams: { path: toolCall },
      responses: {
        '200': { description: 'The tool call as it is now.', ...json(ToolCall) },
        ...problems('401', '403', '404', '409', '413', '503'),
      },
    },
  },
  '/api/chatkit': {
    post: {
      operationId: 'chatKit',
      summary: 'The assistant for OpenAI’s ChatKit, over the same conversations.',
      description:
        'Threads are conversations and items are messages. What streams answers as text/event-stream, the rest as JSON; attachments, dictation, forms and tools of the client are left out.',
      requestBody: body(ChatKitEnvelope),
      responses: {
        '200': {
          description: 'As ChatKit’s protocol has it.',
          content: {
            'application/json': { schema: z.looseObject({}) },
            'text/event-stream': { schema: z.string() },
          },
        },
        ...problems('400', '401', '404', '413', '415', '503'),
      },
    },
  },
}
