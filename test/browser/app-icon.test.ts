// An admin uploads an icon in a real browser, which shows it to a user.
import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'

import { createApp } from '#use-cases/administration/clients/clients.service.ts'
import { openBrowser } from '../support/browser/browser.ts'
import { moveOn, press, signsInAt } from '../support/browser/page-actions.ts'
import { firstAdmin } from '../support/people/people.ts'
import { pngSquare, webpSquare } from '../support/pictures.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { listening } from '../support/server/listening.ts'

leaveToTestAll()

/** A picture as a browser writes it: lossy WebP with an opacity. */
async function drawn(page: Page): Promise<Buffer> {
  const url = await page.evaluate<string>(`(() => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 64, height: 64 })
    const context = canvas.getContext('2d')
    context.fillStyle = 'rgba(200, 40, 90, 0.5)'
    context.arc(32, 32, 30, 0, 7)
    context.fill()
    return canvas.toDataURL('image/webp', 0.8)
  })()`)
  assert.match(url, /^data:image\/webp;base64,/)
  return Buffer.from(url.replace(/^.*,/, ''), 'base64')
}

for (const javaScript of [true, false])
  test(`an icon is uploaded by a form and shown on pages ${javaScript ? 'with' : 'without'} scripts`, async (t) => {
    const { server, baseUrl } = await listening(t)
    const root = await firstAdmin(server)
    const wanted = { name: 'Wiki', redirectUris: ['https://wiki.example/cb'], startUrl: 'https://wiki.example/' }
    const { id } = (await createApp(server.operator(), wanted)).client
    const page = await openBrowser(t, { javaScript })
    const complaints: string[] = []
    page.on('console', (message) => complaints.push(message.text()))
    await signsInAt(page, baseUrl, root)
    const files = [
      ['image/png', pngSquare(48), 48],
      ['image/webp', webpSquare(40), 40],
      ...(javaScript ? [['image/webp', await drawn(page), 64] as const] : []),
    ] as const
    for (const [mimeType, buffer, side] of files) {
      await page.goto(`${baseUrl}/admin/apps/${id}/details`)
      await moveOn(page, () => page.getByRole('link', { name: 'Change icon' }).click())
      await page.setInputFiles('#icon', { name: 'icon', mimeType, buffer })
      await moveOn(page, () => press(page, 'Save'))
      await page.getByText('Icon saved.').waitFor()
      for (const path of ['/account/apps', '/admin/apps', `/admin/apps/${id}/icon`]) {
        await page.goto(baseUrl + path, { waitUntil: 'networkidle' })
        const image = page.locator('img.of-app').first()
        assert.equal(await image.evaluate((one) => (one as HTMLImageElement).naturalWidth), side, path)
      }
    }
    assert.deepEqual(complaints, [])
  })
