import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'

const STANDARDS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
const COLOR_SCHEMES = ['dark', 'light'] as const

/** WCAG 2.5.5 asks for targets of this height. */
const TARGET_MIN_PX = 44

/**
 * Expects that axe finds no violation on the page as it is, in dark and in light. Motion is reduced, so that no colour
 * is measured halfway through a transition.
 */
export async function expectAccessible(page: Page) {
  for (const colorScheme of COLOR_SCHEMES) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    const { violations } = await new AxeBuilder({ page })
      .options({ resultTypes: ['violations'] })
      .withTags(STANDARDS)
      // Without it each scan opens a page of its own to merge the results of frames from other sites, of which there are
      // none: a scan takes a quarter of the time.
      .setLegacyMode()
      .analyze()
    expect(
      violations.map(({ id, nodes }) => `${colorScheme} ${id}: ${nodes.map(({ html }) => html).join(' ')}`),
    ).toEqual([])
  }
}

/** Expects that nothing is wider than the window after resizing it to 320 pixels, in dark and in light. */
export async function expectFits320(page: Page) {
  await page.setViewportSize({ width: 320, height: 640 })
  for (const colorScheme of COLOR_SCHEMES) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    // The window is resized asynchronously.
    await expect.poll(() => excessWidth(page)).toBeLessThanOrEqual(0)
  }
}

/** Returns by how many pixels the content is wider than the window. */
const excessWidth = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)

/** Collects errors of scripts and of the console, also of its Content Security Policy, but for those that match `except`. */
export function collectErrors(page: Page, except?: RegExp): string[] {
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error' && !except?.test(message.text())) errors.push(message.text())
  })
  return errors
}

/** Returns the visible links, buttons and fields that are too low to touch, links within a sentence aside. */
export const lowTargets = (page: Page) =>
  page
    .locator('a:visible, button:visible, input:visible, textarea:visible, label:has(input):visible')
    .evaluateAll(
      (targets, minPx) =>
        targets
          .filter(
            (target) =>
              !target.matches('.skip-link, p a, dd a, label input') &&
              target.getBoundingClientRect().height < minPx,
          )
          .map((target) => target.outerHTML.slice(0, 120)),
      TARGET_MIN_PX,
    )
