import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { say, titlesOf, transcript } from '../../../tests/support/chat.ts'
import { signUp, type TestUser } from '../../../tests/support/people.ts'
import { expectProblem } from '../../../tests/support/problem.ts'
import { querySql } from '../../../tests/support/sql.ts'
import { startWorker } from '../../../tests/support/worker.ts'
import { Conversation, ConversationPage, type Message } from '../../contract/chat.ts'

const worker = await startWorker()

const page = async (user: TestUser, query = '') =>
  ConversationPage.parse(await (await user.call('GET', `/api/${user.id}/conversations${query}`)).json())

test('CHAT-20 conversations are listed in pages, the one with the latest turn first', async () => {
  const ann = await signUp(worker)
  expect(await page(ann)).toEqual({ conversations: [], next_cursor: null })
  const first = await say(ann, 'Add milk')
  const second = await say(ann, 'Add bread')
  expect((await page(ann)).conversations.map(({ title }) => title)).toEqual(['Add bread', 'Add milk'])
  await say(ann, { message: 'hello', conversation_id: first.conversation_id })
  expect((await page(ann)).conversations.map(({ id }) => id)).toEqual([
    first.conversation_id,
    second.conversation_id,
  ])
  await querySql(
    `insert into conversations (id, user_id, title, created_at, updated_at)
     select gen_random_uuid(), $1, 'Old ' || n, '2026-01-01', '2026-01-01' from generate_series(1, 60) n`,
    [ann.id],
  )
  const one = await page(ann)
  const two = await page(ann, `?cursor=${one.next_cursor}`)
  expect([one.conversations.length, two.conversations.length, two.next_cursor]).toEqual([50, 12, null])
  expect(new Set([...one.conversations, ...two.conversations].map(({ id }) => id)).size).toBe(62)
})

test('CHAT-21 a conversation is read in pages from its latest message backwards', async () => {
  const ann = await signUp(worker)
  const { conversation_id } = await say(ann, 'Add milk')
  await querySql(
    `insert into messages (id, user_id, conversation_id, role, content, status, created_at)
     select gen_random_uuid(), $1, $2, 'user', 'Message ' || n, 'done', now() from generate_series(1, 150) n`,
    [ann.id, conversation_id],
  )
  const latest = await transcript(ann, conversation_id)
  const older = await transcript(ann, conversation_id, `?before=${latest.before}`)
  const texts = (messages: Message[]) => messages.map(({ content }) => content)
  expect(texts(latest.messages)).toEqual(Array.from({ length: 100 }, (_, n) => `Message ${n + 51}`))
  expect(texts(older.messages).slice(0, 3)).toEqual(['Add milk', 'Added “milk”.', 'Message 1'])
  expect([older.messages.length, older.before]).toEqual([52, null])
  for (const query of ['?before=x', '?before=0', '?before=1.5'])
    await expectProblem(
      await ann.call('GET', `/api/${ann.id}/conversations/${conversation_id}${query}`),
      400,
      'invalid-input',
    )
})

test('CHAT-22 a conversation is renamed, with a title of 1 to 100 characters', async () => {
  const ann = await signUp(worker)
  const { conversation_id } = await say(ann, `Add ${'x'.repeat(150)}`)
  expect((await transcript(ann, conversation_id)).conversation.title).toBe(`Add ${'x'.repeat(95)}…`)
  const rename = (title: unknown) =>
    ann.call('PATCH', `/api/${ann.id}/conversations/${conversation_id}`, { title })
  const renamed = Conversation.parse(await (await rename(' Shopping ')).json())
  expect(renamed.title).toBe('Shopping')
  for (const title of ['', ' ', 'x'.repeat(101), 7, undefined])
    await expectProblem(await rename(title), 400, 'invalid-input')
  expect((await transcript(ann, conversation_id)).conversation).toEqual(renamed)
})

test('CHAT-22 a conversation is deleted with all its messages, and its tasks stay', async () => {
  const ann = await signUp(worker)
  const { conversation_id } = await say(ann, 'Add milk, then delete milk')
  const kept = await say(ann, 'hello')
  const path = `/api/${ann.id}/conversations/${conversation_id}`
  expect((await ann.call('DELETE', path)).status).toBe(204)
  await expectProblem(await ann.call('GET', path), 404, 'not-found')
  await expectProblem(await ann.call('DELETE', path), 404, 'not-found')
  expect((await page(ann)).conversations.map(({ id }) => id)).toEqual([kept.conversation_id])
  expect(await titlesOf(ann)).toEqual(['milk'])
  const left = await querySql(
    `select (select count(*) from messages where user_id = $1) as messages,
      (select count(*) from tool_calls where user_id = $1) as calls`,
    [ann.id],
  )
  expect(left).toEqual([{ messages: '2', calls: '0' }])
})

test('CHAT-22 an id that is no UUID is 404 without a request to the database', async () => {
  const ann = await signUp(worker)
  worker.tap.clear()
  for (const method of ['GET', 'DELETE'])
    await expectProblem(await ann.call(method, `/api/${ann.id}/conversations/x`), 404, 'not-found')
  expect(worker.tap.requests).toEqual([])
  await expectProblem(await ann.call('GET', `/api/${ann.id}/conversations/${randomUUID()}`), 404, 'not-found')
})

test('CHAT-22 an account is deleted with all its conversations, and its token is refused', async () => {
  const ann = await signUp(worker)
  await say(ann, 'Add milk, then delete milk')
  await querySql('delete from "user" where id = $1', [ann.id])
  expect(await querySql('select 1 from tool_calls where user_id = $1', [ann.id])).toEqual([])
  await expectProblem(await ann.call('GET', `/api/${ann.id}/conversations`), 401, 'unauthenticated')
  await expectProblem(
    await ann.call('POST', `/api/${ann.id}/chat`, { message: 'hello' }),
    401,
    'unauthenticated',
  )
})
