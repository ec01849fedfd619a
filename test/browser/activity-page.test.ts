// The activity on screens: low rows of few bytes, the JSON of an event on its own page, and the filter on one line.
import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'

import { moveOn } from '../support/browser/page-actions.ts'
import { openAs } from '../support/browser/visit-screen.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { seedWorld } from '../support/server/populated-server.ts'

const DESKTOP = { width: 1280, height: 800 }

/** The words of the rows that are broken over two lines. */
function brokenWords(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const isShown = (node: Node): boolean => node.parentElement?.closest('.unseen, .menu') === null
    const broken: string[] = []
    const walker = document.createTreeWalker(document.querySelector('table') ?? document.body, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      if (!isShown(node)) continue
      for (const { 0: word, index } of (node.nodeValue ?? '').matchAll(/\S+/g)) {
        const range = document.createRange()
        range.setStart(node, index)
        range.setEnd(node, index + word.length)
        const lines = new Set([...range.getClientRects()].map(({ top }) => Math.round(top)))
        if (lines.size > 1) broken.push(word)
      }
    }
    return broken
  })
}

leaveToTestAll()

test('the activity', async (outer) => {
  const world = await seedWorld(outer)

  for (const locale of ['en', 'de'])
    await outer.test(`each event is a low row (${locale}), and no word is broken`, async (t) => {
      const page = await openAs(t, world, 'admin', { viewport: DESKTOP, locale })
      await page.goto(`${world.baseUrl}/admin/activity`)
      const rows = page.locator('tbody tr:not(.heading)')
      const heights = await rows.evaluateAll((all) => all.map((row) => row.getBoundingClientRect().height))
      assert.equal(heights.length, 50)
      assert.ok(Math.max(...heights) <= 48, `the highest row is ${Math.max(...heights)} px high`)
      const top = (await page.locator('tbody .heading').first().boundingBox())?.y ?? Infinity
      assert.ok(top <= 280, `the first day begins at ${top} px`)
      assert.deepEqual(await brokenWords(page), [])
    })

  await outer.test('an event costs at most 1,600 bytes of the page', async () => {
    const [full, empty] = await Promise.all(
      ['', '?action=key.forgotten'].map(async (query) => {
        const answer = await fetch(`${world.baseUrl}/admin/activity${query}`, {
          headers: { cookie: world.cookies.admin, 'accept-encoding': 'identity' },
        })
        return Buffer.byteLength(await answer.text())
      }),
    )
    const bytes = ((full ?? Infinity) - (empty ?? 0)) / 50
    assert.ok(bytes > 500 && bytes <= 1600, `${bytes} bytes`)
  })

  for (const javaScript of [true, false])
    await outer.test(
      `${javaScript ? 'with' : 'without'} scripts, the menu of a row leads to its JSON and to why it was refused`,
      async (t) => {
        const page = await openAs(t, world, 'admin', { viewport: DESKTOP, javaScript })
        await page.goto(`${world.baseUrl}/admin/activity?result=refused`)
        const row = page.locator('tbody tr:not(.heading)').first()
        await row.locator('summary').click()
        await moveOn(page, () => row.getByRole('link', { name: 'Show as JSON' }).click())
        const shown = JSON.parse(await page.locator('main pre').innerText()) as Record<string, unknown>
        assert.equal(shown['result'], 'refused')
        assert.equal(page.url(), `${world.baseUrl}/admin/activity/events/${String(shown['id'])}`)
        await page.goBack()
        if (!(await row.getByRole('link', { name: 'View reference' }).isVisible())) await row.locator('summary').click()
        await moveOn(page, () => row.getByRole('link', { name: 'View reference' }).click())
        assert.equal(await page.getByRole('heading', { level: 1 }).innerText(), 'Why it was refused')
      },
    )

  await outer.test('each part of the filter is taken away by itself, and the export keeps the filter', async (t) => {
    const page = await openAs(t, world, 'admin', { viewport: DESKTOP, javaScript: false })
    await page.goto(`${world.baseUrl}/admin/activity?about=edda&result=refused`)
    const { height = Infinity } = (await page.locator('.finds').boundingBox()) ?? {}
    assert.ok(height <= 48, `the filter is ${height} px high`)
    await moveOn(page, () => page.getByRole('link', { name: 'Refused' }).click())
    assert.equal(new URL(page.url()).search, '?about=edda')
    await page.locator('.tools summary').click()
    await moveOn(page, () => page.getByRole('link', { name: 'Export' }).click())
    assert.match(await page.getByRole('main').innerText(), /Showing only: edda/)
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Export as CSV' }).click()
    assert.equal((await download).suggestedFilename(), 'activity.csv')
  })
})
