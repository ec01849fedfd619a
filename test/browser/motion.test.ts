// What moves on the pages, and that nothing does for those who want less motion.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import type { Page } from 'playwright-core'

import { startSession } from '#domain/sessions/session.service.ts'
import { type BrowserOptions, openBrowser } from '../support/browser/browser.ts'
import { pagePath, send } from '../support/browser/page-actions.ts'
import { firstAdmin, PASSWORD } from '../support/people/people.ts'
import { rowOf } from '../support/people/second-factors.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { listening } from '../support/server/listening.ts'

interface SecondStep {
  readonly page: Page
  /** The pseudo-elements that the view transition to the page animated. */
  readonly animated: readonly string[]
}

/** Signs in up to the second step. */
async function secondStep(t: TestContext, options: BrowserOptions): Promise<SecondStep> {
  const { server, baseUrl } = await listening(t)
  await firstAdmin(server)
  const page = await openBrowser(t, options)
  const { promise, resolve } = Promise.withResolvers<readonly string[]>()
  const report = (path: string, animated: string[]): void => {
    if (path === '/sign-in/second-step') resolve(animated)
  }
  await page.exposeFunction('report', report)
  await page.addInitScript(`
    addEventListener('pagereveal', async ({ viewTransition }) => {
      await viewTransition?.ready.catch(() => {})
      const animated = document.getAnimations().map(({ effect }) => effect.pseudoElement).filter(Boolean)
      report(location.pathname, viewTransition ? animated : [])
    })`)
  await page.goto(`${baseUrl}/sign-in`)
  await send(page, { username: 'root', 'current-password': PASSWORD })
  assert.equal(pagePath(page), '/sign-in/second-step')
  return { page, animated: await promise }
}

leaveToTestAll()

test('between the steps of a sign-in the card fades and the bolts fill', async (t) => {
  const { animated } = await secondStep(t, {})
  assert.ok(animated.some((part) => part.includes('(first-bolt)')) && animated.some((part) => part.includes('(root)')))
})

test('nothing moves for those who want less motion', async (t) => {
  const { page, animated } = await secondStep(t, { reducedMotion: 'reduce' })
  assert.deepEqual(animated, [])
  const durations = await page.evaluate<string[]>(`
    [...document.querySelectorAll('*')].flatMap((element) => {
      const { animationName, animationDuration, transitionDuration } = getComputedStyle(element)
      return [animationName === 'none' ? '0s' : animationDuration, transitionDuration]
    })`)
  assert.deepEqual([...new Set(durations)], ['0s'])
})

test('the door at the end of a set-up opens once, and stands open at once for those who want less motion', async (t) => {
  const { server, baseUrl } = await listening(t)
  const user = await rowOf(await firstAdmin(server))
  const { token } = await startSession(server.operator(), { user, methods: ['password', 'totp'], transport: 'cookie' })
  for (const reducedMotion of ['no-preference', 'reduce'] as const) {
    const page = await openBrowser(t, { reducedMotion })
    await page.context().addCookies([
      { name: 'session', value: token.reveal(), url: baseUrl },
      { name: 'done', value: 'set-up', url: baseUrl },
    ])
    await page.goto(`${baseUrl}/admin?done=set-up`)
    const shown = await page.evaluate<string[]>(`
      (({ animationName, animationIterationCount, transform }) => [animationName, animationIterationCount, String(transform !== 'none')])(
        getComputedStyle(document.querySelector('.banner .leaf')))`)
    assert.deepEqual(shown, [reducedMotion === 'reduce' ? 'none' : 'opens', '1', 'true'])
    // The message is shown once, and the door with it.
    await page.reload()
    assert.equal(await page.locator('.leaf').count(), 0)
  }
})
