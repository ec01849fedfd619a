// Where the headings of wide pages and of their cards stand: each page looks like the last one, whatever stands beside its heading.
import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'

import { openBrowser } from '../support/browser/browser.ts'
import { signsInAt } from '../support/browser/page-actions.ts'
import { newGroup } from '../support/people/groups.ts'
import { firstAdmin } from '../support/people/people.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { listening } from '../support/server/listening.ts'

const LISTS = ['users', 'groups', 'roles', 'attributes', 'policies', 'apps', 'activity', 'mails', 'checkup']
const FORMS = ['users/new', 'groups/new', 'roles/new', 'policies/new']
const PATHS = ['/admin', ...[...LISTS, ...FORMS].map((path) => `/admin/${path}`), '/account', '/account/security']
const CONTROL_HEIGHT = 44
/** Half a pixel of rounding at each edge. */
const ROUNDING = 1

interface Head {
  readonly title: string
  readonly height: number
  readonly middle: number
  /** The middles of what stands on the line of the title. */
  readonly beside: readonly number[]
}

function headsOf(page: Page): Promise<readonly Head[]> {
  return page.evaluate(() => {
    const middle = (element: Element): number => {
      const { top, height } = element.getBoundingClientRect()
      return top + height / 2
    }
    return [...document.querySelectorAll('main .section > .head')].map((head) => {
      const title = head.querySelector('h2')!
      const beside = [...head.querySelectorAll('.act .button')]
      return {
        title: title.textContent,
        height: title.getBoundingClientRect().height,
        middle: middle(title),
        beside: beside.map(middle),
      }
    })
  })
}

leaveToTestAll()

test('the heading of a page stands at one height, and the head of each card is one line with its title and button', async (t) => {
  const { server, baseUrl } = await listening(t)
  const root = await (await firstAdmin(server)).signsIn()
  const page = await openBrowser(t, { viewport: { width: 1280, height: 800 } })
  await signsInAt(page, baseUrl, root)
  const tops = new Map<string, number>()
  let buttons = 0
  for (const path of PATHS) {
    const response = await page.goto(baseUrl + path)
    assert.equal(response?.status(), 200, path)
    tops.set(path, Math.round((await page.locator('main h1').boundingBox())?.y ?? 0))
    for (const { title, height, middle, beside } of await headsOf(page)) {
      assert.ok(Math.abs(height - CONTROL_HEIGHT) <= ROUNDING, `${path}: the head of ${title} is ${height} px high`)
      for (const other of beside) {
        buttons += 1
        assert.ok(Math.abs(other - middle) <= ROUNDING, `${path}: ${title} is ${middle - other} px beside its button`)
      }
    }
  }
  assert.ok(buttons >= 5, `only ${buttons} heads have a button`)
  assert.equal(new Set(tops.values()).size, 1, JSON.stringify([...tops]))
})

test('on a phone the action of a card ends its line, and the calls of the API stand at the end of the page', async (t) => {
  const { server, baseUrl } = await listening(t)
  const root = await (await firstAdmin(server)).signsIn()
  const group = await newGroup(root, 'Engineering')
  const page = await openBrowser(t, { viewport: { width: 360, height: 740 } })
  await signsInAt(page, baseUrl, root)
  await page.goto(`${baseUrl}/admin/groups/${group}`)
  const boxOf = async (selector: string) => {
    const box = await page.locator(selector).boundingBox()
    assert.ok(box, selector)
    return { ...box, end: box.x + box.width, middle: box.y + box.height / 2 }
  }
  const [title, action, card] = [
    await boxOf('#members > .head h2'),
    await boxOf('#members > .head .act'),
    await boxOf('#members > .head'),
  ]
  assert.ok(Math.abs(card.end - action.end) <= 1)
  assert.ok(Math.abs(action.middle - title.middle) <= 1)
  assert.equal(await page.locator('.api').count(), 1)
  assert.equal(await page.locator('main > :last-child').getAttribute('class'), 'api')
  await page.locator('.api > summary').click()
  assert.ok((await page.locator('.api pre:visible').count()) > 1)
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360)
})
