// Passkeys on the sign-in pages, as forms: the test sends what the browser's module would send.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import { minutes } from '#foundation/kernel/time.ts'
import { FLAG, type RequestOptions, type SoftwareAuthenticator } from '../../clients/test/src/software-authenticator.ts'
import { onEachDatabase } from '../support/databases/each-database.ts'
import { assertLeadsTo, signsIn } from '../support/pages/page-answers.ts'
import { type SceneOptions, type VisitorScene, visitorScene } from '../support/pages/page-scenes.ts'
import type { ParsedPage } from '../support/pages/parsed-page.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { newcomer, PASSWORD, startWithAdmin } from '../support/people/people.ts'
import { givePasskey, giveRecoveryCodes, newPhone } from '../support/people/second-factors.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'

const ROOT = { username: 'root', password: PASSWORD }
const STEP = '/sign-in/second-step'

interface Scene extends VisitorScene {
  readonly phone: SoftwareAuthenticator
}

async function withPasskey(t: TestContext, options: SceneOptions = {}, flags = FLAG.up | FLAG.uv): Promise<Scene> {
  const scene = await visitorScene(t, options)
  return { ...scene, phone: await givePasskey(scene.admin, newPhone(scene.server, { flags })) }
}

/** The options that the page passes to the browser's module. */
function optionsOn(page: ParsedPage): RequestOptions {
  return JSON.parse(page.data('options') ?? '') as RequestOptions
}

/** The field of the form, as the module fills it. */
function answerTo(phone: SoftwareAuthenticator, page: ParsedPage): { passkey: string } {
  return { passkey: JSON.stringify(phone.assert(optionsOn(page))) }
}

leaveToTestAll()

onEachDatabase('a passkey alone signs in once, and leads to the requested page', async (t, dialect) => {
  const { server, phone, visitor } = await withPasskey(t, { dialect })
  const path = '/sign-in/passkey?next=%2Faccount%2Fsecurity'
  const page = await visitor.page('/sign-in?next=%2Faccount%2Fsecurity')
  assert.equal(page.count(`form[action="${path}"]`), 1)
  const answer = answerTo(phone, page)
  assertLeadsTo(await visitor.submit(path, answer), '/account/security')
  await visitor.page('/account/security')
  const other = new Visitor(server)
  const replayed = await other.pageAfter(path, answer, 401)
  assert.match(replayed.text, /took too long or was already used/)
  assert.ok(!other.cookies.has('session'))
})

test('a passkey without user verification is sent to the password first', async (t) => {
  const { phone, visitor } = await withPasskey(t, {}, FLAG.up)
  const answer = answerTo(phone, await visitor.page('/sign-in'))
  const page = await visitor.pageAfter('/sign-in/passkey', answer, 401)
  assert.match(page.text, /That passkey didn’t verify you\. Sign in with your password first/)
  assert.match(page.title, /^Error: Sign in/)
  assert.equal(page.data('passkey'), 'get')
  assert.equal(page.data('autofills'), undefined, 'the refused passkey is asked for at once again')
  assertLeadsTo(await visitor.open('/sign-in/passkey?next=%2Faccount'), '/sign-in?next=%2Faccount')
})

test('a field that no browser produced is refused like a wrong passkey', async (t) => {
  const { visitor, phone } = await withPasskey(t)
  const honest = phone.assert(optionsOn(await visitor.page('/sign-in')))
  const fields = [
    '',
    'null',
    '{',
    '[]',
    JSON.stringify({ ...honest, more: 1 }),
    JSON.stringify(honest).replace('{', '{"id":"AAAA",'),
    '['.repeat(15_000),
    'x'.repeat(50_000),
  ]
  for (const passkey of fields) {
    const page = await visitor.pageAfter('/sign-in/passkey', { passkey }, 401)
    assert.match(page.text, /That passkey didn’t work/)
  }
})

test('a double submit at the second step signs in once', async (t) => {
  const { phone, visitor } = await withPasskey(t)
  await visitor.submit('/sign-in', ROOT)
  const answer = answerTo(phone, await visitor.page(STEP))
  const answers = await visitor.submitTwice(`${STEP}?way=passkey`, answer)
  for (const page of answers) assertLeadsTo(page, '/account')
})

test('only the user’s own factors are offered, each at its own URL', async (t) => {
  const { server, admin, visitor } = await withPasskey(t)
  const bob = await newcomer(await admin.signsIn(), 'bob')
  await server.doorward.db.deleteFrom('recovery_code').execute()
  await visitor.submit('/sign-in', { username: bob.username, password: bob.password })
  const path = `${STEP}?way=passkey`
  const alone = (await visitor.page(path)).main
  assert.ok(alone.hasPart('code'))
  assert.deepEqual([alone.linksTo(/way=/), alone.data('passkey')], [[], undefined])
  await giveRecoveryCodes(bob)
  assert.equal((await visitor.page(path)).linksTo(`${STEP}?way=recovery-code`).length, 1)
  const empty = await visitor.pageAfter(`${STEP}?way=recovery-code`, {}, 422)
  assert.match(empty.text, /Enter a recovery code/)
})

test('where browsers support no passkeys, none is asked for', async (t) => {
  const { visitor } = await withPasskey(t, { settings: { public_url: 'http://192.0.2.7' } })
  assert.equal((await visitor.page('/sign-in')).data('passkey'), undefined)
  await visitor.submit('/sign-in', ROOT)
  const { main } = await visitor.page(STEP)
  assert.ok(main.hasPart('code'))
  assert.doesNotMatch(main.text, /passkey/i)
  assert.deepEqual([main.linksTo(/way=passkey/), main.data('passkey')], [[], undefined])
  assert.ok(!main.allActions().some((action) => action.includes('passkey')))
})

test('a recovery code leads to the page that explains its use, and the requested page is kept', async (t) => {
  const { admin, visitor } = await withPasskey(t, { language: 'de' })
  const [code = ''] = await giveRecoveryCodes(admin)
  await visitor.submit('/sign-in', ROOT)
  const path = `${STEP}?next=%2Faccount%2Fsecurity&way=recovery-code`
  assert.match(
    (await visitor.page(path)).text,
    /Wiederherstellungscode Er sieht aus wie xxxx-xxxx-xxxx-xxxx und gilt einmal\./,
  )
  const landed = '/account/recovered?next=%2Faccount%2Fsecurity'
  assertLeadsTo(await visitor.submit(path, { recovery_code: code }), landed)
  const page = await visitor.page(landed)
  assert.match(page.text, /Wiederherstellungscode verwendet\. Noch 9 übrig\./)
  assert.equal(page.link(/^Weiter/), '/account/security')
})

const LOST = [
  ['en', /Lost your phone\? Set up a new one/, /Lost your passkey\? Add a new one, then remove the old one/],
  [
    'de',
    /Telefon verloren\? Ein neues einrichten/,
    /Passkey verloren\? Einen neuen hinzufügen, dann den alten entfernen/,
  ],
] as const

test('a user who signed in with a recovery code is asked about the factor they may have lost', async (t) => {
  const { server, admin } = await visitorScene(t)
  for (const factors of ['app', 'app passkey', 'passkey']) {
    if (factors === 'app passkey') await givePasskey(admin)
    if (factors === 'passkey') await server.doorward.db.deleteFrom('totp_factor').execute()
    for (const [language, app, passkey] of LOST) {
      const visitor = new Visitor(server, { language })
      const [code = ''] = await giveRecoveryCodes(admin)
      await visitor.submit('/sign-in', ROOT)
      await visitor.submit(`${STEP}?way=recovery-code`, { recovery_code: code })
      const { text } = await visitor.page('/account/recovered')
      const wanted = [factors.includes('app'), factors.includes('passkey')]
      assert.deepEqual([app.test(text), passkey.test(text)], wanted, text)
    }
  }
})

test('a user who signed in without a recovery code is not asked about a lost factor', async (t) => {
  const { visitor, admin } = await withPasskey(t)
  await visitor.submit('/sign-in', ROOT)
  await visitor.submit(`${STEP}?way=totp`, { code: admin.code() })
  assertLeadsTo(await visitor.open('/account/recovered?next=%2Faccount%2Fsecurity'), '/account/security')
})

test('a refused registration of a passkey names no factor that the user lacks', async (t) => {
  const { visitor, admin } = await withPasskey(t)
  await signsIn(visitor, await newcomer(await admin.signsIn(), 'bob'))
  const page = await visitor.pageAfter('/account/security/passkeys/new', { passkey: '{}' }, 401)
  assert.match(page.text, /No passkey was created\. Try again, or use another device/)
  assert.doesNotMatch(page.text, /another way/)
})

test('re-authentication requires what the account has, and a weaker one is refused', async (t) => {
  const { server, admin, phone, visitor } = await withPasskey(t)
  await visitor.submit('/sign-in/passkey', answerTo(phone, await visitor.page('/sign-in')))
  server.clock.pass(minutes(11))
  const page = await visitor.page('/confirm?next=%2Faccount%2Fdelete')
  const path = '/confirm?next=%2Faccount%2Fdelete&way=passkey'
  assert.equal(page.count(`form[action="${path}"]`), 1)
  assert.ok(!page.hasPart('current-password') && !page.hasPart('code'))
  const weaker = await visitor.submit('/confirm?way=totp', { password: PASSWORD, code: admin.code() })
  assert.equal(weaker.statusCode, 401)
  const assertion = answerTo(phone, await visitor.page('/confirm'))
  assertLeadsTo(await visitor.submit(path, assertion), '/account/delete?done=confirmed')
  await visitor.page('/account/delete')
})

test('a user without a second factor re-authenticates with the password alone', async (t) => {
  const { server, root } = await startWithAdmin(t, { settings: { second_factor: 'optional' } })
  const long = 'four calm words stand here'
  await root.asks('POST', '/users', { username: 'eve', password: long })
  const visitor = new Visitor(server)
  assertLeadsTo(await visitor.submit('/sign-in', { username: 'eve', password: long }), '/account')
  server.clock.pass(minutes(11))
  const path = '/confirm?next=%2Faccount%2Fdelete'
  const page = await visitor.page(path)
  assert.match(page.text, /Enter your password to continue/)
  assert.ok(!page.hasPart('code'))
  assert.doesNotMatch(page.markup, /way=/)
  assert.match((await visitor.pageAfter(path, { password: 'wrong' }, 403)).text, /That password didn’t match/)
  assertLeadsTo(await visitor.submit(path, { password: long }), '/account/delete?done=confirmed')
})
