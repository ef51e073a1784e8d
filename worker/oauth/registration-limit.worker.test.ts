import { expect, test } from 'vitest'
import { newAddress } from '../../tests/support/mcp.ts'
import { openOwnDatabase } from '../../tests/support/own-database.ts'
import { expectProblem } from '../../tests/support/problem.ts'
import { querySql } from '../../tests/support/sql.ts'
import { startWorker } from '../../tests/support/worker.ts'

// A database of its own: registrations of other tests would count towards the total.
const gateway = await openOwnDatabase()
const worker = await startWorker({ NEON_FETCH_ENDPOINT: gateway })

const register = () =>
  worker.fetch('/api/auth/oauth2/register', {
    method: 'POST',
    body: JSON.stringify({ redirect_uris: ['http://localhost:8787/callback'] }),
    headers: { 'Content-Type': 'application/json', 'CF-Connecting-IP': newAddress() },
  })
const count = async () => (await querySql('select count(*) from oauth_client', [], gateway))[0]?.['count']

test('MCP-31 all networks together register 1,000 clients an hour, and more after it', async () => {
  // Of a network that was refused a hundred times, 20 count.
  await querySql(
    `insert into oauth_registrations (address, count, since)
     select 'address ' || n, case n when 1 then 120 when 50 then 19 else 20 end, now() - interval '10 minutes'
     from generate_series(1, 50) n`,
    [],
    gateway,
  )
  expect((await register()).status).toBe(201)
  const late = await register()
  const wait = Number(late.headers.get('Retry-After'))
  expect(wait).toBeGreaterThan(2_900)
  expect(wait).toBeLessThanOrEqual(3_000)
  await expectProblem(late, 429, 'too-many-requests')
  expect(await count()).toBe('1')
  await querySql("update oauth_registrations set since = since - interval '50 minutes'", [], gateway)
  expect((await register()).status).toBe(201)
  expect(await count()).toBe('2')
})
