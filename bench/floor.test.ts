import { afterAll, expect, test } from 'vitest'
import { startStage } from './stage.ts'

const stage = await startStage({ tasks: 120 })
afterAll(() => stage.close())

test('OPS-42 the floor answers with the tasks of the API, by the same statement', async () => {
  const ours = (await (await fetch(`${stage.worker}/api/tasks`, stage.user.withToken)).json()) as {
    tasks: object[]
  }
  const floor = (await (await fetch(stage.floor)).json()) as { tasks: { id: string }[] }
  expect(ours.tasks).toHaveLength(50)
  // The API reads one more row, to know whether there is another page.
  expect(floor.tasks).toHaveLength(51)
  expect(floor.tasks.slice(0, 50).map(({ id }) => id)).toEqual(
    ours.tasks.map((task) => (task as { id: string }).id),
  )
  expect(JSON.parse(stage.sqlRequest.SQL_REQUEST)).toMatchObject({
    params: expect.arrayContaining([stage.user.id]),
  })
})
