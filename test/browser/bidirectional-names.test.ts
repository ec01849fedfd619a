// A name may be written from right to left, and an externally inserted one may contain bidirectional control characters. It must
// not reverse the text around it on any page.
import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'

import { withNames } from '#foundation/web/components/person-name.ts'
import { render } from '#foundation/web/html.ts'
import { openBrowser } from '../support/browser/browser.ts'
import { openAs } from '../support/browser/visit-screen.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { seedWorld, type Viewer, type World } from '../support/server/populated-server.ts'

/** Closes an isolate and then overrides the direction (Unicode Bidirectional Algorithm, UAX #9). */
const REVERSING = 'נ\u2069\u202Eo'

leaveToTestAll()

test('the text around a name keeps its order, whatever the name holds', async (t) => {
  const page = await openBrowser(t)
  const sentence = withNames((who) => `Ask ${who} for a new one.`, REVERSING)
  await page.setContent(`<p>${render(sentence)}</p>`)
  assert.deepEqual(await leftToRight(page), true)
  await page.setContent(`<p>Ask <bdi>${REVERSING}</bdi> for a new one.</p>`)
  assert.deepEqual(await leftToRight(page), false, 'the name is harmless in this browser, so the test shows nothing')
})

/** Whether the text after the name is drawn in the order in which it is written. */
function leftToRight(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    const text = document.querySelector('p')?.lastChild
    if (!text) throw new Error('there is no text behind the name')
    const range = document.createRange()
    const positions = [1, 2, 3].map((at) => {
      range.setStart(text, at)
      range.setEnd(text, at + 1)
      return range.getBoundingClientRect().left
    })
    return positions.every((position, at) => at === 0 || position > (positions[at - 1] ?? position))
  })
}

test('on every page that shows them, names are isolated', async (t) => {
  const world = await seedWorld(t)
  await rename(world, 'ada')
  await rename(world, 'grace')
  const ada = `/admin/users/${world.ids.get('ada')}`
  const pages: Partial<Record<Viewer, readonly string[]>> = {
    admin: [
      '/admin/users',
      `/admin/users?q=${encodeURIComponent(REVERSING)}`,
      '/admin/activity',
      ...['', '/disable', '/sign-out', '/reset-second-step', '/delete', '/invitation'].map((below) => ada + below),
    ],
    user: [
      '/account',
      '/account/delete',
      '/account/security',
      '/account/activity',
      '/sign-out',
      ...['replace', 'rename', 'remove'].map((what) => `/account/security/app/${what}/${world.apps.ada}`),
    ],
    halfway: ['/sign-in/second-step'],
    anonymous: [world.links.invitation, world.links.expired],
  }
  for (const viewer of ['admin', 'user', 'halfway', 'anonymous'] as const) {
    const page = await openAs(t, world, viewer)
    for (const path of pages[viewer] ?? []) {
      await page.goto(world.baseUrl + path)
      assert.deepEqual(await unisolatedTexts(page), [], `${viewer} at ${path}`)
    }
  }
})

/** Sets a user's names as another program may have written them, and the name of the user's app. */
async function rename({ server, ids, apps }: World, username: string): Promise<void> {
  const { db } = server.doorward
  const names = {
    username: username + REVERSING,
    full_name: username + REVERSING,
    email: `${username}${REVERSING}@example.org`,
  }
  await db
    .updateTable('users')
    .set(names)
    .where('id', '=', Number(ids.get(username)))
    .execute()
  await db.updateTable('totp_factor').set({ name: REVERSING }).where('id', '=', apps.ada).execute()
}

/**
 * Returns texts of users that are not isolated from the text around them, or that still reverse it. A field shows its value in a box
 * of its own; each line of a preformatted block is a paragraph.
 */
function unisolatedTexts(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const [turns, foreign] = [/[\u202A-\u202E\u2066-\u2069]/u, /[\u0590-\u05FF\uFFFD]/u]
    const found: string[] = turns.test(document.title) ? ['the title'] : []
    for (const element of document.body.querySelectorAll('*')) {
      for (const { name, value } of element.attributes)
        if (turns.test(value) && name !== 'value') found.push(`${name} of ${element.outerHTML.slice(0, 200)}`)
    }
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    while (texts.nextNode()) {
      const { data, parentElement: around } = texts.currentNode as Text
      if (around === null || around.closest('script, option')) continue
      const apart = around.closest('bdi, h1, pre') !== null
      if (turns.test(data) || (foreign.test(data) && !apart)) found.push(around.outerHTML.slice(0, 200))
    }
    return found
  })
}
