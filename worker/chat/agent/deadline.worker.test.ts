import { ScriptedModel } from '@openai/agents-core/testing'
import { expect, test, vi } from 'vitest'
import { agentOf, asks, call, says, scripted } from '../../../tests/support/agent.ts'
import { titlesOf } from '../../../tests/support/chat.ts'
import { signUp, type TestUser } from '../../../tests/support/people.ts'
import { startWorker } from '../../../tests/support/worker.ts'
import { CHAT_TURN_MAX_MS } from '../../contract/limits.ts'

const worker = await startWorker()
const { take } = agentOf(worker)

/** Milliseconds of a turn that are kept back to store how it ended. */
const STORING_MS = 4_000

/** Has an answer made that has so many milliseconds left; tells how many it took. */
async function takeWithin(left: number, ann: TestUser, titles: string[]) {
  const model = new ScriptedModel([asks(...titles.map((title) => call('add_task', { title }))), says('All.')])
  const logged = vi.spyOn(console, 'error').mockImplementation(() => {})
  const since = Date.now() - (CHAT_TURN_MAX_MS - STORING_MS) + left
  const started = Date.now()
  const ending = await take(ann, 'x', scripted(model), { since })
  const took = Date.now() - started
  logged.mockRestore()
  return { ...ending, took }
}

test('CHAT-49 a turn whose time is up while tools work has failed, and begins no other tool', async () => {
  const ann = await signUp(worker)
  const real = globalThis.fetch
  const slowly = vi.spyOn(globalThis, 'fetch').mockImplementation(async (url, init) => {
    if (url === worker.tap.url) await new Promise((resolve) => setTimeout(resolve, 300))
    return real(url, init)
  })
  const { content, error, toolCalls, events, took } = await takeWithin(500, ann, [
    'a',
    'b',
    'c',
    'd',
    'e',
    'f',
  ])
  slowly.mockRestore()
  expect([content, error?.code]).toEqual(['', 'too-slow'])
  const begun = toolCalls.map(({ arguments: { title } }) => title)
  expect(begun).toEqual(['a', 'b'])
  expect(events.map(({ event }) => event)).toEqual(['tool_call', 'tool_result', 'tool_call', 'tool_result'])
  for (const title of await titlesOf(ann)) expect(begun).toContain(title)
  expect(took).toBeLessThan(900)
})

test('CHAT-49 a tool waits for the database no longer than the turn has time', async () => {
  const ann = await signUp(worker)
  worker.tap.break(() => 'hang')
  const { error, toolCalls, took } = await takeWithin(600, ann, ['a'])
  worker.tap.mend()
  expect(error?.code).toBe('too-slow')
  expect(toolCalls).toMatchObject([{ status: 'failed', error: { code: 'database-away' } }])
  expect(took).toBeLessThan(1_000)
})
