import { median, quantile } from './statistics.ts'
import { startStage } from './stage.ts'
import { printRows } from './table.ts'

const CALLS = 600
const WARM_UP = 100
const PARALLEL = 16
const WINDOW_MS = 1_500
const WINDOWS = 4

type Call = () => Promise<void>

const callOf = (url: string, init: RequestInit | undefined, status: number): Call => {
  return async () => {
    const response = await fetch(url, init)
    await response.arrayBuffer()
    if (response.status !== status) throw new Error(`${url} answered ${response.status}, not ${status}`)
  }
}

/** Returns the milliseconds of each call, interleaved so that noise of the machine affects all of them alike. */
async function interleave(calls: readonly Call[]): Promise<number[][]> {
  const times: number[][] = calls.map(() => [])
  for (let n = -WARM_UP; n < CALLS; n++)
    for (const [index, call] of calls.entries()) {
      const began = performance.now()
      await call()
      if (n >= 0) times[index]?.push(performance.now() - began)
    }
  return times
}

/** Returns the calls per second of one window, with PARALLEL in flight. */
async function throughput(call: Call): Promise<number> {
  const end = performance.now() + WINDOW_MS
  let done = 0
  const worker = async () => {
    for (; performance.now() < end; done++) await call()
  }
  await Promise.all(Array.from({ length: PARALLEL }, worker))
  return done / (WINDOW_MS / 1000)
}

/**
 * Measures GET /api/tasks (50 of 1,000) against a Worker that only sends the same SQL, and the calls that need no SQL.
 * Returns the promises that were missed.
 */
export async function measureApi() {
  const stage = await startStage({ tasks: 1_000 })
  const { withToken, withCookie } = stage.user
  const list = callOf(`${stage.worker}/api/tasks`, withToken, 200)
  const floor = callOf(stage.floor, undefined, 200)
  const [listed = [], floored = []] = await interleave([list, floor])
  const rates: { list: number[]; floor: number[] } = { list: [], floor: [] }
  for (let window = 0; window < WINDOWS; window++) {
    rates.list.push(await throughput(list))
    rates.floor.push(await throughput(floor))
  }
  const [refused = [], tokens = []] = await interleave([
    callOf(`${stage.worker}/api/tasks`, undefined, 401),
    callOf(`${stage.worker}/api/auth/token`, withCookie, 200),
  ])
  await stage.close()

  const slower = median(listed) / median(floored)
  const share = median(rates.list) / median(rates.floor)
  return printRows(`The API in workerd, ${CALLS} calls each, interleaved`, 'floor', [
    { what: 'GET /api/tasks, p50', measured: ms(median(listed)), beside: ms(median(floored)) },
    {
      what: '  as a multiple of the floor',
      measured: slower.toFixed(2),
      promise: '≤ 1.15',
      kept: slower <= 1.15,
    },
    {
      what: 'GET /api/tasks, p95',
      measured: ms(quantile(listed, 0.95)),
      beside: ms(quantile(floored, 0.95)),
    },
    {
      what: `calls per second, ${PARALLEL} at once`,
      measured: median(rates.list).toFixed(0),
      beside: median(rates.floor).toFixed(0),
    },
    { what: '  as a share of the floor', measured: share.toFixed(2), promise: '≥ 0.87', kept: share >= 0.87 },
    { what: '401 without a token, p50', measured: ms(median(refused)) },
    { what: 'GET /api/auth/token, p50', measured: ms(median(tokens)) },
  ])
}

const ms = (number: number) => `${number.toFixed(2)} ms`
