import { readFileSync } from 'node:fs'
import { expect, test } from '@playwright/test'
import { collectErrors } from './page-checks.ts'
import { openNewList } from './task-list.ts'

/** Replaces OpenAI's element: mounts a frame as theirs does, and prints the key it got and our backend's response. */
const CHATKIT_SCRIPT = `customElements.define('openai-chatkit', class extends HTMLElement {
  async setOptions({ api, ...options }) {
    const frame = document.createElement('iframe')
    frame.title = options.frameTitle
    frame.src = 'https://cdn.platform.openai.com/deployments/chatkit/index.html'
    this.append(frame)
    const input = { content: [{ type: 'input_text', text: 'add Buy milk' }], attachments: [], inference_options: {} }
    const body = JSON.stringify({ type: 'threads.create', params: { input } })
    const headers = { 'Content-Type': 'application/json' }
    const response = await api.fetch(api.url, { method: 'POST', headers, body })
    const output = document.createElement('pre')
    output.textContent = api.domainKey + ' ' + await response.text()
    this.append(output)
  }
})`

test('CHAT-89 the page gives OpenAI’s element its key and our backend, within its Content Security Policy', async ({
  page,
}) => {
  await openNewList(page)
  const { token } = (await (await page.request.get('/api/auth/token')).json()) as { token: string }
  const user = await page.evaluate(
    () =>
      (JSON.parse(document.getElementById('margin-session')?.textContent ?? '{}') as { user: object }).user,
  )
  const session = JSON.stringify({ user, token, chatkit_domain_key: 'local-dev' })
  const html = readFileSync('web/dist/chatkit.html', 'utf8').replace(
    '</head>',
    `<script type="application/json" id="margin-session">${session}</script></head>`,
  )
  await page.route('/chat', (route) => route.fulfill({ contentType: 'text/html', body: html }))
  const script = { contentType: 'text/javascript', body: CHATKIT_SCRIPT }
  await page.route('https://cdn.platform.openai.com/**/chatkit.js', (route) => route.fulfill(script))
  const frame = { contentType: 'text/html', body: '<p>The frame of OpenAI</p>' }
  await page.route('https://cdn.platform.openai.com/**/index.html', (route) => route.fulfill(frame))
  const errors = collectErrors(page)

  await page.goto('/chat')
  await expect(page.getByTitle('Assistant').contentFrame().getByText('The frame of OpenAI')).toBeVisible()
  await expect(page.locator('pre')).toContainText('local-dev data: {"type":"thread.created"')
  await expect(page.locator('pre')).toContainText('"name":"tasks_changed"')
  expect(errors).toEqual([])

  await page.unroute('https://cdn.platform.openai.com/**/chatkit.js')
  await page.route('https://cdn.platform.openai.com/**/chatkit.js', (route) => route.abort())
  await page.goto('/chat')
  await expect(page.getByRole('alert')).toContainText('cannot be reached', { timeout: 60_000 })
})
