// Eight hours of work in apps, without a request to Doorward, and the end of the day.
import assert from 'node:assert/strict'
import * as oidc from 'openid-client'

import { hours, minutes } from '#foundation/kernel/time.ts'
import { onEachDatabase, onEitherDatabase } from '../support/databases/each-database.ts'
import { answerAt, authorizationOf, follow, registerApp, signInAt, type TestApp } from '../support/openid/apps.ts'
import { shareClock, type SharedClock } from '../support/openid/openid-clock.ts'
import { assertLeadsTo, signsIn } from '../support/pages/page-answers.ts'
import { ownPageScene, type OwnPageScene } from '../support/pages/page-scenes.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'

type Tokens = Pick<oidc.TokenEndpointResponse, 'access_token' | 'refresh_token'>

interface Work {
  readonly app: TestApp
  readonly sid: unknown
  readonly idToken: string
  tokens: Tokens
}

interface Day extends OwnPageScene {
  readonly clock: SharedClock
  readonly wiki: Work
  readonly reader: Work
}

async function begins(scene: OwnPageScene, name: string): Promise<Work> {
  const app = await registerApp(scene.server, { name, logoutUris: ['https://app.example/bye'] })
  const tokens = await signInAt(scene.browser, app)
  return { app, sid: tokens.claims()?.['sid'], idToken: tokens.id_token ?? '', tokens }
}

async function refreshes(work: Work): Promise<void> {
  work.tokens = await oidc.refreshTokenGrant(work.app.config, work.tokens.refresh_token ?? '')
}

async function isIn({ app, tokens }: Work): Promise<boolean> {
  return (await oidc.tokenIntrospection(app.config, tokens.access_token)).active
}

/** Works in two apps for eight hours: one asks for tokens every nine minutes, the other each hour. */
async function dayOf(scene: OwnPageScene, clock: SharedClock): Promise<Day> {
  const day = { ...scene, clock, wiki: await begins(scene, 'Wiki'), reader: await begins(scene, 'Reader') }
  for (let minute = 0; minute < 8 * 60; minute += 9) {
    clock.pass(minutes(9))
    await refreshes(day.wiki)
    if (minute % 60 < 9) await refreshes(day.reader)
  }
  await refreshes(day.reader)
  const asked = await authorizationOf(day.wiki.app, { prompt: 'none' })
  const silent = await answerAt(scene.browser, day.wiki.app, asked)
  assert.equal(silent.searchParams.get('error'), 'login_required', 'Doorward itself is idle')
  assert.deepEqual([await isIn(day.wiki), await isIn(day.reader)], [true, true], 'both apps are still in')
  return day
}

async function assertOver({ wiki, reader }: Day): Promise<void> {
  assert.deepEqual([await isIn(wiki), await isIn(reader)], [false, false])
  for (const work of [wiki, reader]) await assert.rejects(refreshes(work), { error: 'invalid_grant' })
}

leaveToTestAll()

onEachDatabase(
  'after eight hours in an app its user is still in, and a sign-out after a new sign-in in the same browser ends both',
  async (t, dialect) => {
    const scene = await ownPageScene(t, { dialect })
    const day = await dayOf(scene, shareClock(t, scene.server))
    await signsIn(day.browser, day.ada)
    await refreshes(day.wiki)
    const again = await signInAt(day.browser, day.wiki.app, { prompt: 'none' })
    assert.equal(again.claims()?.['sid'], day.wiki.sid, 'the app knows one session')
    assertLeadsTo(await day.browser.submit('/sign-out', {}), '/sign-out')
    await assertOver(day)
  },
)

onEitherDatabase('a sign-out in one app ends the idle session, and the other app with it', async (t, dialect) => {
  const scene = await ownPageScene(t, { dialect })
  const day = await dayOf(scene, shareClock(t, scene.server))
  const { browser, wiki } = day
  const bye = { post_logout_redirect_uri: 'https://app.example/bye' }
  const stranger = oidc.buildEndSessionUrl(wiki.app.config, { ...bye, client_id: wiki.app.client.id })
  await follow(browser, stranger)
  assert.equal(await isIn(wiki), true, 'a link without a hint signs nobody out')
  const url = oidc.buildEndSessionUrl(wiki.app.config, { ...bye, id_token_hint: wiki.idToken })
  assert.equal((await follow(browser, url)).href, 'https://app.example/bye')
  await assertOver(day)
})

onEitherDatabase('somebody else who signs in in the same browser ends the day', async (t, dialect) => {
  const scene = await ownPageScene(t, { dialect })
  const day = await dayOf(scene, shareClock(t, scene.server))
  await signsIn(day.browser, day.admin)
  await assertOver(day)
})

onEitherDatabase('the absolute limit of the session ends the apps, without a sign-out', async (t, dialect) => {
  const scene = await ownPageScene(t, { dialect })
  const day = await dayOf(scene, shareClock(t, scene.server))
  day.clock.pass(hours(15))
  for (const work of [day.wiki, day.reader]) await refreshes(work)
  day.clock.pass(hours(1))
  await assertOver(day)
})
