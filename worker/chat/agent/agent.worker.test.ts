import { Usage } from '@openai/agents-core'
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
const { take, settings } = agentOf(worker)

test('CHAT-44 tools are used one after another in the order they were called in, though called at once', async () => {
  const ann = await signUp(worker)
  const model = new ScriptedModel([
    asks(
      call('add_task', { title: 'Milk' }),
      call('complete_task', { task: 'milk' }),
      call('list_tasks', {}),
    ),
    says('Done that.'),
  ])
  const { content, toolCalls, error } = await take(ann, 'x', scripted(model))
  model.assertComplete()
  expect([content, error]).toEqual(['Done that.', null])
  expect(toolCalls.map(({ status }) => status)).toEqual(['done', 'done', 'done'])
  expect(toolCalls[2]?.result).toMatchObject({ tasks: [{ title: 'Milk', completed: true }] })
})

test('CHAT-44 a model is given the five tools, without a user and without a key', async () => {
  const ann = await signUp(worker)
  const model = new ScriptedModel([says('Hello.')])
  await take(ann, 'hello', scripted(model))
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

test('CHAT-13 a model that says the same twice adds two tasks, and the same turn again adds none', async () => {
  const ann = await signUp(worker)
  const asked = message('x')
  const again = () => {
    const model = new ScriptedModel([
      asks(
        call('add_task', { title: 'Milk' }),
        call('add_task', { title: 'Milk' }),
        call('add_task', { title: 'Jam' }),
      ),
      says('Done.'),
    ])
    return take(ann, 'x', scripted(model), { asked })
  }
  await again()
  expect((await again()).toolCalls.map(({ result }) => result?.['status'])).toEqual([
    'exists',
    'exists',
    'exists',
  ])
  expect(await titlesOf(ann)).toEqual(['Jam', 'Milk', 'Milk'])
})

test('CHAT-17 another attempt knows what was written, and has 20 tools of its own', async () => {
  const ann = await signUp(worker)
  const all = Array.from({ length: 20 }, () => call('list_tasks', {}))
  const looking = () => new ScriptedModel([asks(call('add_task', { title: 'Milk' }), ...all), says('Done.')])
  const first = looking()
  const { toolCalls: earlier } = await take(ann, 'x', scripted(first))
  expect(earlier).toHaveLength(20)
  const second = looking()
  const { toolCalls } = await take(ann, 'x', scripted(second), { earlier })
  expect(toolCalls).toHaveLength(20)
  const told = JSON.stringify(second.firstCall?.request.input)
  expect(told).toContain(earlier[0]?.id)
  expect(told).not.toContain('list_tasks')
})

test('CHAT-17 a model that has read 100,000 characters for an answer reads no more, and still writes', async () => {
  const ann = await signUp(worker)
  await querySql(
    `insert into tasks (id, user_id, title, description, created_at, updated_at)
     select gen_random_uuid(), $1, repeat('t', 200), repeat('d', 200), now(), now() from generate_series(1, 200)`,
    [ann.id],
  )
  const list = () => call('list_tasks', { limit: 200 })
  const model = new ScriptedModel([asks(list(), list(), call('add_task', { title: 'Milk' })), says('Read.')])
  const { toolCalls } = await take(ann, 'x', scripted(model))
  expect(toolCalls.map(({ name, status }) => [name, status])).toEqual([
    ['list_tasks', 'done'],
    ['add_task', 'done'],
  ])
  expect(JSON.stringify(model.lastCall?.request.input)).toContain('enough to read')
})

test('CHAT-45 what failed is told without what was said, and what was done stays', async () => {
  const ann = await signUp(worker)
  const model = new ScriptedModel([
    asks(call('add_task', { title: 'Milk' })),
    modelError(new Error('secret words')),
  ])
  const logged = vi.spyOn(console, 'error').mockImplementation(() => {})
  const ending = await take(ann, 'x', scripted(model))
  expect(ending).toMatchObject({ error: { code: 'model-away' }, toolCalls: [{ status: 'done' }] })
  expect(JSON.stringify([ending, logged.mock.calls])).not.toContain('secret words')
  logged.mockRestore()
})

test('CHAT-45 the tokens of answers that came are told, though the next one fails', async () => {
  const counted = (usage: Usage) => modelResponse({ usage, output: [call('list_tasks', {})] })
  const ann = await signUp(worker)
  const logged = vi.spyOn(console, 'error').mockImplementation(() => {})
  const model = new ScriptedModel([
    counted(new Usage({ inputTokens: 100, outputTokens: 10 })),
    counted(new Usage({ inputTokens: 200, outputTokens: 20 })),
    modelError(new Error('gone')),
  ])
  const ending = await take(ann, 'x', scripted(model))
  logged.mockRestore()
  expect(ending).toMatchObject({ error: {}, usage: { inputTokens: 300, outputTokens: 30 } })
})

test('CHAT-45 a model without words is taken to be done when its tools were, and to talk nonsense when not', async () => {
  const ann = await signUp(worker)
  const silent = says('')
  const done = await take(ann, 'x', scripted(new ScriptedModel([asks(call('list_tasks', {})), silent])))
  expect(done).toMatchObject({ content: 'Done.', error: null })
  const nothing = await take(ann, 'x', scripted(new ScriptedModel([silent])))
  expect(nothing).toMatchObject({ content: '', error: { code: 'model-nonsense' } })
})

test.each(['chat', 'responses'])(
  'CHAT-46 by %s nothing is called but the database and the model',
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
    const real = globalThis.fetch
    const spy = vi.spyOn(globalThis, 'fetch').mockImplementation((url, init) => {
      sent.push({ origin: new URL(url instanceof Request ? url.url : url).origin, body: init?.body })
      return real(url, init)
    })
    const model = modelOf(
      settings({ OPENAI_API_KEY: 'sk-x', OPENAI_BASE_URL: `${mock.url}/v1`, OPENAI_MODEL: 'm', OPENAI_API }),
    )
    const { content } = await take(ann, 'x', model)
    // Traces would be sent some seconds later.
    await new Promise((resolve) => setTimeout(resolve, 6_000))
    spy.mockRestore()
    await mock.stop()
    expect(content).toBe('Nothing is there.')
    // The tap between this and the database forwards from this very process.
    const ours = [worker.tap.url, inject('gateway')].map((url) => new URL(url).origin)
    expect(sent.map(({ origin }) => origin)).toEqual([server, ...ours, server])
    for (const { origin, body } of sent)
      expect(typeof body === 'string' && body.includes('"store":false')).toBe(origin === server)
  },
)

test('CHAT-46 without a key and a server no model is called at all', async () => {
  const { provider, model } = modelOf(settings({ OPENAI_API_KEY: '', OPENAI_BASE_URL: '' }))
  expect(model).toBe('commands')
  expect(await provider.getModel(model)).toBeInstanceOf(CommandModel)
})

test('CHAT-2 a model that forges a user reaches nothing of theirs', async () => {
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
  const { toolCalls } = await take(bob, 'x', scripted(model))
  expect(toolCalls.map(({ status }) => status)).toEqual(['done', 'failed', 'failed', 'failed', 'done'])
  expect(JSON.stringify(toolCalls)).not.toContain('Secret')
  expect((await ann.tasks()).tasks).toEqual([secret])
  expect(await titlesOf(bob)).toEqual(['Mine'])
})
