// The activity on screens: low rows, the JSON of an event below its row, and the filter on one line.
import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'

import { moveOn } from '../support/browser/page-actions.ts'
import { openAs } from '../support/browser/visit-screen.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { seedWorld } from '../support/server/populated-server.ts'

const DESKTOP = { width: 1280, height: 800 }

/** The words of the rows that are broken over two lines; JSON may be broken anywhere. */
function brokenWords(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const isShown = (node: Node): boolean => node.parentElement?.closest('pre, .unseen, .menu') === null
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
    await outer.test(`each event is a low row (${locale}), and no word is broken with all JSON shown`, async (t) => {
      const page = await openAs(t, world, 'admin', { viewport: DESKTOP, locale })
      await page.goto(`${world.baseUrl}/admin/activity`)
      const rows = page.locator('tbody tr:not(.below)')
      const heights = await rows.evaluateAll((all) => all.map((row) => row.getBoundingClientRect().height))
      assert.equal(heights.length, 50)
      assert.ok(Math.max(...heights) <= 48, `the highest row is ${Math.max(...heights)} px high`)
      const top = (await rows.first().boundingBox())?.y ?? Infinity
      assert.ok(top <= 280, `the first row begins at ${top} px`)
      await page.locator('.opens').evaluateAll((boxes) => boxes.forEach((box) => (box as HTMLInputElement).click()))
      assert.equal(await page.locator('tbody .below:visible').count(), 50)
      assert.deepEqual(await brokenWords(page), [])
    })

  await outer.test('on a phone, the JSON of an event moves the next events down', async (t) => {
    const page = await openAs(t, world, 'admin', { viewport: { width: 390, height: 844 } })
    await page.goto(`${world.baseUrl}/admin/activity`)
    await page.locator('main .menu summary').first().click()
    await page.getByLabel('Show as JSON').first().check()
    const json = (await page.locator('tbody .below pre').first().boundingBox()) ?? assert.fail('no JSON is shown')
    const next = await page.locator('tbody tr:not(.below)').nth(1).boundingBox()
    assert.ok((next?.y ?? 0) >= json.y + json.height, `${json.y + json.height} and ${next?.y} px`)
  })

  for (const javaScript of [true, false])
    await outer.test(
      `${javaScript ? 'with' : 'without'} scripts, the menu of a row shows its JSON below it, and leads to why it was refused`,
      async (t) => {
        const page = await openAs(t, world, 'admin', { viewport: DESKTOP, javaScript })
        await page.goto(`${world.baseUrl}/admin/activity?result=refused`)
        const row = page.locator('tbody tr:not(.below)').first()
        const json = page.locator('tbody .below').first()
        assert.equal(await json.isVisible(), false)
        await row.locator('summary').click()
        await row.getByLabel('Show as JSON').check()
        assert.match(await json.innerText(), /"result": "refused"/)
        assert.equal(await page.locator('tbody .below:visible').count(), 1)
        await row.getByLabel('Show as JSON').uncheck()
        assert.equal(await json.isVisible(), false)
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
    await moveOn(page, () => page.getByRole('link', { name: 'Export' }).click())
    assert.match(await page.getByRole('main').innerText(), /Showing only: edda/)
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Export as CSV' }).click()
    assert.equal((await download).suggestedFilename(), 'activity.csv')
  })
})
