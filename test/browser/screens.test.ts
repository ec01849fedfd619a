// Every screen in every state, in a real browser: read by a program as a screen reader would, in every theme, as narrow as a phone,
// with large text, held against the HTML standard, and not lost by choosing another look.
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { assertStaysInAnotherLook } from '../support/another-look.ts'
import { barriersOn, lossesOn } from '../support/readable.ts'
import { liveRoutes } from '../support/routes.ts'
import { SCREENS } from '../support/screens.ts'
import { faultsInHtml } from '../support/valid-html.ts'
import { visit } from '../support/visiting.ts'
import { seedWorld } from '../support/world.ts'

test(
  'every screen can be read by everyone, in every theme and width, and is valid HTML',
  { concurrency: 3 },
  async (t) => {
    assert.equal(new Set(SCREENS.map(({ name }) => name)).size, SCREENS.length, 'two screens share a name')
    const world = await seedWorld(t)
    await Promise.all(
      SCREENS.map((screen) =>
        t.test(screen.name, async (inner) => {
          const { page, markup } = await visit(inner, world, screen, { bypassCSP: true, reducedMotion: 'reduce' })
          assert.deepEqual(await faultsInHtml(markup), [])
          assert.deepEqual(await barriersOn(page), [])
          assert.deepEqual(await lossesOn(page), [])
          await assertStaysInAnotherLook(page)
        }),
      ),
    )
  },
)

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
