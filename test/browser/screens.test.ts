// Every screen in every state, in a real browser: read by a program as a screen reader would, as narrow as a phone, held against the
// HTML standard; and by `npm run test:all` in every theme, with large text, and not lost by choosing another look.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'

import { assertStaysInAnotherLook } from '../support/another-look.ts'
import { barriersOn, lossesOn } from '../support/readable.ts'
import type { Looks } from '../support/readable.ts'
import { liveRoutes } from '../support/routes.ts'
import { exhaustive } from '../support/scope.ts'
import type { Screen } from '../support/screen.ts'
import { SCREENS, SCREENS_BY_AREA } from '../support/screens.ts'
import { faultsInHtml } from '../support/valid-html.ts'
import { visit } from '../support/visiting.ts'
import { seedWorld } from '../support/world.ts'

type Area = keyof typeof SCREENS_BY_AREA

const AT_ONCE = { concurrency: 3 }

for (const area of Object.keys(SCREENS_BY_AREA) as Area[]) {
  const claim = `every screen of ${area} can be read by everyone, and is valid HTML`
  test(claim, AT_ONCE, (t) => visitAll(t, area, 'one look'))
  exhaustive(`${claim}, in every theme and width`, (t) => visitAll(t, area, 'every look'), AT_ONCE)
}

async function visitAll(t: TestContext, area: Area, looks: Looks): Promise<void> {
  const world = await seedWorld(t)
  const read = async (inner: TestContext, screen: Screen): Promise<void> => {
    const { page, markup } = await visit(inner, world, screen, { bypassCSP: true, reducedMotion: 'reduce' })
    assert.deepEqual(await faultsInHtml(markup), [])
    assert.deepEqual(await barriersOn(page, looks), [])
    assert.deepEqual(await lossesOn(page, looks), [])
    if (looks === 'every look') await assertStaysInAnotherLook(page)
  }
  await Promise.all(SCREENS_BY_AREA[area].map((screen) => t.test(screen.name, (inner) => read(inner, screen))))
}

test('no two screens share a name', () => {
  assert.equal(new Set(SCREENS.map(({ name }) => name)).size, SCREENS.length)
})

test('every page that can be opened is among the screens', async (t) => {
  const world = await seedWorld(t)
  const shown = SCREENS.flatMap(({ at, endsAt }) => [typeof at === 'string' ? at : at(world), endsAt ?? ''])
  const pages = (await liveRoutes(world.server)).filter(({ method, config }) => method === 'GET' && config.page)
  const missing = pages
    .map(({ url }) => url)
    .filter((url) => !LEADS_ELSEWHERE.includes(url))
    .filter((url) => !shown.some((path) => patternOf(url).test(path.split('?')[0] ?? '')))
  assert.ok(pages.length > 20)
  assert.deepEqual(missing, [])
})

/** Pages that nobody sees: they send people on. */
const LEADS_ELSEWHERE = ['/', '/.well-known/change-password']

function patternOf(url: string): RegExp {
  return new RegExp(
    `^${url
      .split(/:\w+/)
      .map((part) => RegExp.escape(part))
      .join('[^/]+')}$`,
  )
}
