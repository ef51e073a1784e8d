import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { titlesOf } from '../../tests/support/chat.ts'
import { chatKitOf, finished, orderOf } from '../../tests/support/chatkit.ts'
import { signUp } from '../../tests/support/people.ts'
import { startWorker } from '../../tests/support/worker.ts'

const worker = await startWorker()
const ann = await signUp(worker)
const chatKit = chatKitOf(worker, ann)

test.for([
  ['approve', 'Deleted', false],
  ['refuse', 'Kept', true],
] as const)(
  'CHAT-84 a delete is asked about by a card with two buttons: %s',
  async ([action, word, stays]) => {
    const title = `Fig ${randomUUID()}`
    await ann.addTask(title)
    const events = await chatKit.create(`delete ${title}`)
    const [approval] = finished(events, 'widget')
    expect(orderOf(events).at(-1)).toBe('thread.item.done widget')
    expect(approval?.widget).toMatchObject({
      children: [{ value: `Delete “${title}”?` }],
      confirm: { action: { type: 'approve' } },
      cancel: { action: { type: 'refuse' } },
    })
    expect(await titlesOf(ann)).toContain(title)

    const { thread_id } = approval ?? { thread_id: '' }
    expect((await chatKit.items(thread_id)).at(-1)).toEqual(approval)
    const params = { thread_id, item_id: approval?.id, action: { type: action, payload: null } }
    const answered = await chatKit.listen('threads.custom_action', params)
    expect(orderOf(answered)).toEqual([
      'stream_options',
      'thread.item.replaced widget',
      ...(stays ? [] : ['client_effect']),
    ])
    expect((await titlesOf(ann)).includes(title)).toBe(stays)
    const shown = (await chatKit.items(thread_id)).at(-1)
    expect(answered[1]).toMatchObject({ item: shown })
    expect(shown).toMatchObject({
      id: approval?.id,
      widget: { children: [{ value: expect.stringContaining(word) }] },
    })
    expect(shown).not.toMatchObject({ widget: { confirm: expect.anything() } })

    // A repeat changes nothing; the opposite answer is an error in words.
    expect(await chatKit.listen('threads.custom_action', params)).toEqual(answered)
    const other = { ...params, action: { type: action === 'approve' ? 'refuse' : 'approve' } }
    expect(await chatKit.listen('threads.custom_action', other)).toMatchObject([
      { type: 'error', allow_retry: false },
    ])
  },
)
