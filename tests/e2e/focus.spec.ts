import { expect, test } from '@playwright/test'
import { addTask, join } from './people.ts'

test('WEB-26 the focus of a row that goes passes to the next row, and from the last to the add line', async ({
  page,
}) => {
  await join(page)
  for (const title of ['One', 'Two', 'Three']) await addTask(page, title)
  await page.getByRole('button', { name: 'Delete Two' }).click()
  await expect(page.getByRole('button', { name: 'Edit One' })).toBeFocused()
  await page.getByRole('button', { name: 'Delete One' }).click()
  await page.getByRole('button', { name: 'Delete Three' }).click()
  await expect(page.getByLabel('Add a task')).toBeFocused()
})

test('WEB-27 N leads to the add line, unless something is being written', async ({ page }) => {
  await join(page)
  await page.getByRole('heading', { level: 1 }).click()
  await page.keyboard.press('Control+n')
  await expect(page.getByLabel('Add a task')).not.toBeFocused()
  await page.keyboard.press('n')
  await expect(page.getByLabel('Add a task')).toBeFocused()
  await page.keyboard.type('nine')
  await expect(page.getByLabel('Add a task')).toHaveValue('nine')
})
