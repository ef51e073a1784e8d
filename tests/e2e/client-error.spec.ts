import { randomUUID } from 'node:crypto'
import { expect, test, type Page } from '@playwright/test'
import { collectErrors } from './page-checks.ts'
import { addTask, expectStored, openNewList } from './task-list.ts'
import { signUp } from './users.ts'

const OUR_MISTAKE = 'That is our mistake. Reload the page, then try again.'

/** Makes every request with a JSON body fail as through a mistake of the page's own. */
const breakPage = (page: Page) =>
  page.evaluate(() => {
    JSON.stringify = () => {
      throw new TypeError('planted')
    }
  })

test('WEB-100 in the list, a mistake of the page is reported as ours, logged with its stack and not retried', async ({
  page,
}) => {
  await openNewList(page)
  await addTask(page, 'Milk')
  await expectStored(page, [{ title: 'Milk' }])
  const errors = collectErrors(page)
  await breakPage(page)
  await addTask(page, 'Bread')
  await expect(page.getByText(`“Bread” could not be added. ${OUR_MISTAKE}`)).toBeVisible()
  await expect(page.getByText('No connection')).toHaveCount(0)
  expect(errors).toEqual([expect.stringMatching(/TypeError: planted\n\s+at /)])
})

test('WEB-100 in the forms, a mistake of the page is reported as ours', async ({ page }) => {
  await page.goto('/login')
  await page.getByLabel('E-mail address').fill('ann@example.com')
  await page.getByLabel('Password', { exact: true }).fill('correct horse battery')
  const errors = collectErrors(page)
  await breakPage(page)
  await page.getByRole('button', { name: 'Log in' }).click()
  await expect(page.getByText(OUR_MISTAKE)).toBeVisible()
  expect(errors).toEqual([expect.stringContaining('TypeError: planted')])

  await signUp(page)
  await page.goto('/account')
  await page.getByRole('textbox', { name: 'Name' }).fill('Bob')
  await breakPage(page)
  await page.getByRole('button', { name: 'Save name' }).click()
  await expect(page.getByText(OUR_MISTAKE)).toBeVisible()
})

test('WEB-100 in the assistant, a mistake of the page is reported as ours', async ({ page }) => {
  await signUp(page)
  await page.addInitScript(() => {
    Headers.prototype.set = () => {
      throw new TypeError('planted')
    }
  })
  await page.goto(`/chat?c=${randomUUID()}`)
  await expect(page.getByText(OUR_MISTAKE)).toBeVisible()
})
