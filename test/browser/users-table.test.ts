// The list of users on screens: how much of it fits, what can be done to a row, and the bar of what can be done to several.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import type { Locator, Page, Route } from 'playwright-core'

import type { BrowserOptions } from '../support/browser/browser.ts'
import { moveOn, pagePath } from '../support/browser/page-actions.ts'
import { openAs } from '../support/browser/visit-screen.ts'
import { insertGeneratedUsers } from '../support/people/generated-users.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { seedWorld, type World } from '../support/server/populated-server.ts'

const DESKTOP = { width: 1280, height: 800 }
const PHONE = { width: 390, height: 844 }

/** A list with a second page, and with names and emails that are longer than their columns. */
async function fullList(t: TestContext): Promise<World> {
  const world = await seedWorld(t)
  await insertGeneratedUsers(world.server, 50)
  return world
}

async function usersIn(t: TestContext, world: World, options: BrowserOptions): Promise<Page> {
  const page = await openAs(t, world, 'admin', options)
  await page.goto(`${world.baseUrl}/admin/users`)
  return page
}

function heightsOf(rows: Locator): Promise<number[]> {
  return rows.evaluateAll((all) => all.map((row) => row.getBoundingClientRect().height))
}

async function pageHeight(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollHeight)
}

function rowOf(page: Page, username: string): Locator {
  return page.getByRole('row', { name: `Select ${username}` })
}

function bar(page: Page): Locator {
  return page.getByRole('group', { name: 'Selected users' })
}

/** Filling a server takes a second, so all tests of this file visit one. */
leaveToTestAll()

test('the list of users', async (outer) => {
  const world = await fullList(outer)

  await outer.test('fifty users fit on a page of low rows, and the first is near its top', async (t) => {
    for (const locale of ['en', 'de']) {
      const page = await usersIn(t, world, { viewport: DESKTOP, locale })
      const rows = page.locator('tbody tr')
      const heights = (await heightsOf(rows)).toSorted((one, other) => one - other)
      assert.equal(heights.length, 50)
      assert.ok((heights[25] ?? Infinity) <= 48, `the median row is ${heights[25]} px high in ${locale}`)
      assert.ok((heights.at(-1) ?? Infinity) <= 56, `the highest row is ${heights.at(-1)} px high in ${locale}`)
      const first = await rows.first().boundingBox()
      assert.ok((first?.y ?? Infinity) <= 260, `the first row begins at ${first?.y} px in ${locale}`)
      const own = page.getByRole('link', { name: 'grace', exact: true })
      assert.ok(await own.evaluate((link) => link.scrollWidth <= link.clientWidth), `a short name is cut in ${locale}`)
      const all = await pageHeight(page)
      assert.ok(all <= 2750, `the page is ${all} px high in ${locale}`)
    }
  })

  await outer.test(
    'from the top of the page, the first row is one stop of the Tab key behind the link that skips to it',
    async (t) => {
      const page = await usersIn(t, world, { viewport: DESKTOP })
      const focused = page.locator(':focus')
      for (const key of ['Tab', 'Tab']) await page.keyboard.press(key)
      assert.equal(await focused.textContent(), 'Skip to the list')
      await page.keyboard.press('Enter')
      await page.keyboard.press('Tab')
      const box = page.locator('tbody tr').first().getByRole('checkbox')
      assert.equal(await focused.getAttribute('id'), await box.getAttribute('id'))
    },
  )

  await outer.test('without that link, the first row is at most 28 stops of the Tab key from the top', async (t) => {
    const page = await usersIn(t, world, { viewport: DESKTOP })
    const box = page.locator('tbody tr').first().getByRole('checkbox')
    const isThere = (): Promise<boolean> => box.evaluate((element) => element === document.activeElement)
    let stops = 0
    do await page.keyboard.press('Tab')
    while (++stops < 40 && !(await isThere()))
    t.diagnostic(`${stops - 1} stops come before the first row`)
    assert.ok(stops - 1 <= 28, `${stops - 1} stops come before the first row`)
  })

  await outer.test(
    'the filters are one stop, in which arrow keys, Home and End move, also after a search',
    async (t) => {
      const page = await usersIn(t, world, { viewport: DESKTOP })
      const filters = page.getByRole('navigation', { name: 'Show' }).getByRole('link')
      const [focused, search] = [page.locator(':focus'), page.getByRole('searchbox')]
      const words = await filters.allTextContents()
      assert.ok(words.length >= 6)
      for (const searched of ['', 'a']) {
        if (searched !== '') {
          const renewed = page.waitForResponse((answer) => answer.url().includes('q=a'))
          await search.pressSequentially(searched)
          await renewed
          await page.waitForURL('**/admin/users?*q=a*')
        }
        const shown = await filters.allTextContents()
        await search.focus()
        for (const key of ['Tab', 'Tab']) await page.keyboard.press(key)
        assert.equal(await focused.textContent(), shown[0])
        const moves = { ArrowRight: 1, ArrowDown: 2, ArrowLeft: 1, End: -1, ArrowUp: -2, Home: 0 }
        for (const [key, at] of Object.entries(moves)) {
          await page.keyboard.press(key)
          assert.equal(await focused.textContent(), shown.at(at), key)
        }
        await page.keyboard.press('ArrowLeft')
        assert.equal(await focused.textContent(), shown.at(-1))
        await page.keyboard.press('Tab')
        assert.ok(!(await focused.evaluate((link) => link.closest('nav.filters') !== null)), 'Tab stays in the filters')
        await page.keyboard.press('Shift+Tab')
        assert.equal(await focused.textContent(), shown.at(-1), 'the way back does not end where it began')
      }
      await moveOn(page, () => page.keyboard.press('Enter'))
      assert.equal(await filters.and(page.locator('[aria-current]')).count(), 1)
    },
  )

  await outer.test('the links of the heads are one stop as well, behind the box that selects all', async (t) => {
    const page = await usersIn(t, world, { viewport: DESKTOP })
    const focused = page.locator(':focus')
    await page.getByLabel('Select all on this page').focus()
    await page.keyboard.press('ArrowRight')
    assert.equal(await focused.getAttribute('id'), 'select-all')
    await page.keyboard.press('Tab')
    assert.equal(await focused.textContent(), 'Username')
    await page.keyboard.press('End')
    assert.equal(await focused.textContent(), 'Last sign-in')
    await page.keyboard.press('Tab')
    assert.ok(await focused.evaluate((element) => element.closest('tbody') !== null))
  })

  await outer.test('without scripts each filter and each link below it is a stop', async (t) => {
    const page = await usersIn(t, world, { viewport: DESKTOP, javaScript: false })
    const links = page.locator('nav.filters a, .found a')
    assert.ok((await links.count()) >= 7)
    assert.equal(await links.and(page.locator('[tabindex]')).count(), 0)
  })

  await outer.test('on a phone, each user is a low card with name, status and menu', async (t) => {
    const page = await usersIn(t, world, { viewport: PHONE })
    const heights = await heightsOf(page.locator('tbody tr'))
    assert.ok(Math.max(...heights) <= 88, `the highest card is ${Math.max(...heights)} px high`)
    const first = await page.locator('tbody tr').first().boundingBox()
    assert.ok((first?.y ?? Infinity) <= 500, `the first card begins at ${first?.y} px`)
    const covered = await page.locator('tbody tr').evaluateAll((rows) =>
      rows.filter((row) => {
        const menu = row.querySelector('.menu')?.getBoundingClientRect().left ?? 0
        return [...row.querySelectorAll('.one-line')].some((line) => {
          const { width, right } = line.getBoundingClientRect()
          return width > 0 && right > menu
        })
      }),
    )
    assert.equal(covered.length, 0, 'names lie under the menus')
    const all = await pageHeight(page)
    assert.ok(all <= 5000, `the page is ${all} px high`)
    const card = rowOf(page, 'ada')
    for (const shown of [card.getByRole('link', { name: 'ada' }), card.getByText('Active'), card.locator('summary')])
      assert.ok(await shown.isVisible())
    assert.equal(await card.getByText('ada@example.org').isVisible(), false)
  })

  await outer.test('on the narrowest screens, no chip sticks out of its card, and each name is shown', async (t) => {
    for (const locale of ['en', 'de']) {
      const page = await usersIn(t, world, { viewport: { width: 320, height: 844 }, locale })
      const outside = await page.locator('tbody tr').evaluateAll((rows) =>
        rows.filter((row) => {
          const { right } = row.getBoundingClientRect()
          return [...row.querySelectorAll('.chip')].some((chip) => chip.getBoundingClientRect().right > right)
        }),
      )
      assert.equal(outside.length, 0, `${outside.length} chips in ${locale}`)
      const own = page.getByRole('link', { name: 'grace', exact: true })
      assert.ok(await own.evaluate((link) => link.scrollWidth <= link.clientWidth), `a short name is cut in ${locale}`)
    }
  })

  await outer.test('on a phone, the bar of actions is two lines: the others are in its menu', async (t) => {
    for (const [javaScript, locale] of [
      [true, 'en'],
      [false, 'en'],
      [true, 'de'],
    ] as const) {
      const page = await usersIn(t, world, { viewport: { width: 360, height: 780 }, javaScript, locale })
      await page.locator('tbody input[type=checkbox]').first().check()
      const box = await page.locator('.bar').boundingBox()
      assert.ok((box?.height ?? Infinity) <= 128, `the bar is ${box?.height} px high in ${locale}`)
      const shown = page.locator('.bar button[name=action]:visible')
      assert.deepEqual(await shown.evaluateAll((all) => all.map((one) => one.getAttribute('value'))), [
        'add-to-group',
        'disable',
      ])
      await page.locator('.bar summary').click()
      assert.equal(await shown.count(), 5)
      await moveOn(page, () => page.locator('.bar button[value=sign-out]:visible').click())
      assert.equal(pagePath(page), '/admin/users/bulk')
    }
  })

  for (const javaScript of [true, false]) {
    const how = javaScript ? 'with' : 'without'
    await outer.test(
      `${how} scripts, the bar of actions is in sight while a user is selected, and only then`,
      async (t) => {
        const page = await usersIn(t, world, { viewport: DESKTOP, javaScript })
        assert.equal(await bar(page).isVisible(), false)
        await rowOf(page, 'ada').getByRole('checkbox').check()
        const { y = Infinity, height = 0 } = (await bar(page).boundingBox()) ?? {}
        assert.ok(y + height <= DESKTOP.height, `the bar ends at ${y + height} px`)
        await page.getByRole('button', { name: 'Clear' }).click()
        assert.equal(await bar(page).isVisible(), false)
        assert.equal(await page.locator('tbody :checked').count(), 0)
      },
    )

    await outer.test(`${how} scripts, the menu of a row leads to what can be done to the user`, async (t) => {
      const page = await usersIn(t, world, { viewport: DESKTOP, javaScript })
      const list = page.url()
      const choose = async (username: string, entry: string): Promise<string> => {
        await page.goto(list)
        const row = rowOf(page, username)
        await row.locator('summary').click()
        const role = entry === 'Enable' ? 'button' : 'link'
        await moveOn(page, () => row.getByRole(role, { name: entry, exact: true }).click())
        return pagePath(page).replace(/\d+/, '…')
      }
      assert.equal(await choose('ada', 'Open'), '/admin/users/…')
      assert.equal(await choose('emil', 'Create invitation'), '/admin/users/…/invitation')
      assert.equal(await choose('ada', 'Sign out'), '/admin/users/…/sign-out')
      assert.equal(await choose('ada', 'Reset second step'), '/admin/users/…/reset-second-step')
      assert.equal(await choose('ada', 'Disable'), '/admin/users/…/disable')
      assert.equal(await choose('ada', 'Delete'), '/admin/users/…/delete')
      await world.admin.asks('POST', `/users/${world.ids.get('dario')}/disable`)
      assert.equal(await choose('dario', 'Enable'), '/admin/users/…')
      assert.match(await page.getByRole('main').innerText(), /enabled/)
    })
  }

  await outer.test(
    'while one types, the list follows with its address, and focus, caret and boxes stay in order',
    async (t) => {
      const page = await usersIn(t, world, { viewport: DESKTOP })
      const field = page.getByRole('searchbox')
      await field.pressSequentially('adx')
      await page.getByText('No users match “adx”').first().waitFor()
      await page.keyboard.press('Backspace')
      await field.pressSequentially('a')
      await page.locator('#found', { hasText: '“ada”' }).waitFor()
      assert.equal(new URL(page.url()).search, '?q=ada')
      assert.ok(
        await field.evaluate(
          (input: HTMLInputElement) => input === document.activeElement && input.selectionStart === 3,
        ),
      )
      assert.match((await page.locator('#status').textContent()) ?? '', /found for “ada”/)
      assert.equal(await page.getByRole('link', { name: 'All' }).getAttribute('href'), '/admin/users?q=ada')
      const all = page.getByRole('checkbox', { name: 'Select all on this page' })
      await all.check()
      assert.equal(await page.locator('tbody input:not(:checked)').count(), 0)
      assert.match((await page.locator('#selected').textContent()) ?? '', /selected/)
      await field.fill('')
      await page.locator('#found', { hasText: '1–50 of 82' }).waitFor()
      assert.equal(new URL(page.url()).search, '')
    },
  )

  await outer.test('an answer that comes late never replaces the list of what was typed after it', async (t) => {
    const page = await usersIn(t, world, { viewport: DESKTOP })
    const late = Promise.withResolvers<Route>()
    await page.route('**/admin/users?q=ad', (route) => late.resolve(route))
    const field = page.getByRole('searchbox')
    await field.fill('ad')
    const held = await late.promise
    const givenUp = page.waitForEvent('requestfailed', (request) => request.url().endsWith('?q=ad'))
    await field.fill('karla')
    await givenUp
    await held.abort()
    await page.locator('#found', { hasText: '“karla”' }).waitFor()
    assert.match((await page.locator('#found').textContent()) ?? '', /“karla”/)
  })

  await outer.test('keys move over the rows, tick and open them, and write letters where one types', async (t) => {
    const page = await usersIn(t, world, { viewport: DESKTOP })
    const names = await page.locator('tbody th a').allTextContents()
    const focused = page.locator(':focus')
    const focusedRow = page.locator('tbody tr:focus-within')
    for (const [key, at] of [
      ['j', 0],
      ['j', 1],
      ['j', 2],
      ['k', 1],
    ] as const) {
      await page.keyboard.press(key)
      assert.equal(await focused.textContent(), names[at])
    }
    await page.keyboard.press('x')
    assert.ok(await focusedRow.getByRole('checkbox').isChecked())
    assert.ok(await bar(page).isVisible())
    await page.keyboard.press('Control+x')
    await page.keyboard.press('x')
    assert.equal(await focusedRow.getByRole('checkbox').isChecked(), false)
    await page.keyboard.press('/')
    await page.keyboard.type('jkx/')
    assert.equal(await page.getByRole('searchbox').inputValue(), 'jkx/')
    await page.goto(`${world.baseUrl}/admin/users?q=karla`)
    await page.keyboard.press('j')
    await moveOn(page, () => page.keyboard.press('Enter'))
    assert.match(pagePath(page), /^\/admin\/users\/\d+$/)
  })

  await outer.test('a menu closes on Escape, on a click outside, and when the focus leaves it', async (t) => {
    const page = await usersIn(t, world, { viewport: DESKTOP })
    const summary = rowOf(page, 'ada').locator('summary')
    const open = rowOf(page, 'ada').getByRole('link', { name: 'Open', exact: true })
    await summary.click()
    assert.ok(await open.isVisible())
    await page.keyboard.press('Tab')
    await page.keyboard.press('Escape')
    assert.equal(await open.isVisible(), false)
    assert.ok(await summary.evaluate((element) => element === document.activeElement))
    await summary.click()
    await page.getByRole('heading', { level: 1 }).click()
    assert.equal(await open.isVisible(), false)
    await summary.click()
    await page.keyboard.press('Shift+Tab')
    assert.equal(await open.isVisible(), false)
    await summary.click()
    // Not one of the rows that the menu covers.
    await rowOf(page, 'karla').locator('summary').click()
    assert.equal(await page.locator('.menu[open]').count(), 1)
  })

  await outer.test(
    'the menu of the last row is inside the page, and that of the reader has nothing to lose by',
    async (t) => {
      const page = await usersIn(t, world, { viewport: DESKTOP })
      const before = await pageHeight(page)
      const last = page.locator('tbody tr').last()
      await last.locator('summary').click()
      assert.equal(await pageHeight(page), before)
      const box = await last.locator('.menu ul').boundingBox()
      assert.ok(box && box.y >= 0 && box.y + box.height <= DESKTOP.height)
      const own = rowOf(page, 'grace')
      await own.locator('summary').click()
      assert.deepEqual(await own.locator('.menu').getByRole('link').allTextContents(), ['Open'])
    },
  )
})
