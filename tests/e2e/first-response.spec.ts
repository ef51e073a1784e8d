import { expect, test } from '@playwright/test'
import { createTasks, expectOpenTasks, taskTitles } from './task-list.ts'
import { signUp } from './users.ts'

for (const cookie of ['fresh', 'expired'] as const)
  test(`WEB-48 with ${cookie === 'fresh' ? 'a fresh' : 'an expired'} session cache the document alone shows the tasks`, async ({
    page,
    context,
  }) => {
    await signUp(page)
    await createTasks(page, ['Two', 'One'])
    if (cookie === 'expired') await context.clearCookies({ name: /session_data/ })
    const documents: string[] = []
    page.on('request', (request) => {
      if (request.resourceType() === 'document') documents.push(request.url())
    })
    // No call of the API is answered, and this device has stored nothing yet.
    await page.route('**/api/**', () => {})
    await page.goto('/tasks')
    await expectOpenTasks(page, 2)
    expect(await taskTitles(page)).toEqual(['Two', 'One'])
    expect(documents).toHaveLength(1)
  })
