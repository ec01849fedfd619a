// Passkeys on the sign-in pages, as forms: the test sends what the browser's module would send.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'

import type { LightMyRequestResponse } from 'fastify'

import { minutes } from '../../src/foundation/kernel/time.ts'
import type { Dialect } from '../../src/foundation/platform/database/dialect.ts'
import { givesPasskey, givesRecoveryCodes } from '../support/browser/browser-passkeys.ts'
import { onEachDatabase } from '../support/databases/each-database.ts'
import { assertLeadsTo, mainOf, signsIn, wordsOn } from '../support/pages/page-answers.ts'
import { firstAdmin, newcomer, PASSWORD } from '../support/people/people.ts'
import type { Person } from '../support/people/people.ts'
import { FLAG } from '../support/people/software-authenticator.ts'
import type { RequestOptions, SoftwareAuthenticator } from '../support/people/software-authenticator.ts'
import { start } from '../support/server/start.ts'
import type { Server, StartOptions } from '../support/server/start.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { parsePage } from '../support/pages/parsed-page.ts'

interface Scene {
  readonly server: Server
  readonly root: Person
  readonly authenticator: SoftwareAuthenticator
  readonly visitor: Visitor
}

interface SceneOptions extends StartOptions {
  readonly flags?: number
  readonly language?: string
}

async function withPasskey(t: TestContext, { flags, language, ...options }: SceneOptions = {}): Promise<Scene> {
  const server = await start(t, options)
  const root = await firstAdmin(server)
  const { authenticator } = await givesPasskey(root, flags)
  const visitor = new Visitor(server, language === undefined ? {} : { language })
  return { server, root, authenticator, visitor }
}

/** The options that the page passes to the browser's module. */
function optionsOn({ body }: LightMyRequestResponse): RequestOptions {
  return JSON.parse(parsePage(body).data('options') ?? '') as RequestOptions
}

/** The field of the form, as the module fills it. */
function answerTo(authenticator: SoftwareAuthenticator, page: LightMyRequestResponse): { passkey: string } {
  return { passkey: JSON.stringify(authenticator.assert(optionsOn(page))) }
}

onEachDatabase(
  'a passkey alone signs in once, and the sign-in redirects to the requested page',
  async (t, dialect: Dialect) => {
    const { server, authenticator, visitor } = await withPasskey(t, { dialect })
    const place = '/sign-in/passkey?next=%2Faccount%2Fsecurity'
    const page = await visitor.open('/sign-in?next=%2Faccount%2Fsecurity')
    assert.match(page.body, /action="\/sign-in\/passkey\?next=%2Faccount%2Fsecurity"/)
    const answer = answerTo(authenticator, page)
    assertLeadsTo(await visitor.submit(place, answer), '/account/security')
    assert.equal((await visitor.open('/account/security')).statusCode, 200)
    const replayed = await new Visitor(server).submit(place, answer)
    assert.equal(replayed.statusCode, 401)
    assert.match(wordsOn(replayed), /took too long or was already used/)
    assert.ok(replayed.cookies.every(({ name }) => name !== 'session'))
  },
)

test('a passkey without user verification is sent to the password first', async (t) => {
  const { authenticator, visitor } = await withPasskey(t, { flags: FLAG.up })
  const page = await visitor.submit('/sign-in/passkey', answerTo(authenticator, await visitor.open('/sign-in')))
  assert.match(wordsOn(page), /did not check that it is you\. Sign in with your password first/)
  assert.match(parsePage(page).title, /^Error: Sign in/)
  assert.match(page.body, /data-passkey="get"/)
  assert.doesNotMatch(page.body, /data-autofills/, 'the refused passkey is asked for at once again')
  assertLeadsTo(await visitor.open('/sign-in/passkey?next=%2Faccount'), '/sign-in?next=%2Faccount')
})

test('a field that no browser produced is refused like a wrong passkey', async (t) => {
  const { visitor, authenticator } = await withPasskey(t)
  const honest = authenticator.assert(optionsOn(await visitor.open('/sign-in')))
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
    const page = await visitor.submit('/sign-in/passkey', { passkey })
    assert.equal(page.statusCode, 401)
    assert.match(wordsOn(page), /That passkey was not accepted here/)
  }
})

test('a double submit at the second step signs in once', async (t) => {
  const { authenticator, visitor } = await withPasskey(t)
  await visitor.submit('/sign-in', { username: 'root', password: PASSWORD })
  const answer = answerTo(authenticator, await visitor.open('/sign-in/second-step'))
  const answers = await visitor.submitTwice('/sign-in/second-step?way=passkey', answer)
  for (const page of answers) assertLeadsTo(page, '/account')
})

test('only the user’s own factors are offered, each at its own URL', async (t) => {
  const { server, root, visitor } = await withPasskey(t)
  const bob = await newcomer(await root.signsIn(), 'bob')
  const { db } = server.doorward
  await db.deleteFrom('recovery_code').execute()
  await visitor.submit('/sign-in', { username: bob.username, password: bob.password })
  const place = '/sign-in/second-step?way=passkey'
  const alone = await visitor.open(place)
  assert.ok(parsePage(alone).hasPart('code'))
  assert.doesNotMatch(mainOf(alone), /way=(passkey|recovery-code)/)
  await givesRecoveryCodes(bob)
  assert.equal(parsePage(await visitor.open(place)).linksTo('/sign-in/second-step?way=recovery-code').length, 1)
  const empty = await visitor.submit('/sign-in/second-step?way=recovery-code', {})
  assert.equal(empty.statusCode, 422)
  assert.match(wordsOn(empty), /Enter a recovery code/)
})

test('where browsers support no passkeys, none is asked for', async (t) => {
  const { server, root, visitor } = await withPasskey(t, { settings: { public_url: 'http://192.0.2.7' } })
  assert.equal(server.doorward.config.publicUrl, 'http://192.0.2.7')
  const headers = { host: '192.0.2.7' }
  assert.doesNotMatch((await visitor.open('/sign-in', 'GET', headers)).body, /data-passkey/)
  await visitor.submit('/sign-in', { username: root.username, password: PASSWORD }, headers)
  const page = await visitor.open('/sign-in/second-step', 'GET', headers)
  assert.ok(parsePage(page).hasPart('code'))
  assert.doesNotMatch(mainOf(page), /passkey/)
})

test('a recovery code leads to the page that explains its use, and the requested page is kept', async (t) => {
  const { root, visitor } = await withPasskey(t, { language: 'de' })
  const [code = ''] = await givesRecoveryCodes(root)
  await visitor.submit('/sign-in', { username: 'root', password: PASSWORD })
  const place = '/sign-in/second-step?next=%2Faccount%2Fsecurity&way=recovery-code'
  assert.match(wordsOn(await visitor.open(place)), /Wiederherstellungscode Jeder Code gilt einmal\./)
  const landed = '/account/recovered?next=%2Faccount%2Fsecurity'
  assertLeadsTo(await visitor.submit(place, { recovery_code: code }), landed)
  const page = await visitor.open(landed)
  assert.match(wordsOn(page), /Sie haben einen Wiederherstellungscode benutzt\. Es sind noch 9 übrig\./)
  assert.equal(parsePage(page).link(/^Weiter/), '/account/security')
})

const LOST = {
  en: {
    app: /Lost your phone\? Set up a new one/,
    passkey: /Lost your passkey\? Add a new one, then remove the old one/,
  },
  de: {
    app: /Telefon verloren\? Ein neues einrichten/,
    passkey: /Passkey verloren\? Einen neuen hinzufügen, dann den alten entfernen/,
  },
}

test('a user who signed in with a recovery code is asked about the factor they may have lost', async (t) => {
  const server = await start(t)
  const root = await firstAdmin(server)
  const { db } = server.doorward
  const asked = async (language: string): Promise<string> => {
    const visitor = new Visitor(server, { language })
    const [code = ''] = await givesRecoveryCodes(root)
    await visitor.submit('/sign-in', { username: 'root', password: PASSWORD })
    await visitor.submit('/sign-in/second-step?way=recovery-code', { recovery_code: code })
    return wordsOn(await visitor.open('/account/recovered'))
  }
  for (const factors of ['app', 'app passkey', 'passkey']) {
    if (factors === 'app passkey') await givesPasskey(root)
    if (factors === 'passkey') await db.deleteFrom('totp_factor').execute()
    for (const [language, { app, passkey }] of Object.entries(LOST)) {
      const words = await asked(language)
      assert.deepEqual(
        [app.test(words), passkey.test(words)],
        [factors.includes('app'), factors.includes('passkey')],
        words,
      )
    }
  }
})

test('a user who signed in without a recovery code is not asked about a lost factor', async (t) => {
  const { visitor, root } = await withPasskey(t)
  await visitor.submit('/sign-in', { username: 'root', password: PASSWORD })
  await visitor.submit('/sign-in/second-step?way=totp', { code: root.code() })
  assertLeadsTo(await visitor.open('/account/recovered?next=%2Faccount%2Fsecurity'), '/account/security')
})

test('a refused registration of a passkey names no factor that the user lacks', async (t) => {
  const { visitor, root } = await withPasskey(t)
  await signsIn(visitor, await newcomer(await root.signsIn(), 'bob'))
  const page = await visitor.submit('/account/security/passkeys/new', { passkey: '{}' })
  assert.equal(page.statusCode, 401)
  assert.match(wordsOn(page), /No passkey was created\. Try again, or use another device/)
  assert.doesNotMatch(wordsOn(page), /another way/)
})

test('re-authentication requires what the account has, and a weaker one is refused', async (t) => {
  const { server, root, authenticator, visitor } = await withPasskey(t)
  await visitor.submit('/sign-in/passkey', answerTo(authenticator, await visitor.open('/sign-in')))
  server.clock.pass(minutes(11))
  const page = await visitor.open('/confirm?next=%2Faccount%2Fdelete')
  assert.match(page.body, /action="\/confirm\?next=%2Faccount%2Fdelete&amp;way=passkey"/)
  assert.doesNotMatch(page.body, /id="(current-password|code)"/)
  const weaker = await visitor.submit('/confirm?way=totp', { password: PASSWORD, code: root.code() })
  assert.notEqual(weaker.statusCode, 303)
  const assertion = answerTo(authenticator, await visitor.open('/confirm'))
  const place = '/confirm?next=%2Faccount%2Fdelete&way=passkey'
  assertLeadsTo(await visitor.submit(place, assertion), '/account/delete?done=confirmed')
  assert.equal((await visitor.open('/account/delete')).statusCode, 200)
})

test('a user without a second factor re-authenticates with the password alone', async (t) => {
  const server = await start(t, { settings: { second_factor: 'optional' } })
  const root = await (await firstAdmin(server)).signsIn()
  const long = 'four calm words stand here'
  await root.asks('POST', '/users', { username: 'eve', password: long })
  const visitor = new Visitor(server)
  assertLeadsTo(await visitor.submit('/sign-in', { username: 'eve', password: long }), '/account')
  server.clock.pass(minutes(11))
  const place = '/confirm?next=%2Faccount%2Fdelete'
  const page = await visitor.open(place)
  assert.match(wordsOn(page), /This needs your password once more/)
  assert.doesNotMatch(page.body, /id="code"|way=/)
  assert.match(wordsOn(await visitor.submit(place, { password: 'wrong' })), /That password didn’t match/)
  assertLeadsTo(await visitor.submit(place, { password: long }), '/account/delete?done=confirmed')
})
