import type { Page } from '@playwright/test'

/** Serves the same tasks as plain HTML with the site's styles, the baseline for any list, and returns the URL. */
export async function servePlainList(page: Page, origin: string, tasks: number): Promise<string> {
  const docs = await (await fetch(`${origin}/docs`)).text()
  const styles = [...docs.matchAll(/<link rel="stylesheet"[^>]+>/g)].map(([link]) => link).join('')
  const rows = Array.from(
    { length: tasks },
    (_, n) => `<li class="task-row"><input type="checkbox" class="tick" aria-label="Task ${n}">
      <button class="task-title"><span class="stroke">Call the dentist about the invoice ${n}</span></button></li>`,
  )
  const html = `<!doctype html><html lang="en"><title>Plain</title>${styles}
    <h1><output>${tasks}</output> open tasks</h1><ul class="task-list" aria-label="Tasks">${rows.join('')}</ul>
    <script>const out = document.querySelector('output')
    document.addEventListener('change', (e) => { out.value = Number(out.value) + (e.target.checked ? -1 : 1) })</script>`
  await page.route(`${origin}/plain`, (route) => route.fulfill({ contentType: 'text/html', body: html }))
  return `${origin}/plain`
}
