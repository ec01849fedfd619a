// The pages of one's own account on screens: how much of them fits, and what the menus lead to.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import type { Page } from 'playwright-core'

import { startSession } from '#domain/sessions/session.service.ts'
import { type BrowserOptions, openBrowser } from '../support/browser/browser.ts'
import { moveOn, pagePath } from '../support/browser/page-actions.ts'
import { apiTokenOf } from '../support/people/api-tokens.ts'
import { newcomer } from '../support/people/people.ts'
import { givePasskey, rowOf } from '../support/people/second-factors.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { seedWorld, type World } from '../support/server/populated-server.ts'

const SECURITY = '/account/security'
const DESKTOP = { width: 1280, height: 800 }
const PHONE = { width: 390, height: 844 }

/** A user with a passkey, an app, recovery codes, an API token and two sessions, of which one is returned as a cookie. */
async function typicalUser(world: World): Promise<string> {
  const typical = await (await newcomer(world.admin, 'typical')).signsIn()
  await apiTokenOf(typical)
  await givePasskey(typical)
  const user = await rowOf(typical)
  const ctx = world.server.operator()
  const { token } = await startSession(ctx, { user, methods: ['passkey'], transport: 'cookie' })
  return token.reveal()
}

async function widthOf(page: Page, selector: string): Promise<{ left: number; right: number }> {
  return page.locator(selector).evaluateAll((all) => {
    const boxes = all.map((one) => one.getBoundingClientRect())
    return { left: Math.min(...boxes.map((box) => box.left)), right: Math.max(...boxes.map((box) => box.right)) }
  })
}

/** Filling a server takes a second, so all tests of this file visit one. */
leaveToTestAll()

test('the pages of one’s own account', async (outer) => {
  const world = await seedWorld(outer)
  const session = await typicalUser(world)
  const opens = async (t: TestContext, path: string, options: BrowserOptions): Promise<Page> => {
    const page = await openBrowser(t, options)
    await page.context().addCookies([{ name: 'session', value: session, url: world.baseUrl }])
    await page.goto(world.baseUrl + path)
    return page
  }

  await outer.test('Security is short, and its rows are low', async (t) => {
    for (const [viewport, highest, locale] of [
      [DESKTOP, 1600, 'en'],
      [DESKTOP, 1600, 'de'],
      [PHONE, 2600, 'en'],
      [PHONE, 2800, 'de'],
    ] as const) {
      const page = await opens(t, SECURITY, { viewport, locale })
      const height = await page.evaluate(() => document.documentElement.scrollHeight)
      t.diagnostic(`${viewport.width} px, ${locale}: ${height} px`)
      assert.ok(height <= highest, `the page is ${height} px high in ${locale}`)
      if (viewport === PHONE) continue
      for (const [section, limit] of [
        ['second-step', 56],
        ['sessions', 56],
        ['activity', 48],
      ] as const) {
        const rows = page.locator(`#${section} tbody tr`)
        const heights = await rows.evaluateAll((all) => all.map((row) => row.getBoundingClientRect().height))
        t.diagnostic(`${section}: ${heights.join(', ')} px`)
        assert.ok(heights.length > 1 && Math.max(...heights) <= limit, `${section}: ${heights.join(', ')} px`)
      }
    }
  })

  await outer.test(
    'on a phone, the field for the code of another app is near the top, and its name is folded',
    async (t) => {
      for (const locale of ['en', 'de']) {
        const page = await opens(t, `${SECURITY}/app/new`, { viewport: PHONE, hasTouch: true, isMobile: true, locale })
        const { y = Infinity } = (await page.locator('#code').boundingBox()) ?? {}
        t.diagnostic(`${locale}: ${y} px`)
        assert.ok(y <= 560, `the code field begins at ${y} px in ${locale}`)
        assert.equal(await page.locator('#name').isVisible(), false)
        await page.locator('summary', { hasText: locale === 'en' ? 'Name this app' : 'App benennen' }).tap()
        assert.equal(await page.locator('#name').isVisible(), true)
      }
    },
  )

  await outer.test(
    'on a phone the row of pages begins with a whole entry, and the current one is in sight',
    async (t) => {
      for (const locale of ['en', 'de'])
        for (const path of ['/account/groups', `${SECURITY}/password`, `${SECURITY}/tokens/new`, '/account/activity']) {
          const page = await opens(t, path, { viewport: { width: 360, height: 780 }, locale })
          const row = await widthOf(page, '.side .pages')
          const entries = await page.locator('.side a').evaluateAll((all) =>
            all.map((link) => {
              const { left, right } = link.getBoundingClientRect()
              return { left, right, isCurrent: link.hasAttribute('aria-current') }
            }),
          )
          const cut = entries.filter(({ left, right }) => left < row.left - 1 && right > row.left + 1)
          assert.deepEqual(cut, [], `${path} in ${locale}`)
          const current = entries.find(({ isCurrent }) => isCurrent)
          assert.ok(current && current.left > row.left - 1 && current.right < row.right + 1, `${path} in ${locale}`)
        }
    },
  )

  await outer.test('on a phone the button that copies a value stands in the line of its label', async (t) => {
    const page = await opens(t, `${SECURITY}/app/new`, { viewport: PHONE, permissions: ['clipboard-write'] })
    const box = async (selector: string) => (await page.locator(selector).boundingBox()) ?? assert.fail(selector)
    const [label, button, value] = [await box('.copy dt'), await box('.copies'), await box('.copy dd')]
    assert.ok(Math.abs(label.y + label.height / 2 - button.y - button.height / 2) < 3)
    const key = await box('#setup-key')
    assert.ok(value.width - key.width < 40, 'the value has not the whole width')
  })

  await outer.test('no page leaves much of the frame empty beside its content', async (t) => {
    for (const path of ['/account', SECURITY, '/account/activity', `${SECURITY}/password`, '/account/delete']) {
      const page = await opens(t, path, { viewport: DESKTOP })
      const frame = await widthOf(page, '.columns')
      const content = await widthOf(page, '.side, .page > *')
      const empty = 1 - (content.right - content.left) / (frame.right - frame.left)
      assert.ok(empty <= 0.15, `${path} leaves ${Math.round(empty * 100)} % empty`)
    }
  })

  await outer.test('Account offers the time zone of the browser, by its present name', async (t) => {
    for (const [timezoneId, words, value] of [
      ['Europe/Berlin', 'Europe/Berlin', 'Europe/Berlin'],
      ['Asia/Calcutta', 'Asia/Kolkata', 'Asia/Kolkata'],
      ['America/New_York', 'America/New York', 'America/New_York'],
    ] as const) {
      const page = await opens(t, '/account', { timezoneId })
      const offer = page.getByRole('button', { name: `Use ${words}, as this browser does` })
      await offer.click()
      assert.equal(await page.inputValue('#time_zone'), value)
      assert.equal(await offer.count(), 0)
    }
    const listed = await opens(t, '/account', { timezoneId: 'UTC' })
    assert.ok((await listed.locator('#time_zone option').count()) < 5)
    await listed.getByRole('link', { name: 'Show all time zones' }).click()
    await listed.locator('#time_zone optgroup').first().waitFor({ state: 'attached' })
    await listed.selectOption('#time_zone', 'Europe/Kyiv')
    assert.equal(new URL(listed.url()).search, '', 'what was typed into the form stays')
    const plain = await opens(t, '/account', { timezoneId: 'Europe/Berlin', javaScript: false })
    assert.equal(await plain.getByRole('button', { name: /as this browser/ }).count(), 0)
    await plain.getByRole('link', { name: 'Show all time zones' }).click()
    await plain.selectOption('#time_zone', 'Europe/Kyiv')
    assert.doesNotMatch(await plain.innerText('#time_zone'), /Calcutta|Kiev|Rangoon/)
    const { length } = await (await plain.request.get(`${world.baseUrl}/account`)).body()
    t.diagnostic(`/account: ${length} bytes`)
    assert.ok(length <= 12 * 1024, `${length}`)
  })

  for (const javaScript of [true, false]) {
    await outer.test(`${javaScript ? 'with' : 'without'} scripts, the menus lead to every action`, async (t) => {
      const page = await opens(t, SECURITY, { viewport: DESKTOP, javaScript })
      const choose = async (where: string, name: string): Promise<string> => {
        await page.goto(world.baseUrl + SECURITY)
        const section = page.locator(where)
        await section.locator('.menu > summary').first().press('Enter')
        await moveOn(page, () => section.getByRole('link', { name, exact: true }).press('Enter'))
        return pagePath(page)
          .slice(SECURITY.length)
          .replace(/[\w-]{30,}$/, '…')
      }
      const [passkey, app] = ['#passkeys tr', '#apps tr']
      assert.equal(await choose(passkey, 'Rename'), '/passkeys/rename/…')
      assert.equal(await choose(passkey, 'Remove'), '/passkeys/remove/…')
      assert.equal(await choose(app, 'Rename'), '/app/rename/…')
      assert.equal(await choose(app, 'Replace'), '/app/replace/…')
      assert.equal(await choose(app, 'Remove'), '/app/remove/…')
      assert.equal(await choose('#recovery-codes tr', 'Generate new codes'), '/recovery-codes')
      assert.equal(await choose('#second-step .act', 'Passkey'), '/passkeys/new')
      assert.equal(await choose('#second-step .act', 'Authenticator app'), '/app/new')
    })
  }

  await outer.test('the links of the overview lead to the sections, and a menu stays inside the page', async (t) => {
    for (const viewport of [DESKTOP, PHONE]) {
      const page = await opens(t, SECURITY, { viewport })
      const links = page.locator('#protection').getByRole('link')
      const targets = await links.evaluateAll((all) => all.map((link) => link.getAttribute('href')))
      assert.deepEqual(targets, ['#password', '#second-step', '#second-step', '#recovery-codes'])
      for (const target of targets) assert.equal(await page.locator(String(target)).count(), 1, String(target))
      for (const menu of await page.locator('.menu').all()) {
        await menu.locator('summary').click()
        const box = await menu.locator('ul').boundingBox()
        assert.ok(box && box.x >= 0 && box.x + box.width <= viewport.width, JSON.stringify(box))
      }
    }
  })
})
