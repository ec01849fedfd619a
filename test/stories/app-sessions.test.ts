// Sessions and the apps that users have signed in to by them: idle time ends no app, everything else does.
import assert from 'node:assert/strict'

import { Secret } from '#foundation/kernel/secret.ts'
import { hours, minutes } from '#foundation/kernel/time.ts'
import { signOutUser } from '#use-cases/administration/account-status/account-status.service.ts'
import { revokeSession, setPassword } from '#use-cases/administration/credentials/credentials.service.ts'
import { onEachDatabase, onEitherDatabase } from '../support/databases/each-database.ts'
import { grantIn, grantOfProgram, isAlive } from '../support/openid/app-grants.ts'
import { assertLeadsTo, signedInBrowser, signsIn } from '../support/pages/page-answers.ts'
import { ownPageScene, type OwnPageScene, stored, userPageScene } from '../support/pages/page-scenes.ts'
import type { Visitor } from '../support/pages/visitor.ts'
import { PASSWORD } from '../support/people/people.ts'
import { beginsApp } from '../support/people/second-factors.ts'
import { itemsOf } from '../support/requests/replies.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import type { Server } from '../support/server/start.ts'

const SESSIONS = '/account/security/sessions'

/** Nobody is signed in in the browser, though its cookie is still there. */
async function assertIdle(browser: Visitor): Promise<void> {
  assertLeadsTo(await browser.open('/account'), '/sign-in?next=%2Faccount&because=signed-out')
}

async function eventsAbout(server: Server, session: string): Promise<string[]> {
  const rows = await server.doorward.db.selectFrom('audit_event').select(['action', 'details']).execute()
  return rows.filter(({ details }) => details?.includes(session)).map(({ action }) => action)
}

async function goesIdle({ server, browser }: OwnPageScene, after = hours(3)): Promise<void> {
  server.clock.pass(after)
  await assertIdle(browser)
}

onEachDatabase(
  'a sign-in of the same user in the same browser takes over the apps of the idle session, and its sign-out ends them',
  async (t, dialect) => {
    const scene = await ownPageScene(t, { dialect })
    const { server, ada, browser } = scene
    const [wiki, reader] = [await grantIn(server, browser), await grantIn(server, browser, { app: 'Reader' })]
    await goesIdle(scene)
    assert.deepEqual([await isAlive(server, wiki), await isAlive(server, reader)], [true, true])
    await signsIn(browser, ada)
    const again = await grantIn(server, browser)
    assert.equal(again.sid, wiki.sid, 'the app knows one session')
    assert.notEqual(again.sessionId, wiki.sessionId)
    assertLeadsTo(await browser.submit('/sign-out', {}), '/sign-out')
    assert.deepEqual([await isAlive(server, wiki), await isAlive(server, reader)], [false, false])
    const [succeeded] = await server.doorward.db
      .selectFrom('audit_event')
      .select('details')
      .where('action', '=', 'sign_in.succeeded')
      .orderBy('id', 'desc')
      .execute()
    assert.equal((JSON.parse(succeeded?.details ?? '{}') as Record<string, unknown>)['apps_of'], wiki.sessionId)
  },
)

leaveToTestAll()

onEitherDatabase(
  'a sign-in of somebody else in the same browser ends the apps of the idle session',
  async (t, dialect) => {
    const scene = await ownPageScene(t, { dialect })
    const { server, admin, browser } = scene
    const wiki = await grantIn(server, browser)
    await goesIdle(scene)
    await signsIn(browser, admin)
    assert.equal(await isAlive(server, wiki), false)
    assert.ok((await eventsAbout(server, wiki.sessionId)).includes('session.ended'))
  },
)

onEitherDatabase('a sign-in in another browser takes nothing over', async (t, dialect) => {
  const scene = await ownPageScene(t, { dialect })
  const { server, ada } = scene
  const wiki = await grantIn(server, scene.browser)
  await goesIdle(scene)
  const other = await signedInBrowser(ada)
  assertLeadsTo(await other.submit('/sign-out', {}), '/sign-out')
  assert.equal(await isAlive(server, wiki), true)
})

onEitherDatabase('a sign-in revives nothing of a session that was ended while it was idle', async (t, dialect) => {
  const scene = await ownPageScene(t, { dialect })
  const { server, ada, browser } = scene
  const wiki = await grantIn(server, browser)
  await goesIdle(scene)
  await revokeSession(server.operator(), wiki.sessionId)
  await signsIn(browser, ada)
  assert.equal(await isAlive(server, wiki), false)
  assert.notEqual((await grantIn(server, browser)).sid, wiki.sid)
})

onEitherDatabase('a session in which the apps are over is neither listed nor taken over', async (t, dialect) => {
  const scene = await ownPageScene(t, { dialect })
  const { server, ada, browser } = scene
  const wiki = await grantIn(server, browser)
  await server.doorward.db.updateTable('client_grant').set({ revoked_at: server.clock.now() }).execute()
  await goesIdle(scene)
  assert.deepEqual(await listed(await ada.signsIn()), [false])
  await signsIn(browser, ada)
  assert.notEqual((await grantIn(server, browser)).sid, wiki.sid)
})

onEitherDatabase('signing out in a browser whose session is idle ends its apps', async (t, dialect) => {
  const scene = await ownPageScene(t, { dialect })
  const { server, browser } = scene
  const wiki = await grantIn(server, browser)
  await goesIdle(scene)
  assertLeadsTo(await browser.submit('/sign-out', {}), '/sign-out')
  assert.equal(await isAlive(server, wiki), false)
  assert.ok((await eventsAbout(server, wiki.sessionId)).includes('session.ended'))
})

async function listed(person: OwnPageScene['ada']): Promise<unknown[]> {
  return itemsOf(await person.asks('GET', '/users/me/sessions')).map(({ idle }) => idle)
}

onEitherDatabase(
  'an idle session is listed as long as apps are signed in by it, and its user can end it',
  async (t, dialect) => {
    const scene = await ownPageScene(t, { dialect })
    const { server, ada, browser } = scene
    const wiki = await grantIn(server, browser)
    await grantIn(server, await signedInBrowser(ada), { app: 'Reader' })
    await signedInBrowser(ada)
    await goesIdle(scene)
    await ada.signsIn()
    assert.deepEqual(await listed(ada), [false, true, true], 'the session without an app is over')
    const other = await signedInBrowser(ada)
    const page = await other.page('/account/security')
    assert.equal(page.region('Sessions').text.match(/Inactive here, but still signed in to apps/g)?.length, 2)
    assertLeadsTo(await other.submit(`${SESSIONS}/${wiki.sessionId}/end`, {}), '/account/security?done=ended')
    assert.equal(await isAlive(server, wiki), false)
    server.clock.pass(hours(21))
    await ada.signsIn()
    assert.deepEqual(await listed(ada), [false], 'the absolute limit ends the apps too')
  },
)

onEitherDatabase('an admin sees the idle session of a user, and can end it', async (t, dialect) => {
  const { server, admin, ada, browser, page } = await userPageScene(t, { dialect })
  const own = await signedInBrowser(ada)
  const wiki = await grantIn(server, own)
  server.clock.pass(hours(3))
  await signsIn(browser, admin)
  assert.match(
    (await browser.page(`${page}/sign-in`)).region('Sessions').text,
    /Inactive here, but still signed in to apps/,
  )
  assertLeadsTo(await browser.submit(`${page}/sessions/${wiki.sessionId}/end`, {}), `${page}/sign-in?done=ended`)
  assert.equal(await isAlive(server, wiki), false)
  assert.doesNotMatch((await browser.page(`${page}/sign-in`)).region('Sessions').text, /Inactive here/)
})

onEitherDatabase(
  'a further factor keeps what outlives sessions, and an own new password ends it',
  async (t, dialect) => {
    const { server, ada } = await ownPageScene(t, { dialect })
    await ada.signsIn()
    const [offline, bound] = [
      await grantOfProgram(ada, { isOffline: true }),
      await grantOfProgram(ada, { app: 'Reader' }),
    ]
    const { url, code } = await beginsApp(ada)
    const confirmed = await ada.asks('POST', url, { code })
    assert.ok(confirmed.status < 300, confirmed.raw.body)
    assert.deepEqual([await isAlive(server, offline), await isAlive(server, bound)], [true, true])
    const passwords = { current: PASSWORD, new: 'four even calmer words' }
    const changed = await ada.asks('PUT', '/users/me/password', passwords)
    assert.ok(changed.status < 300, changed.raw.body)
    assert.deepEqual([await isAlive(server, offline), await isAlive(server, bound)], [false, true])
  },
)

onEitherDatabase(
  'a password set by an admin ends the apps, unless it keeps the sessions: then idle ones and what outlives them too',
  async (t, dialect) => {
    const scene = await ownPageScene(t, { dialect })
    const { server, browser } = scene
    const [bound, offline] = [
      await grantIn(server, browser),
      await grantIn(server, browser, { app: 'Reader', isOffline: true }),
    ]
    const alive = async () => [await isAlive(server, bound), await isAlive(server, offline)]
    await goesIdle(scene)
    const sets = async (password: string, options = {}) =>
      setPassword(server.operator(), await stored(server, 'ada'), Secret.of(password), options)
    await sets('four even calmer words', { keepSessions: true })
    assert.deepEqual(await alive(), [true, true])
    await sets('five words calmer than ever')
    assert.deepEqual(await alive(), [false, false])
  },
)

onEitherDatabase(
  'signing out elsewhere ends what apps hold of other sessions, an admin’s sign-out all of it',
  async (t, dialect) => {
    const { server, ada, browser } = await ownPageScene(t, { dialect })
    const other = await grantIn(server, browser, { isOffline: true })
    await ada.signsIn()
    const own = await grantOfProgram(ada, { isOffline: true })
    assert.equal((await ada.asks('DELETE', '/users/me/sessions')).status, 200)
    assert.deepEqual([await isAlive(server, other), await isAlive(server, own)], [false, true])
    await signOutUser(server.operator(), await stored(server, 'ada'))
    assert.equal(await isAlive(server, own), false)
  },
)

test('an unknown or malformed cookie is no idle session', async (t) => {
  const scene = await ownPageScene(t)
  const { server, ada, browser } = scene
  const wiki = await grantIn(server, browser)
  server.clock.pass(minutes(90))
  for (const cookie of ['dws_unknown', 'x', 'dwa_unknown']) {
    browser.cookies.set('session', cookie)
    await signsIn(browser, ada)
    assertLeadsTo(await browser.submit('/sign-out', {}), '/sign-out')
  }
  assert.equal(await isAlive(server, wiki), true)
})
