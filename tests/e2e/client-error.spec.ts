import { randomUUID } from 'node:crypto'
import { expect, test, type Page } from '@playwright/test'
import { addTask, join, stored } from './people.ts'

const OUR_MISTAKE = 'That is our mistake. Reload the page, then try again.'

/** Makes every request with a JSON body fail as through a mistake of the page's own. */
const breakPage = (page: Page) =>
  page.evaluate(() => {
    JSON.stringify = () => {
      throw new TypeError('planted')
    }
  })

/** Collects what the page logs as an error. */
function errorsOf(page: Page): string[] {
  const errors: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text())
  })
  return errors
}

test('WEB-100 in the list, a mistake of the page is told as ours, logged with its stack and not retried', async ({
  page,
}) => {
  await join(page)
  await addTask(page, 'Milk')
  await stored(page, [{ title: 'Milk' }])
  const errors = errorsOf(page)
  await breakPage(page)
  await addTask(page, 'Bread')
  await expect(page.getByText(`“Bread” could not be added. ${OUR_MISTAKE}`)).toBeVisible()
  await expect(page.getByText('No connection')).toHaveCount(0)
  expect(errors).toEqual([expect.stringMatching(/TypeError: planted\n\s+at /)])
})

test('WEB-100 in the forms, a mistake of the page is told as ours', async ({ page }) => {
  await page.goto('/login')
  await page.getByLabel('E-mail address').fill('ann@example.com')
  await page.getByLabel('Password', { exact: true }).fill('correct horse battery')
  const errors = errorsOf(page)
  await breakPage(page)
  await page.getByRole('button', { name: 'Log in' }).click()
  await expect(page.getByText(OUR_MISTAKE)).toBeVisible()
  expect(errors).toEqual([expect.stringContaining('TypeError: planted')])

  await join(page)
  await page.goto('/account')
  await page.getByRole('textbox', { name: 'Name' }).fill('Bob')
  await breakPage(page)
  await page.getByRole('button', { name: 'Save name' }).click()
  await expect(page.getByText(OUR_MISTAKE)).toBeVisible()
})

test('WEB-100 in the assistant, a mistake of the page is told as ours', async ({ page }) => {
  await join(page)
  await page.addInitScript(() => {
    Headers.prototype.set = () => {
      throw new TypeError('planted')
    }
  })
  await page.goto(`/chat?c=${randomUUID()}`)
  await expect(page.getByText(OUR_MISTAKE)).toBeVisible()
})
