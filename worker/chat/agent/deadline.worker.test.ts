import type { Model, ModelRequest } from '@openai/agents-core'
import { ScriptedModel } from '@openai/agents-core/testing'
import { expect, test, vi } from 'vitest'
import { agentOf, asks, call, manualDeadline, says, scripted } from '../../../tests/support/agent.ts'
import { titlesOf } from '../../../tests/support/chat.ts'
import { signUp } from '../../../tests/support/people.ts'
import { startWorker } from '../../../tests/support/worker.ts'
import { AGENT_MAX_MS } from '../timing.ts'
import { createDeadline } from './deadline.ts'

const worker = await startWorker()
const { attempt } = agentOf(worker)

/** A model that adds tasks of these titles in one response. */
const adding = (...titles: string[]) =>
  scripted(new ScriptedModel([asks(...titles.map((title) => call('add_task', { title }))), says('All.')]))

/** Runs without the log line of a failed attempt, which all of these are. */
async function silently<Value>(run: () => Promise<Value>): Promise<Value> {
  const logged = vi.spyOn(console, 'error').mockImplementation(() => {})
  return run().finally(() => logged.mockRestore())
}

test('CHAT-49 a turn whose time is up while a tool runs fails, waits for that tool and begins no other', async () => {
  const ann = await signUp(worker)
  const deadline = manualDeadline(AGENT_MAX_MS)
  worker.tap.clear()
  worker.tap.break((n) => {
    // The second tool has sent its statement when the time is up.
    if (n === 1) deadline.expire()
    return 'pass'
  })
  const { content, error, toolCalls, events } = await silently(() =>
    attempt(ann, 'x', adding('a', 'b', 'c', 'd', 'e', 'f'), { deadline }),
  )
  worker.tap.mend()
  expect([content, error?.code]).toEqual(['', 'too-slow'])
  expect(toolCalls.map(({ arguments: { title }, status }) => [title, status])).toEqual([
    ['a', 'done'],
    ['b', 'done'],
  ])
  expect(events.map(({ event }) => event)).toEqual(['tool_call', 'tool_result', 'tool_call', 'tool_result'])
  expect(worker.tap.requests).toHaveLength(2)
  expect(await titlesOf(ann)).toEqual(['b', 'a'])
})

test('CHAT-49 a tool waits for the database no longer than its turn has time left', async () => {
  const ann = await signUp(worker)
  const deadline = manualDeadline(50)
  worker.tap.clear()
  worker.tap.break(() => {
    deadline.expire()
    return 'hang'
  })
  const { error, toolCalls } = await silently(() => attempt(ann, 'x', adding('a'), { deadline }))
  worker.tap.mend()
  expect(error?.code).toBe('too-slow')
  expect(toolCalls).toMatchObject([{ status: 'failed', error: { code: 'database-away' } }])
  // A tool with the budget of a whole request would have repeated the statement.
  expect(worker.tap.requests).toHaveLength(1)
})

test('CHAT-49 a model that never responds is stopped when the time is up', async () => {
  const ann = await signUp(worker)
  const deadline = manualDeadline(AGENT_MAX_MS)
  // Like a client whose server never responds: it fails when its signal is aborted, and not before.
  const untilAborted = ({ signal }: ModelRequest) =>
    new Promise<never>((_, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason))
      deadline.expire()
    })
  const silent: Model = {
    getResponse: untilAborted,
    // oxlint-disable-next-line require-yield -- the stream never begins
    async *getStreamedResponse(request) {
      await untilAborted(request)
    },
  }
  const { error, toolCalls } = await silently(() => attempt(ann, 'x', scripted(silent), { deadline }))
  expect([error?.code, toolCalls]).toEqual(['too-slow', []])
})

test('CHAT-49 the time of an attempt is counted from the start of its turn', () => {
  const now = Date.now()
  vi.useFakeTimers({ now, toFake: ['Date'] })
  expect(createDeadline(now).remainingMs()).toBe(AGENT_MAX_MS)
  expect(createDeadline(now - 20_000).remainingMs()).toBe(AGENT_MAX_MS - 20_000)
  expect(createDeadline(now - AGENT_MAX_MS).remainingMs()).toBe(0)
  vi.useRealTimers()
})

test('CHAT-49 the deadline of a turn that is out of time aborts at once', async () => {
  const { signal } = createDeadline(Date.now() - AGENT_MAX_MS)
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve))
  expect(signal.reason).toMatchObject({ name: 'TimeoutError' })
})
