import { expect, test } from '@playwright/test'
import { addTask, join, stored, titles } from './people.ts'

for (const cookie of ['fresh', 'stale'] as const)
  test(`WEB-48 with a ${cookie} cookie the tasks are on the screen by the document alone`, async ({
    page,
    context,
  }) => {
    await join(page)
    for (const title of ['One', 'Two']) await addTask(page, title)
    await stored(page, [{ title: 'Two' }, { title: 'One' }])
    if (cookie === 'stale') await context.clearCookies({ name: /session_data/ })

    // Another device, which has kept nothing of the list and hears nothing of the API.
    const device = await context.browser()?.newContext({ storageState: await context.storageState() })
    if (!device) throw new Error('there is no browser')
    const documents: string[] = []
    const other = await device.newPage()
    other.on('request', (asked) => {
      if (asked.resourceType() === 'document') documents.push(asked.url())
    })
    await other.route('**/api/**', () => {})
    await other.goto('/tasks')
    await expect(other.getByRole('heading', { name: '2 open tasks' })).toBeVisible()
    expect(await titles(other)).toEqual(['Two', 'One'])
    expect(documents).toHaveLength(1)
    await device.close()
  })
