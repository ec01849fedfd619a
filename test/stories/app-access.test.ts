// Who may use an app, and what it requires of their authentication: what people read, what the app gets, and what admins find afterwards.
import assert from 'node:assert/strict'

import { listEvents } from '#domain/audit/audit.service.ts'
import { updateClient } from '#domain/clients/client.service.ts'
import type { ClientFields } from '#domain/clients/client.ts'
import { hours, minutes, seconds } from '#foundation/kernel/time.ts'
import { onEachDatabase, onEitherDatabase } from '../support/databases/each-database.ts'
import {
  answerAt,
  authorizationOf,
  confirmsAt,
  exchange,
  follow,
  presses,
  registerApp,
  signInAt,
  type TestApp,
} from '../support/openid/apps.ts'
import { changeApp } from '../support/openid/attack-scene.ts'
import { shareClock } from '../support/openid/openid-clock.ts'
import { ownPageScene } from '../support/pages/page-scenes.ts'
import { newGroup } from '../support/people/groups.ts'
import { giveRecoveryCodes, rowOf } from '../support/people/second-factors.ts'
import { storePolicyVersion } from '../support/policies/stored-policies.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'
import type { Server } from '../support/server/start.ts'

/** Changes who may use an app, as an admin does. */
function restrict(server: Server, app: TestApp, fields: Partial<ClientFields>): Promise<unknown> {
  return changeApp(server, app, (tx, client) => updateClient(tx, client, { ...client, ...fields }))
}

async function refusals(server: Server) {
  const { items } = await listEvents(server.operator(), { action: 'app.refused', limit: 50 })
  return items.map(({ reason, target, result, details }) => ({ reason, target, result, details }))
}

const errorIn = (at: URL): string | null => at.searchParams.get('error')

onEachDatabase(
  'who may not use an app reads why without a name, and may once they are in the group',
  async (t, dialect) => {
    const { server, admin, ada, browser } = await ownPageScene(t, { dialect })
    const group = await newGroup(admin, 'Board of directors')
    const { id, subject } = await rowOf(ada)
    shareClock(t, server)
    const app = await registerApp(server, { allowedRoles: ['admin'], allowedGroups: [group] })

    const at = await follow(browser, (await authorizationOf(app)).url)
    const page = await browser.page(at.pathname, 403)
    assert.equal(page.heading, 'You can’t use Wiki')
    assert.match(
      page.main.text,
      /certain roles or in certain groups.*ask an admin.*Signed in here as ada.*Back to Wiki/,
    )
    assert.doesNotMatch(page.markup, /Board|directors/)
    assert.ok(!page.markup.includes(group))
    // A page that is loaded again is no further attempt.
    await browser.page(at.pathname, 403)
    const [event, ...more] = await refusals(server)
    assert.deepEqual([event?.reason, event?.target, event?.result, more], ['role_or_group', subject, 'refused', []])
    const { app: name, role, allowed_roles: roles, allowed_groups: groups } = event?.details ?? {}
    assert.deepEqual([name, role, roles, groups], ['Wiki', 'user', 'admin', group])
    assert.equal(errorIn(await presses(browser, at, 'deny')), 'access_denied')

    const quiet = await authorizationOf(app, { prompt: 'none' })
    assert.equal(errorIn(await answerAt(browser, app, quiet)), 'access_denied')
    assert.equal((await admin.asks('PUT', `/groups/${group}/members/${id}`)).status, 204)
    assert.equal((await signInAt(browser, app)).claims()?.sub, subject)
  },
)

leaveToTestAll()

onEitherDatabase('the page says whether roles or groups decide, in the reader’s language', async (t, dialect) => {
  const { server, admin, browser } = await ownPageScene(t, { dialect, language: 'de' })
  const group = await newGroup(admin, 'Vorstand')
  shareClock(t, server)
  const app = await registerApp(server)
  for (const [fields, sentence, reason] of [
    [{ allowedRoles: ['admin'] }, /mit bestimmten Rollen\. Ihr Konto hat keine davon/, 'role'],
    [{ allowedRoles: [], allowedGroups: [group] }, /in bestimmten Gruppen\. Sie sind in keiner davon/, 'group'],
    [{ allowedRoles: ['admin'] }, /Rollen oder in bestimmten Gruppen/, 'role_or_group'],
  ] as const) {
    await restrict(server, app, fields)
    const at = await follow(browser, (await authorizationOf(app)).url)
    const page = await browser.page(at.pathname, 403)
    assert.match(page.main.text, sentence)
    assert.match(page.main.text, /fragen Sie einen Admin/)
    assert.equal((await refusals(server))[0]?.reason, reason)
  }
})

onEitherDatabase('a user who may not use an app is not asked to authenticate again for it', async (t, dialect) => {
  const { server, browser } = await ownPageScene(t, { dialect })
  const clock = shareClock(t, server)
  const app = await registerApp(server, { allowedRoles: ['admin'], maxAge: 60, leastAssurance: 'phishing-resistant' })
  clock.pass(minutes(2))
  for (const prompt of [undefined, 'login']) {
    const at = await follow(browser, (await authorizationOf(app, { prompt })).url)
    assert.match(at.pathname, /^\/oidc\/interaction\//)
    assert.match((await browser.page(at.pathname, 403)).heading, /can’t use Wiki/)
  }
  const quiet = await authorizationOf(app, { prompt: 'none' })
  assert.equal(errorIn(await answerAt(browser, app, quiet)), 'access_denied')
})

onEitherDatabase(
  'an app gets a recent authentication: by the smaller of what its row and the request say',
  async (t, dialect) => {
    const { server, ada, browser } = await ownPageScene(t, { dialect })
    const clock = shareClock(t, server)
    const app = await registerApp(server, { maxAge: 3600 })
    const first = (await signInAt(browser, app)).claims()?.auth_time ?? 0
    clock.pass(minutes(59))
    assert.equal((await signInAt(browser, app, { prompt: 'none' })).claims()?.auth_time, first)
    const sooner = await authorizationOf(app, { prompt: 'none', max_age: '1800' })
    assert.equal(errorIn(await answerAt(browser, app, sooner)), 'login_required')
    // A request cannot be content with less than the row.
    clock.pass(seconds(61))
    for (const max_age of [undefined, '100000']) {
      const quiet = await authorizationOf(app, { prompt: 'none', max_age })
      assert.equal(errorIn(await answerAt(browser, app, quiet)), 'login_required')
    }
    const asked = await authorizationOf(app, { max_age: '100000' })
    const answer = await confirmsAt(browser, await follow(browser, asked.url), ada)
    assert.ok(((await exchange(app, answer, asked)).claims()?.auth_time ?? 0) >= first + 3600)
  },
)

onEitherDatabase(
  'an app gets a strong authentication: by the stronger of what its row and the request say',
  async (t, dialect) => {
    const { server, ada, browser } = await ownPageScene(t, { dialect })
    const clock = shareClock(t, server)
    const { db } = server.doorward
    await storePolicyVersion(db, { id: 'all', rememberFor: hours(24) })
    const app = await registerApp(server, { leastAssurance: 'two-factors' })
    const one = { methods: 'password remembered-device', authentication_methods: 'password remembered-device' }
    await db.updateTable('session').set(one).execute()
    for (const acr_values of [undefined, 'urn:doorward:one-factor']) {
      const quiet = await authorizationOf(app, { prompt: 'none', acr_values })
      assert.equal(errorIn(await answerAt(browser, app, quiet)), 'unmet_authentication_requirements')
    }
    clock.pass(minutes(1))
    const asked = await authorizationOf(app, { acr_values: 'urn:doorward:one-factor' })
    const at = await follow(browser, asked.url)
    assert.match(at.search, /least=two-factors/)
    const claims = (await exchange(app, await confirmsAt(browser, at, ada), asked)).claims()
    assert.deepEqual(claims?.['amr'], ['pwd', 'otp', 'mfa'])

    // The request may ask for more than the row.
    const phr = await authorizationOf(app, { acr_values: 'phr' })
    const lacking = await follow(browser, phr.url)
    await browser.page(lacking.pathname, 403)
    assert.equal(errorIn(await presses(browser, lacking, 'unmet')), 'unmet_authentication_requirements')
    assert.deepEqual(
      (await refusals(server)).map(({ reason, details }) => [reason, details?.['least']]),
      [['assurance', 'phishing-resistant']],
    )
  },
)

onEitherDatabase(
  'an account that cannot reach the level of an app gets the page that a request for the level leads to',
  async (t, dialect) => {
    const { server, ada, browser } = await ownPageScene(t, { dialect })
    shareClock(t, server)
    await giveRecoveryCodes(ada)
    const app = await registerApp(server, { leastAssurance: 'phishing-resistant' })
    const at = await follow(browser, (await authorizationOf(app)).url)
    const page = await browser.page(at.pathname, 403)
    assert.match(page.main.text, /you need a passkey.*Add a passkey.*Back to Wiki/)
    assert.equal(errorIn(await presses(browser, at, 'unmet')), 'unmet_authentication_requirements')
    const [event] = await refusals(server)
    assert.deepEqual([event?.reason, event?.details?.['least']], ['assurance', 'phishing-resistant'])
  },
)

onEitherDatabase(
  'a sign-in on the way to an app that the user may not use ends at the same page',
  async (t, dialect) => {
    const { server, ada, browser } = await ownPageScene(t, { dialect })
    shareClock(t, server)
    const app = await registerApp(server, { allowedRoles: ['admin'] })
    await browser.submit('/sign-out', {})
    const asked = await authorizationOf(app)
    const at = await follow(browser, asked.url)
    assert.equal(at.pathname, '/sign-in')
    const path = at.pathname + at.search
    await browser.page(path)
    const second = await browser.submit(path, { username: ada.username, password: ada.password })
    server.clock.pass(minutes(1))
    const next = String(second.headers.location)
    const done = await browser.submit(next, { code: ada.code() })
    const shown = await follow(browser, /url=([^"]+)"/.exec(done.body)?.[1] ?? String(done.headers.location))
    assert.match((await browser.page(shown.pathname, 403)).heading, /can’t use Wiki/)
  },
)
