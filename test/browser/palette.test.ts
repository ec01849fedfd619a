// The palette of admins and the keys of their pages.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { brotliCompressSync } from 'node:zlib'
import type { Page, Route } from 'playwright-core'

import type { BrowserOptions } from '../support/browser/browser.ts'
import { moveOn, openAccountMenu, pagePath } from '../support/browser/page-actions.ts'
import { openAs } from '../support/browser/visit-screen.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { seedWorld } from '../support/server/populated-server.ts'

leaveToTestAll()

test('the palette and the keys', async (outer) => {
  const world = await seedWorld(outer)
  const openAt = async (t: TestContext, path: string, options: BrowserOptions = {}): Promise<Page> => {
    const page = await openAs(t, world, 'admin', options)
    await page.goto(world.baseUrl + path)
    return page
  }
  const field = (page: Page) => page.getByRole('textbox', { name: 'Search users, groups, policies, apps and pages' })
  const results = (page: Page) => page.locator('.palette[open] li:visible a')

  await outer.test('the palette finds users, pages and actions, and Enter opens the first', async (t) => {
    const page = await openAt(t, '/admin')
    await page.keyboard.press('Control+k')
    const marks = () =>
      results(page).evaluateAll((links) => links.map((link) => getComputedStyle(link, '::after').content.includes('↵')))
    assert.deepEqual(
      (await marks()).map((isMarked, at) => isMarked && at),
      [0, ...Array.from({ length: (await results(page).count()) - 1 }, () => false)],
    )
    await page.keyboard.type('new us')
    assert.deepEqual(await results(page).allTextContents(), ['New user'])
    assert.deepEqual(await marks(), [true])
    await moveOn(page, () => page.keyboard.press('Enter'))
    assert.equal(pagePath(page), '/admin/users/new')
    await page.keyboard.press('Control+k')
    await page.keyboard.type('karla')
    await page.locator('.palette bdi', { hasText: 'karla' }).first().waitFor()
    assert.equal(await page.locator('.palette [role=status]').first().textContent(), '1 result')
    await page.keyboard.press('ArrowDown')
    assert.match((await page.locator(':focus').textContent()) ?? '', /^karla/)
    assert.deepEqual(await marks(), [false], 'the first is marked while the focus is on a row')
    await moveOn(page, () => page.keyboard.press('Enter'))
    assert.equal(pagePath(page), `/admin/users/${world.ids.get('karla')}`)
  })

  await outer.test(
    'a button of the bar opens the palette; a phone shows the magnifier alone, and no keys',
    async (t) => {
      for (const { width, hasKeys } of [
        { width: 1280, hasKeys: true },
        { width: 360, hasKeys: false },
      ]) {
        const page = await openAs(t, world, 'admin', { viewport: { width, height: 780 } })
        await page.goto(`${world.baseUrl}/admin`)
        const button = page.getByRole('banner').getByRole('button', { name: 'Search', exact: true })
        assert.equal(await button.locator('kbd').isVisible(), hasKeys)
        const { width: wide = 0, height = 0 } = (await button.boundingBox()) ?? {}
        assert.ok(hasKeys ? wide > 100 && height >= 36 : wide === 44 && height === 44, `${wide} × ${height} px`)
        await button.click()
        assert.ok(await field(page).evaluate((input) => input === document.activeElement))
        assert.equal(await page.locator('.palette kbd').first().isVisible(), hasKeys)
        await page.keyboard.press('Escape')
        assert.ok(await button.evaluate((element) => element === document.activeElement))
        await openAccountMenu(page)
        assert.equal(await page.getByRole('button', { name: 'Keyboard shortcuts' }).isVisible(), hasKeys)
      }
    },
  )

  await outer.test(
    'on a phone the present page is in sight in the row of pages, whatever the browser knows',
    async (t) => {
      for (const isKnown of [true, false]) {
        const page = await openAs(t, world, 'admin', { viewport: { width: 320, height: 700 } })
        await page.route('**/wide.*.css', async (route) => {
          const answer = await route.fetch()
          const body = await answer.text()
          assert.match(body, /scroll-initial-target/)
          await route.fulfill({ response: answer, body: isKnown ? body : body.replace(/scroll-initial-target/, 'x') })
        })
        await page.goto(`${world.baseUrl}/admin/checkup`)
        const current = page.locator('.side [aria-current]')
        await current.evaluate((link) => {
          const [{ right }, row] = [link.getBoundingClientRect(), link.closest('.pages')?.getBoundingClientRect()]
          if (row === undefined || right > row.right + 1 || right < row.left)
            throw new Error(`${right} of ${row?.right}`)
        })
      }
    },
  )

  await outer.test('on a phone the last filter is in sight where it is chosen, and not faded', async (t) => {
    const FADE = 40
    const page = await openAs(t, world, 'admin', { viewport: { width: 320, height: 700 } })
    for (const path of ['/admin/users', '/admin/mails']) {
      await page.goto(world.baseUrl + path)
      const href = await page.locator('nav.filters a').last().getAttribute('href')
      await page.goto(world.baseUrl + href)
      const [end, most] = await page.locator('nav.filters [aria-current]').evaluate((link) => {
        const row = link.closest('ul') ?? link
        const { overflowX } = getComputedStyle(row)
        const { right } = row.getBoundingClientRect()
        return [link.getBoundingClientRect().right, { right, overflowX }] as const
      })
      assert.ok(end <= most.right + 1 - (most.overflowX === 'auto' ? FADE : 0), `${path}: ${end} of ${most.right} px`)
    }
  })

  await outer.test('in a small window the list of keys scrolls, and its button is in sight', async (t) => {
    for (const height of [780, 420]) {
      const page = await openAs(t, world, 'admin', { viewport: { width: 360, height } })
      await page.goto(`${world.baseUrl}/admin`)
      await page.keyboard.press('?')
      const list = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
      const bottoms = await list.evaluate((dialog) =>
        [dialog, dialog.querySelector('button')].map((one) => one?.getBoundingClientRect().bottom ?? Infinity),
      )
      assert.ok(Math.max(...bottoms) <= height, `${bottoms.join(' and ')} of ${height} px`)
      assert.equal(await list.evaluate(({ scrollTop }) => scrollTop), 0, 'its title is out of sight')
    }
  })

  await outer.test('a late answer never replaces the users of what was typed after it', async (t) => {
    const page = await openAt(t, '/admin')
    const late = Promise.withResolvers<Route>()
    await page.route('**/users?limit=8&q=ad', (route) => late.resolve(route))
    await page.keyboard.press('Control+k')
    await field(page).fill('ad')
    const held = await late.promise
    const givenUp = page.waitForEvent('requestfailed', (request) => request.url().endsWith('&q=ad'))
    await field(page).fill('karla')
    await givenUp
    await held.abort()
    await page.locator('.palette bdi', { hasText: 'karla' }).first().waitFor()
  })

  await outer.test('it finds groups and policies by their names, and says when nothing is found', async (t) => {
    const page = await openAt(t, '/admin')
    await page.keyboard.press('Control+k')
    await field(page).fill('lab')
    await page.locator('.palette .kind', { hasText: 'Policies' }).waitFor()
    const found = await results(page).evaluateAll((links) =>
      links.map((link) => [link.querySelector('bdi')?.textContent, link.querySelector('.kind')?.textContent]),
    )
    assert.ok(
      found.some(([name, kind]) => name === 'Lab' && kind === 'Groups'),
      JSON.stringify(found),
    )
    await field(page).fill('zzz')
    await page.getByText('No results for “zzz”').waitFor()
    assert.equal(await results(page).count(), 0)
  })

  await outer.test('a click anywhere in a row of a table opens what the row shows', async (t) => {
    for (const javaScript of [true, false]) {
      const page = await openAt(t, '/admin/users?q=karla', { javaScript })
      // The link lies above the words, as it should.
      const words = page.locator('tbody tr').first().getByText('No second step')
      await moveOn(page, () => words.click({ force: true }))
      assert.equal(pagePath(page), `/admin/users/${world.ids.get('karla')}`)
    }
  })

  await outer.test('the account menu changes the theme in place, where the page cannot be loaded again', async (t) => {
    const page = await openAt(t, '/admin/groups/new')
    await page.fill('#name', 'Lab')
    await moveOn(page, () => page.locator('main form button[type=submit]').click())
    assert.ok((await page.locator('#name-error').count()) > 0, await page.locator('main').innerText())
    await openAccountMenu(page)
    await page.locator('.who button[value=dark]').click()
    await page.locator('html[data-theme=dark]').waitFor()
    assert.equal(await page.inputValue('#name'), 'Lab')
    await page.goto(`${world.baseUrl}/admin`)
    assert.equal(await page.locator('html').getAttribute('data-theme'), 'dark')
  })

  await outer.test('it closes on Escape and on the keys that open it, and gives the focus back', async (t) => {
    const page = await openAt(t, '/admin/users')
    const link = page.getByRole('link', { name: 'New user' })
    await link.focus()
    for (const key of ['Escape', 'Control+k']) {
      await page.keyboard.press('Control+k')
      assert.ok(await field(page).evaluate((input) => input === document.activeElement))
      await page.keyboard.press(key)
      assert.equal(await field(page).isVisible(), false)
      assert.ok(await link.evaluate((element) => element === document.activeElement))
    }
  })

  await outer.test('keys lead to pages and list themselves, and write letters where one types', async (t) => {
    const page = await openAt(t, '/admin')
    for (const [key, path] of [
      ['u', '/admin/users'],
      ['a', '/admin/activity'],
      ['m', '/admin/mails'],
      ['c', '/admin/checkup'],
      ['g', '/admin/groups'],
      ['r', '/admin/roles'],
      ['p', '/admin/policies'],
      ['o', '/admin'],
    ] as const) {
      await moveOn(page, async () => {
        await page.keyboard.press('g')
        await page.keyboard.press(key)
      })
      assert.equal(pagePath(page), path)
    }
    await page.keyboard.press('?')
    const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
    assert.match(await help.innerText(), /g u\s+Users/)
    assert.deepEqual(await help.getByRole('heading', { level: 3 }).allTextContents(), ['Go to', 'Lists', 'Everywhere'])
    await help.getByRole('button', { name: 'Close' }).click()
    await page.goto(`${world.baseUrl}/admin/users`)
    await page.keyboard.press('/')
    await page.keyboard.type('gu?')
    assert.equal(await page.getByRole('searchbox').inputValue(), 'gu?')
    assert.equal(await help.isVisible(), false)
  })

  await outer.test('an admin turns single keys off for this browser, and on again', async (t) => {
    const page = await openAt(t, '/account', { javaScript: true })
    const choose = (name: string) => moveOn(page, () => page.getByRole('button', { name }).click())
    const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
    await choose('Turn off single-key shortcuts')
    assert.match(await page.getByRole('main').innerText(), /Single-key shortcuts are off in this browser/)
    await page.goto(`${world.baseUrl}/admin/users`)
    for (const key of ['?', 'g', 'a', 'j', '/']) await page.keyboard.press(key)
    assert.equal(await help.isVisible(), false)
    assert.equal(pagePath(page), '/admin/users')
    assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'BODY')
    await page.keyboard.press('Control+k')
    assert.ok(await field(page).isVisible())
    await page.goto(`${world.baseUrl}/account`)
    await choose('Turn on single-key shortcuts')
    await page.goto(`${world.baseUrl}/admin/users`)
    await page.keyboard.press('?')
    assert.ok(await help.isVisible())
  })

  await outer.test('without scripts, for users and on other pages there is none of it', async (t) => {
    const page = await openAt(t, '/admin', { javaScript: false })
    assert.equal(await page.locator('dialog, .finder:visible').count(), 0)
    const account = await openAt(t, '/account')
    assert.equal(await account.locator('script[src*=keys], #keyboard[data-words]').count(), 0)
    const user = await openAs(t, world, 'user')
    await user.goto(`${world.baseUrl}/account`)
    assert.equal(await user.getByRole('heading', { name: 'Keyboard' }).count(), 0)
  })
})

test('the module takes at most 3 KB', () => {
  const module = readFileSync(join(import.meta.dirname, '../../assets/modules/keys.js'))
  assert.ok(brotliCompressSync(module).length <= 3072)
})
