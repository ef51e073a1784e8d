import { expect, test } from 'vitest'
import { CHAT_TURN_MAX_MS, CHAT_WATCH_MAX_MS } from '../contract/limits.ts'
import { ATTEMPT_TIMEOUT_MS, BUDGET_MS } from '../db/client.ts'
import {
  AGENT_MAX_MS,
  MODEL_RETRY_AFTER_MAX_SECONDS,
  MODEL_TIMEOUT_MS,
  POLL_INTERVAL_MS,
  STALE_TURN_MS,
  STORE_RESULT_MS,
} from './timing.ts'

test.each([
  ['storing a result has time for a whole database attempt', ATTEMPT_TIMEOUT_MS, STORE_RESULT_MS],
  ['a turn that was slow to begin still has time for its agent', BUDGET_MS, AGENT_MAX_MS],
  [
    'the agent ends and its result is stored within the turn',
    AGENT_MAX_MS + ATTEMPT_TIMEOUT_MS,
    CHAT_TURN_MAX_MS,
  ],
  [
    'a response that follows a wait for a busy model fits into the agent’s time',
    MODEL_RETRY_AFTER_MAX_SECONDS * 1_000 + MODEL_TIMEOUT_MS,
    AGENT_MAX_MS,
  ],
  [
    'an attempt is stale only when it can no longer store anything',
    CHAT_TURN_MAX_MS + ATTEMPT_TIMEOUT_MS,
    STALE_TURN_MS,
  ],
  ['a reply is polled in the time that is kept to store it', POLL_INTERVAL_MS, STORE_RESULT_MS],
  ['a page watches until a turn has ended or is stale', STALE_TURN_MS + BUDGET_MS, CHAT_WATCH_MAX_MS],
])('CHAT-100 %s: %d ms is less than %d ms', (_, shorterMs, longerMs) => {
  expect(shorterMs).toBeLessThan(longerMs)
})
