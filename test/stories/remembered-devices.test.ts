// A user lets a browser skip the second step, sees it listed, and forgets it; a policy decides whether it is offered.
import assert from 'node:assert/strict'

import { days, minutes } from '#foundation/kernel/time.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { assertLeadsTo, signedInBrowser } from '../support/pages/page-answers.ts'
import { ownPageScene, userPageScene } from '../support/pages/page-scenes.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { ask, newcomer, PASSWORD } from '../support/people/people.ts'
import {
  afterPassword,
  COOKIE,
  letDevicesBeRemembered,
  rememberedBrowser,
  signsInRemembered,
  skipsSecondStep,
} from '../support/people/remembered-devices.ts'
import { giveRecoveryCodes, rowOf } from '../support/people/second-factors.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { TestClock } from '../support/server/clock.ts'
import { outputIn, problemIn, runner } from '../support/server/command-line.ts'

const STEP = '/sign-in/second-step'
const SECURITY = '/account/security'
const LINUX = 'Mozilla/5.0 (X11; Linux x86_64; rv:151.0) Gecko/20100101 Firefox/151.0'
const MAC = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:151.0) Gecko/20100101 Firefox/151.0'

onEitherDatabase(
  'a remembered browser skips the second step for thirty days, and then asks for it',
  async (t, dialect) => {
    const { server, ada } = await ownPageScene(t, { dialect })
    await letDevicesBeRemembered(server, days(30))
    const visitor = new Visitor(server, { agent: LINUX })
    assert.equal(await afterPassword(visitor, ada), STEP)
    const page = await visitor.page(STEP)
    assert.equal(page.field('Skip this step on this device for 30 days').attribute('checked'), null)
    const answer = await visitor.submit(STEP, { code: ada.code(), remember: 'yes' })
    assertLeadsTo(answer, '/account')
    const cookie = answer.cookies.find(({ name }) => name === COOKIE)
    assert.deepEqual(
      [cookie?.maxAge, cookie?.httpOnly, cookie?.sameSite, cookie?.path],
      [days(30) / 1000, true, 'Lax', '/'],
    )
    server.clock.pass(days(30) - minutes(1))
    assert.ok(await skipsSecondStep(visitor, ada))
    server.clock.pass(minutes(1))
    assert.equal(await skipsSecondStep(visitor, ada), false)
  },
)

leaveToTestAll()

onEitherDatabase('without a policy, or without the choice, no browser is remembered', async (t, dialect) => {
  const { server, ada } = await ownPageScene(t, { dialect })
  const visitor = new Visitor(server)
  await afterPassword(visitor, ada)
  assert.doesNotMatch((await visitor.page(STEP)).text, /Skip this step/)
  await visitor.submit(STEP, { code: ada.code(), remember: 'yes' })
  assert.equal(visitor.cookies.has(COOKIE), false, 'a field that was not offered is obeyed')
  assert.doesNotMatch((await visitor.page(SECURITY)).text, /Trusted devices/)
  await letDevicesBeRemembered(server, days(7))
  const other = await signedInBrowser(ada)
  assert.equal(other.cookies.has(COOKIE), false)
  assert.match((await other.page(SECURITY)).text, /No trusted devices/)
  assert.equal((await server.doorward.db.selectFrom('remembered_device').selectAll().execute()).length, 0)
})

test('a recovery code offers no choice, and remembers no browser', async (t) => {
  const { server, ada } = await ownPageScene(t)
  await letDevicesBeRemembered(server, days(7))
  const [code = ''] = await giveRecoveryCodes(ada)
  const visitor = new Visitor(server)
  await afterPassword(visitor, ada)
  const path = `${STEP}?way=recovery-code`
  const page = await visitor.page(path)
  assert.match(page.text, /recovery code/i)
  assert.doesNotMatch(page.text, /Skip this step/)
  const answer = await visitor.submit(path, { recovery_code: code, remember: 'yes' })
  assert.equal(answer.statusCode, 303, answer.body)
  assert.deepEqual([visitor.cookies.has('session'), visitor.cookies.has(COOKIE)], [true, false])
})

test('after a wrong code the choice is kept, and the form does not send itself beside it', async (t) => {
  const { server, ada } = await ownPageScene(t)
  await letDevicesBeRemembered(server, days(7))
  const visitor = new Visitor(server)
  await afterPassword(visitor, ada)
  assert.doesNotMatch((await visitor.page(STEP)).markup, /data-sends/)
  const again = await visitor.pageAfter(STEP, { code: 'abcdef', remember: 'yes' }, 401)
  assert.notEqual(again.field('Skip this step on this device for 7 days').attribute('checked'), null)
})

onEitherDatabase(
  'a session on a remembered device has one factor, says so in its list, and asks for the second before a sensitive action',
  async (t, dialect) => {
    const { server, ada } = await ownPageScene(t, { dialect })
    await letDevicesBeRemembered(server, days(30))
    const visitor = await rememberedBrowser(ada)
    assert.ok(await skipsSecondStep(visitor, ada))
    const sessions = async (): Promise<string> => (await visitor.page(SECURITY)).region('Sessions').text
    assert.match(await sessions(), /Signed in with password Second step skipped on this device/)
    const headers = { cookie: `session=${visitor.cookies.get('session')}` }
    const { body } = await ask(server, 'GET', '/session', { headers })
    assert.deepEqual(body['methods'], ['password', 'remembered-device'])
    const path = '/confirm?next=%2Faccount%2Fdelete'
    assertLeadsTo(await visitor.open('/account/delete'), path)
    assertLeadsTo(await visitor.open('/account/security/password'), '/confirm?next=%2Faccount%2Fsecurity%2Fpassword')
    assertLeadsTo(
      await visitor.submit(path, { password: PASSWORD, code: ada.code() }),
      '/account/delete?done=confirmed',
    )
    assert.equal((await visitor.open('/account/delete?done=confirmed')).statusCode, 200)
    assert.equal((await visitor.open('/account/security/password')).statusCode, 200)
    assert.doesNotMatch(await sessions(), /Second step skipped/)
  },
)

onEitherDatabase('a user sees the remembered devices and forgets one, or all', async (t, dialect) => {
  const { server, ada } = await ownPageScene(t, { dialect })
  await letDevicesBeRemembered(server, days(30))
  const [laptop, desk] = [await rememberedBrowser(ada, { agent: LINUX }), await rememberedBrowser(ada, { agent: MAC })]
  const region = (await laptop.page(SECURITY)).region('Trusted devices')
  assert.match(region.text, /Firefox on macOS .*Firefox on Linux/)
  const [, first = ''] = region.actions().filter((action) => action.endsWith('/forget'))
  assertLeadsTo(await laptop.submit(first, {}), `${SECURITY}?done=device-forgotten`)
  assertLeadsTo(await laptop.submit(first, {}), `${SECURITY}?done=device-forgotten`)
  assert.match((await laptop.page(`${SECURITY}?done=device-forgotten`)).text, /Device removed/)
  assert.deepEqual([await skipsSecondStep(laptop, ada), await skipsSecondStep(desk, ada)], [false, true])
  await signsInRemembered(laptop, ada)
  assertLeadsTo(
    await laptop.submit(`${SECURITY}/remembered-devices/forget-all`, {}),
    `${SECURITY}?done=devices-forgotten`,
  )
  for (const visitor of [laptop, desk]) assert.equal(await skipsSecondStep(visitor, ada), false)
})

onEitherDatabase('the same through the API, where another user’s device is unknown', async (t, dialect) => {
  const { server, admin, ada } = await ownPageScene(t, { dialect })
  await letDevicesBeRemembered(server, days(30))
  const laptop = await rememberedBrowser(ada, { agent: LINUX })
  await rememberedBrowser(ada, { agent: MAC })
  await ada.signsIn()
  const listed = async (): Promise<Record<string, unknown>[]> =>
    (await ada.asks('GET', '/users/me/remembered-devices')).body['items'] as Record<string, unknown>[]
  const [, own] = await listed()
  assert.deepEqual(Object.keys(own ?? {}).toSorted(), [
    'address',
    'agent',
    'expires_at',
    'id',
    'last_used_at',
    'remembered_at',
  ])
  assert.equal(own?.['agent'], LINUX)
  const path = `/users/me/remembered-devices/${String(own['id'])}`
  const bob = await (await newcomer(await admin.signsIn(), 'bob')).signsIn()
  const unknown = await bob.asks('DELETE', path)
  assert.deepEqual([unknown.status, unknown.body['code']], [404, 'device.not_found'])
  assert.equal((await ada.asks('DELETE', path)).status, 204)
  assert.equal((await ada.asks('DELETE', path)).status, 404)
  assert.equal(await skipsSecondStep(laptop, ada), false)
  assert.equal((await listed()).length, 1)
  assert.deepEqual((await ada.asks('DELETE', '/users/me/remembered-devices')).body, { forgotten: 1 })
  assert.deepEqual(await listed(), [])
})

onEitherDatabase('an admin sees a user’s remembered devices and forgets them', async (t, dialect) => {
  const { server, ada, admin, browser, page } = await userPageScene(t, { dialect })
  await letDevicesBeRemembered(server, days(30))
  assert.doesNotMatch((await browser.page(`${page}/sign-in`)).text, /Trusted devices/)
  const laptop = await rememberedBrowser(ada, { agent: LINUX })
  const region = (await browser.page(`${page}/sign-in`)).region('Trusted devices')
  const [forget = ''] = region.actions().filter((action) => action.endsWith('/forget'))
  assertLeadsTo(await browser.submit(forget, {}), `${page}/sign-in?done=device-forgotten#remembered-devices`)
  assert.equal(await skipsSecondStep(laptop, ada), false)
  await signsInRemembered(laptop, ada)
  const path = `/users/${(await rowOf(ada)).id}/remembered-devices`
  const { items } = (await admin.asks('GET', path)).body as { items: { id: string }[] }
  assert.equal(items.length, 1)
  assert.equal((await admin.asks('DELETE', `${path}/${items[0]?.id}`)).status, 204)
  assert.equal((await admin.asks('DELETE', `${path}/${items[0]?.id}`)).status, 404)
  assert.deepEqual((await admin.asks('DELETE', path)).body, { forgotten: 0 })
  await signsInRemembered(laptop, ada)
  assertLeadsTo(
    await browser.submit(`${page}/remembered-devices/forget-all`, {}),
    `${page}/sign-in?done=devices-forgotten`,
  )
  assert.equal(await skipsSecondStep(laptop, ada), false)
})

onEitherDatabase('the operator lists a user’s remembered devices and forgets one or all', async (t, dialect) => {
  const { server, ada } = await ownPageScene(t, { dialect, clock: new TestClock(Date.now() - minutes(10)) })
  await letDevicesBeRemembered(server, days(30))
  for (const agent of [LINUX, MAC]) await rememberedBrowser(ada, { agent })
  const run = runner(t, server)
  const { items } = outputIn(await run('device', 'list', 'ada', '--json')) as { items: Record<string, unknown>[] }
  assert.deepEqual(items, (await (await ada.signsIn()).asks('GET', '/users/me/remembered-devices')).body['items'])
  assert.match((await run('device', 'list', 'ada')).stdout, /Firefox on Linux/)
  const id = String(items[0]?.['id'])
  assert.deepEqual(outputIn(await run('device', 'forget', 'ada', id, '--json')), { forgotten: 1 })
  assert.equal(problemIn(await run('device', 'forget', 'ada', id, '--json'))['code'], 'device.not_found')
  assert.deepEqual(outputIn(await run('device', 'forget', 'ada', '--json')), { forgotten: 1 })
})

test('German: the choice, the section and the line below a session', async (t) => {
  const { server, ada } = await ownPageScene(t)
  await letDevicesBeRemembered(server, days(30))
  const visitor = new Visitor(server, { language: 'de' })
  await afterPassword(visitor, ada)
  const page = await visitor.page(STEP)
  assert.equal(page.field('Auf diesem Gerät 30 Tage lang nicht mehr fragen').attribute('checked'), null)
  await visitor.submit(STEP, { code: ada.code(), remember: 'yes' })
  await skipsSecondStep(visitor, ada)
  const { text } = await visitor.page(SECURITY)
  assert.match(text, /Zweiter Schritt auf diesem Gerät übersprungen/)
  assert.match(text, /Vertraute Geräte/)
})

test('what happened is recorded: remembered, used at a sign-in, forgotten', async (t) => {
  const { server, ada } = await ownPageScene(t)
  await letDevicesBeRemembered(server, days(30))
  const visitor = await rememberedBrowser(ada)
  await skipsSecondStep(visitor, ada)
  await visitor.submit(`${SECURITY}/remembered-devices/forget-all`, {})
  const events = await server.doorward.db
    .selectFrom('audit_event')
    .select(['action', 'details'])
    .orderBy('id')
    .execute()
  const own = events.filter(({ action }) => action.startsWith('device.') || action === 'sign_in.succeeded').slice(-4)
  assert.deepEqual(
    own.map(({ action }) => action),
    ['sign_in.succeeded', 'device.remembered', 'sign_in.succeeded', 'device.forgotten'],
  )
  assert.match(String(own[2]?.details), /password remembered-device/)
  const token = visitor.cookies.get(COOKIE) ?? ''
  assert.ok(events.every(({ details }) => !String(details).includes(token.split('.')[1] ?? 'dwr_')))
})
