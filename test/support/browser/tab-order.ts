import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'

import { assertFocusIsSeen } from './page-actions.ts'

interface Stop {
  readonly text: string
  /** The index of the element in document order. */
  readonly index: number
  readonly inRow: number
}

const MOST_STOPS = 200

/**
 * Returns the stops of the Tab key from the top of the page to its end, one line each, and asserts that each shows its focus.
 * Of a table's body only the first row is listed.
 */
export async function tabOrderOf(page: Page): Promise<string> {
  const stops: Stop[] = []
  for (let presses = 0; presses < MOST_STOPS; presses++) {
    await page.keyboard.press('Tab')
    const stop = await page.evaluate(stopNow)
    if (stop === null) continue
    if (stop.index === stops[0]?.index) break
    if (stops.length < 30) await assertFocusIsSeen(page)
    stops.push(stop)
  }
  const top = stops.findIndex(({ index }) => index === Math.min(...stops.map((stop) => stop.index)))
  const inOrder = [...stops.slice(top), ...stops.slice(0, top)]
  const indexes = inOrder.map(({ index }) => index)
  assert.deepEqual(
    indexes,
    indexes.toSorted((a, b) => a - b),
    'the order of the Tab key is not the order of the page',
  )
  return inOrder
    .filter(({ inRow }) => inRow < 1)
    .map(({ text }) => text)
    .join('\n')
}

/** Runs in the page. Returns the focused element. */
function stopNow(): Stop | null {
  const element = document.activeElement
  if (element === null || element === document.body) return null
  const label = element instanceof HTMLInputElement || element instanceof HTMLSelectElement ? element.labels?.[0] : null
  const words = element.getAttribute('aria-label') ?? label?.textContent ?? element.textContent
  const kind = element instanceof HTMLInputElement ? `${element.type} field` : element.localName
  const row = element.closest('tbody > tr')
  return {
    text: `${kind} ${JSON.stringify(words.trim().replaceAll(/\s+/g, ' '))}`,
    index: [...document.querySelectorAll('*')].indexOf(element),
    inRow: row === null ? 0 : [...(row.parentElement?.children ?? [])].indexOf(row),
  }
}
