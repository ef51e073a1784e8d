import { expect, test } from 'vitest'
import { sampleTask } from '../../../tests/support/sample-task.ts'
import { eventually } from './testing/eventually.ts'
import { milk, neverEnding, newDevice, setUpStore } from './testing/test-store.ts'

/** What the first release stored on a device: a task created offline, a tick, a refusal, an answer, a deletion. */
const STORED = JSON.stringify({
  base: {
    since: 'a',
    complete: true,
    tasks: [sampleTask(5), sampleTask(3), milk],
    gone: [[sampleTask(9).id, '2026-11-21T09:00:00.000Z']],
  },
  outbox: {
    revision: 7,
    saved: 4,
    answers: [{ id: sampleTask(3).id, updated_at: '2026-11-21T10:00:00.000Z', revision: 5 }],
    operations: [
      {
        key: 'k1',
        task_id: sampleTask(4).id,
        title: 'Bread',
        action: {
          kind: 'create',
          task: { ...sampleTask(4, { title: 'Bread' }), user_id: '', created_at: '2020-01-01T00:00:00.000Z' },
        },
        tries: 1,
        problem: { code: 'network', status: 0, title: 'No connection', detail: 'Check it.' },
      },
      {
        key: 'k2',
        task_id: milk.id,
        title: 'Milk',
        action: { kind: 'change', fields: { completed: true } },
        version: milk.updated_at,
        tries: 0,
      },
      {
        key: 'k3',
        task_id: sampleTask(5).id,
        title: 'Task 5',
        action: { kind: 'change', fields: { title: 'Salt' } },
        version: sampleTask(5).updated_at,
        tries: 1,
        refused: true,
        problem: { code: 'forbidden', status: 403, title: 'No', detail: 'Not yours.' },
      },
    ],
  },
})

test('WEB-106 an outbox and a replica that an earlier version stored are read and pushed', async () => {
  const device = newDevice()
  Object.assign(device.stored, JSON.parse(STORED))
  const bread = sampleTask(4, { title: 'Bread' })
  const { store, sent, cursors, titles } = await setUpStore([bread, { ...milk, completed: true }], { device })
  await eventually(() => expect(store.getSnapshot().unsent).toBe(0))
  expect(cursors).toEqual(['a'])
  expect(sent).toMatchObject([
    { key: 'k1', tries: 1 },
    { key: 'k2', tries: 0 },
  ])
  expect(titles()).toEqual(['Salt', 'Bread', 'Milk'])
  expect(store.getSnapshot().refusals).toMatchObject([{ operation: { key: 'k3' } }])
})

test('WEB-106 a task that an earlier version created offline is on top until it is acknowledged', async () => {
  const device = newDevice()
  Object.assign(device.stored, JSON.parse(STORED))
  const { titles } = await setUpStore([], { device, pause: neverEnding })
  expect(titles()[0]).toBe('Bread')
})
