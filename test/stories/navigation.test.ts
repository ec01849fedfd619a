// The navigation is made of what the pages declare beside their access.
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { type Permission, PERMISSIONS, withIncluded } from '#foundation/kernel/principal.ts'
import { texts } from '#foundation/texts/texts.ts'
import { areaNavigation } from '#foundation/web/components/navigation-entries.ts'
import { html } from '#foundation/web/html.ts'
import type { RouteAccess } from '#foundation/web/http/access.ts'
import { renderPage } from '#foundation/web/pages/page.ts'
import { liveRoutes } from '../support/requests/live-routes.ts'
import { start } from '../support/server/start.ts'

const MARKS: readonly [path: string, marked: readonly string[]][] = [
  ['/account/apps', ['Apps']],
  ['/account/apps/wiki/sign-out', ['Apps']],
  ['/account', ['Account']],
  ['/account/delete', ['Account', 'Delete my account']],
  ['/account/groups/7', ['Account', 'Groups']],
  ['/account/security', ['Security']],
  ['/account/security/requests', ['Security']],
  ['/account/security/password', ['Security', 'Password']],
  ['/account/security/passkeys/new', ['Security', 'Ways to sign in']],
  ['/account/activity', ['Security', 'Activity']],
  ['/admin', ['Administration', 'Overview']],
  ['/admin/connect', ['Administration', 'Overview']],
  ['/admin/users', ['Administration', 'Users']],
  ['/admin/users/7/delete', ['Administration', 'Users']],
  ['/admin/users/new', ['Administration', 'Users']],
  ['/admin/registrations', ['Administration', 'Users']],
  ['/admin/activity/chain', ['Administration', 'Activity']],
  ['/admin/refusals', ['Administration', 'Activity']],
  ['/admin/nothing', ['Administration']],
  ['/administration', []],
]

/** The path answers a reload of the form there; it is no page to go to. */
const NO_PAGE = ['/admin/users/bulk']

test('the entries that pages declare make the bar, the side navigation and the palette', async (t) => {
  const server = await start(t)
  const { navigation = [] } = server.app
  const show = (path: string, permissions: readonly Permission[] = PERMISSIONS): string =>
    renderPage({
      instanceName: 'Acme',
      title: 'Page',
      frame: path.startsWith('/account') ? 'account' : 'admin',
      person: { subject: '00', username: 'ada', permissions, formToken: html`` },
      path,
      navigation,
      body: html``,
    })

  for (const [path, marked] of MARKS)
    await t.test(`the navigation marks ${marked.join(' and ') || 'nothing'} at ${path}`, () => {
      const labels = [...show(path).matchAll(/aria-current="page">(?:<svg.*?<\/svg>\s*<span>)?([^<]*)</gs)]
      assert.deepEqual(
        labels.map(([, label]) => label),
        marked,
      )
    })

  await t.test('no two entries of a navigation share a drawing', () => {
    for (const area of ['account', 'security', 'admin'] as const) {
      const drawings = areaNavigation(texts('en'), navigation, area, PERMISSIONS).links.map(({ drawing }) => drawing)
      assert.ok(drawings.length >= 5, area)
      assert.deepEqual([...new Set(drawings)], drawings, area)
    }
  })

  await t.test('the palette has each page of administration that the user may open, and no other', async () => {
    const pages = (await liveRoutes(server)).filter(
      ({ method, url, config }) =>
        method === 'GET' && config.page && /^\/admin(?:\/[^:]*)?$/.test(url) && !NO_PAGE.includes(url),
    )
    assert.ok(pages.length > 20)
    for (const permissions of [PERMISSIONS, ...PERMISSIONS.map((one) => withIncluded([one]))]) {
      const holds = (needed?: string): boolean => permissions.some((one) => one === needed)
      const opens = ({ access, or, besides }: Partial<RouteAccess>): boolean =>
        (holds(access) || holds(or)) && (besides === undefined || holds(besides))
      const expected = pages.filter(({ config }) => opens(config)).map(({ url }) => url)
      const found = paletteOn(show('/admin', permissions)).map(({ href }) => href)
      assert.deepEqual(
        found.toSorted(),
        [...expected, '/account/apps', '/account', '/account/security'].toSorted(),
        permissions.join(' '),
      )
    }
  })

  await t.test('the keys of the palette are one letter each, and no two the same', () => {
    const keys = paletteOn(show('/admin')).flatMap(({ key }) => key ?? [])
    assert.deepEqual(keys, ['o', 'u', 'g', 'r', 'p', 'a', 'm', 'c'])
  })
})

function paletteOn(page: string): readonly { readonly href: string; readonly key?: string }[] {
  const [, words = ''] = /data-words="([^"]*)"/.exec(page) ?? []
  const { entries } = JSON.parse(words.replaceAll('&quot;', '"').replaceAll('&amp;', '&').replaceAll('&#39;', "'"))
  return entries
}
