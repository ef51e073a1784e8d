import { setTraceProcessors, Usage } from '@openai/agents-core'
import { modelError, modelResponse, ScriptedModel } from '@openai/agents-core/testing'
import { LLMock } from '@copilotkit/aimock'
import { expect, inject, test, vi } from 'vitest'
import { agentOf, asks, call, message, says, scripted } from '../../../tests/support/agent.ts'
import { titlesOf } from '../../../tests/support/chat.ts'
import { signUp } from '../../../tests/support/people.ts'
import { querySql } from '../../../tests/support/sql.ts'
import { startWorker } from '../../../tests/support/worker.ts'
import { CommandModel } from '../command-model/command-model.ts'
import { modelOf } from './model.ts'

const worker = await startWorker()
const { attempt, settings } = agentOf(worker)

test('CHAT-44 tool calls of one response run one after another, in the order of the response', async () => {
  const ann = await signUp(worker)
  const model = new ScriptedModel([
    asks(
      call('add_task', { title: 'Milk' }),
      call('complete_task', { task: 'milk' }),
      call('list_tasks', {}),
    ),
    says('Done that.'),
  ])
  const { content, toolCalls, error } = await attempt(ann, 'x', scripted(model))
  model.assertComplete()
  expect([content, error]).toEqual(['Done that.', null])
  expect(toolCalls.map(({ status }) => status)).toEqual(['done', 'done', 'done'])
  expect(toolCalls[2]?.result).toMatchObject({ tasks: [{ title: 'Milk', completed: true }] })
})

test('CHAT-44 the model gets five tools, whose input has no user id, no idempotency key and no date', async () => {
  const ann = await signUp(worker)
  const model = new ScriptedModel([says('Hello.')])
  await attempt(ann, 'hello', scripted(model))
  const { tools, systemInstructions } = model.firstCall?.request ?? {}
  expect(tools?.map((one) => ('name' in one ? one.name : ''))).toEqual([
    'add_task',
    'list_tasks',
    'complete_task',
    'update_task',
    'delete_task',
  ])
  expect(JSON.stringify(tools)).not.toMatch(/user_id|idempotency/)
  expect(JSON.stringify(tools)).not.toMatch(/due|date"|remind/)
  expect(systemInstructions).toContain('Tasks have no dates')
})

test('CHAT-13 two equal calls in one attempt add two tasks, and another attempt of that turn adds none', async () => {
  const ann = await signUp(worker)
  const asked = message('x')
  const next = () => {
    const model = new ScriptedModel([
      asks(
        call('add_task', { title: 'Milk' }),
        call('add_task', { title: 'Milk' }),
        call('add_task', { title: 'Jam' }),
      ),
      says('Done.'),
    ])
    return attempt(ann, 'x', scripted(model), { asked })
  }
  await next()
  expect((await next()).toolCalls.map(({ result }) => result?.['status'])).toEqual([
    'exists',
    'exists',
    'exists',
  ])
  expect(await titlesOf(ann)).toEqual(['Jam', 'Milk', 'Milk'])
})

test('CHAT-17 another attempt is sent the earlier writes but not the reads, and has 20 tool calls of its own', async () => {
  const ann = await signUp(worker)
  const all = Array.from({ length: 20 }, () => call('list_tasks', {}))
  const reading = () => new ScriptedModel([asks(call('add_task', { title: 'Milk' }), ...all), says('Done.')])
  const first = reading()
  const { toolCalls: earlierCalls } = await attempt(ann, 'x', scripted(first))
  expect(earlierCalls).toHaveLength(20)
  const second = reading()
  const { toolCalls } = await attempt(ann, 'x', scripted(second), { earlierCalls })
  expect(toolCalls).toHaveLength(20)
  const sent = JSON.stringify(second.firstCall?.request.input)
  expect(sent).toContain(earlierCalls[0]?.id)
  expect(sent).not.toContain('list_tasks')
})

test('CHAT-17 an attempt that has read 100,000 characters reads no more, but can still write', async () => {
  const ann = await signUp(worker)
  await querySql(
    `insert into tasks (id, user_id, title, description, created_at, updated_at)
     select gen_random_uuid(), $1, repeat('t', 200), repeat('d', 200), now(), now() from generate_series(1, 200)`,
    [ann.id],
  )
  const list = () => call('list_tasks', { limit: 200 })
  const model = new ScriptedModel([asks(list(), list(), call('add_task', { title: 'Milk' })), says('Read.')])
  const { toolCalls } = await attempt(ann, 'x', scripted(model))
  expect(toolCalls.map(({ name, status }) => [name, status])).toEqual([
    ['list_tasks', 'done'],
    ['add_task', 'done'],
  ])
  expect(JSON.stringify(model.lastCall?.request.input)).toContain('enough to read')
})

test("CHAT-45 an error carries no message of the model's server, and earlier tool calls are kept", async () => {
  const ann = await signUp(worker)
  const model = new ScriptedModel([
    asks(call('add_task', { title: 'Milk' })),
    modelError(new Error('secret words')),
  ])
  const logged = vi.spyOn(console, 'error').mockImplementation(() => {})
  const ending = await attempt(ann, 'x', scripted(model))
  expect(ending).toMatchObject({ error: { code: 'model-away' }, toolCalls: [{ status: 'done' }] })
  expect(JSON.stringify([ending, logged.mock.calls])).not.toContain('secret words')
  logged.mockRestore()
})

test('CHAT-45 the tokens of earlier responses are counted when a later one fails', async () => {
  const counted = (usage: Usage) => modelResponse({ usage, output: [call('list_tasks', {})] })
  const ann = await signUp(worker)
  const logged = vi.spyOn(console, 'error').mockImplementation(() => {})
  const model = new ScriptedModel([
    counted(new Usage({ inputTokens: 100, outputTokens: 10 })),
    counted(new Usage({ inputTokens: 200, outputTokens: 20 })),
    modelError(new Error('gone')),
  ])
  const ending = await attempt(ann, 'x', scripted(model))
  logged.mockRestore()
  expect(ending).toMatchObject({ error: {}, usage: { inputTokens: 300, outputTokens: 30 } })
})

test('CHAT-45 an empty response after tool calls means done; without tool calls it is an error', async () => {
  const ann = await signUp(worker)
  const silent = says('')
  const done = await attempt(ann, 'x', scripted(new ScriptedModel([asks(call('list_tasks', {})), silent])))
  expect(done).toMatchObject({ content: 'Done.', error: null })
  const nothing = await attempt(ann, 'x', scripted(new ScriptedModel([silent])))
  expect(nothing).toMatchObject({ content: '', error: { code: 'model-nonsense' } })
})

/** Records every trace and span that the agents library makes, before any exporter would send it. */
function recordTraces(): object[] {
  const recorded: object[] = []
  const record = (item: object) => Promise.resolve(void recorded.push(item))
  const ignore = () => Promise.resolve()
  setTraceProcessors([
    {
      onTraceStart: record,
      onTraceEnd: record,
      onSpanStart: record,
      onSpanEnd: record,
      shutdown: ignore,
      forceFlush: ignore,
    },
  ])
  return recorded
}

test.each(['chat', 'responses'])(
  'CHAT-46 an attempt by %s sends requests to the database and the model only, and makes no trace',
  async (OPENAI_API) => {
    const ann = await signUp(worker)
    const mock = new LLMock({ port: 0 })
    await mock.start()
    const server = new URL(mock.url).origin
    mock.on(
      { userMessage: 'x', hasToolResult: false },
      { toolCalls: [{ name: 'list_tasks', arguments: '{}' }] },
    )
    mock.on({ userMessage: 'x', hasToolResult: true }, { content: 'Nothing is there.' })
    const sent: { origin: string; body: unknown }[] = []
    const realFetch = globalThis.fetch
    const spy = vi.spyOn(globalThis, 'fetch').mockImplementation((url, init) => {
      sent.push({ origin: new URL(url instanceof Request ? url.url : url).origin, body: init?.body })
      return realFetch(url, init)
    })
    const traces = recordTraces()
    const model = modelOf(
      settings({ OPENAI_API_KEY: 'sk-x', OPENAI_BASE_URL: `${mock.url}/v1`, OPENAI_MODEL: 'm', OPENAI_API }),
    )
    const { content } = await attempt(ann, 'x', model)
    spy.mockRestore()
    await mock.stop()
    expect(traces).toEqual([])
    expect(content).toBe('Nothing is there.')
    // The fault proxy runs in this process, and its requests to the gateway are seen too.
    const database = [worker.tap.url, inject('gateway')].map((url) => new URL(url).origin)
    expect(sent.map(({ origin }) => origin)).toEqual([server, ...database, server])
    for (const { origin, body } of sent)
      expect(typeof body === 'string' && body.includes('"store":false')).toBe(origin === server)
  },
)

test('CHAT-46 without a key and a base URL the embedded model is used', async () => {
  const { provider, model } = modelOf(settings({ OPENAI_API_KEY: '', OPENAI_BASE_URL: '' }))
  expect(model).toBe('commands')
  expect(await provider.getModel(model)).toBeInstanceOf(CommandModel)
})

test('CHAT-2 a model that forges a user id reaches nothing of that user', async () => {
  const [ann, bob] = await Promise.all([signUp(worker), signUp(worker, 'Bob')])
  const secret = await ann.addTask('Secret of Ann')
  const forged = { user_id: ann.id, userId: ann.id, task: secret.id }
  const model = new ScriptedModel([
    asks(
      call('list_tasks', forged),
      call('complete_task', forged),
      call('update_task', { ...forged, title: 'Stolen' }),
      call('delete_task', forged),
      call('add_task', { ...forged, title: 'Mine' }),
    ),
    says('Done.'),
  ])
  const { toolCalls } = await attempt(bob, 'x', scripted(model))
  expect(toolCalls.map(({ status }) => status)).toEqual(['done', 'failed', 'failed', 'failed', 'done'])
  expect(JSON.stringify(toolCalls)).not.toContain('Secret')
  expect((await ann.tasks()).tasks).toEqual([secret])
  expect(await titlesOf(bob)).toEqual(['Mine'])
})
