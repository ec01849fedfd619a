// The first admin's set-up, an invitation, and the enrolment after both, in each of their states.
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { hours, minutes } from '../../src/foundation/kernel/time.ts'
import { issueSetupLink } from '../../src/use-cases/onboarding/setup.service.ts'
import { onEachDatabase, onEitherDatabase } from '../support/databases/each-database.ts'
import {
  assertLeadsTo,
  assertShowsCodes,
  authenticatorOn,
  textIn,
  valueIn,
  wordsOn,
} from '../support/pages/page-answers.ts'
import { firstAdmin, PASSWORD } from '../support/people/people.ts'
import type { Person } from '../support/people/people.ts'
import { newPhone } from '../support/people/second-factors.ts'
import { FLAG } from '../support/people/software-authenticator.ts'
import type { CreationOptions } from '../support/people/software-authenticator.ts'
import { start } from '../support/server/start.ts'
import type { Server } from '../support/server/start.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { parsePage } from '../support/pages/parsed-page.ts'

const ADA = { username: 'ada', email: '', full_name: '', password: PASSWORD }

async function setupPath(server: Server): Promise<string> {
  return `/setup/${(await issueSetupLink(server.operator()))?.token.reveal() ?? ''}`
}

async function invitationPath(admin: Person, username: string): Promise<string> {
  const { body } = await admin.asks('POST', '/users', { username })
  return new URL((body['invitation'] as { url: string }).url).pathname
}

onEachDatabase('an interrupted set-up continues where it was, from either of its pages', async (t, dialect) => {
  const server = await start(t, { dialect })
  const path = await setupPath(server)
  const visitor = new Visitor(server)
  assertLeadsTo(await visitor.submit(path, ADA), '/enrolment')
  const key = authenticatorOn((await visitor.open('/enrolment/app')).body)
  for (const place of [path, '/setup']) {
    const page = await visitor.open(place)
    assert.match(wordsOn(page), /Welcome back\./)
    assert.match(page.body, /<a (?:class="button primary" )?href="\/enrolment">Go on with step 2<\/a>/)
    assert.equal(page.body.match(/class="button primary"/g)?.length, 1)
    assert.doesNotMatch((await new Visitor(server).open(place)).body, /Welcome back/)
  }
  assertLeadsTo(await new Visitor(server).open('/sign-in'), '/setup')
  const again = authenticatorOn((await visitor.open('/enrolment/app')).body)
  assert.equal(again.code(server.clock.now()), key.code(server.clock.now()))
  const done = await visitor.submit('/enrolment/app', { code: again.code(server.clock.now()) })
  assertShowsCodes(done, '/admin/checkup?done=set-up')
  assert.match(wordsOn(done), /Step 3 of 3: Recovery codes/)
  assert.equal((await visitor.open('/setup')).statusCode, 404)
})

onEitherDatabase('double submits of a set-up create one admin, signed in', async (t, dialect) => {
  const server = await start(t, { dialect })
  const path = await setupPath(server)
  const visitor = new Visitor(server)
  for (const answer of await visitor.submitTwice('/setup', { setup_token: path })) assertLeadsTo(answer, path)
  for (const answer of await visitor.submitTwice(path, ADA)) assertLeadsTo(answer, '/enrolment')
  const app = authenticatorOn((await visitor.open('/enrolment/app')).body)
  const [one, two] = await visitor.submitTwice('/enrolment/app', { code: app.code(server.clock.now()) })
  assert.ok(one && two)
  const codes = assertShowsCodes(one, '/admin/checkup?done=set-up')
  assert.deepEqual(assertShowsCodes(two, '/admin/checkup?done=set-up'), codes, 'the second press shows other codes')
  assert.equal((await visitor.open('/account')).statusCode, 200)
  const admins = await server.doorward.db.selectFrom('users').select('username').execute()
  assert.deepEqual(admins, [{ username: 'ada' }])
})

test('a set-up says under which address the server will be reached, and how to change that', async (t) => {
  const server = await start(t)
  const path = await setupPath(server)
  const visitor = new Visitor(server)
  const right = await visitor.open(path, 'GET', { host: 'localhost:8000' })
  assert.match(wordsOn(right), /People will reach this server at http:\/\/localhost:8000\./)
  assert.doesNotMatch(right.body, /DOORWARD_PUBLIC_URL/)
  const other = await visitor.open(path, 'GET', { host: '127.0.0.1:9000' })
  assert.match(wordsOn(other), /with this setting: DOORWARD_PUBLIC_URL http:\/\/127\.0\.0\.1:9000/)
})

test('a set-up link that another one replaced says so', async (t) => {
  const server = await start(t)
  const path = await setupPath(server)
  await setupPath(server)
  const page = await new Visitor(server).open(path)
  assert.equal(page.statusCode, 404)
  assert.match(wordsOn(page), /A newer one may have replaced it\. .*npm run -s doorward -- setup-link/)
  const other = await new Visitor(server).submit('/setup', { setup_token: 'no such thing' })
  assert.notEqual(textIn(other.body, 'setup_token-error'), '')
})

onEitherDatabase('an invitation says what became of it', async (t, dialect) => {
  const server = await start(t, { dialect })
  const admin = await (await firstAdmin(server)).signsIn()
  const used = await invitationPath(admin, 'used')
  const visitor = new Visitor(server)
  for (const answer of await visitor.submitTwice(used, { password: PASSWORD })) assertLeadsTo(answer, '/enrolment')
  const app = authenticatorOn((await visitor.open('/enrolment/app')).body)
  for (const answer of await visitor.submitTwice('/enrolment/app', { code: app.code(server.clock.now()) })) {
    assertShowsCodes(answer, '/account?done=set-up')
  }
  const withdrawn = await invitationPath(admin, 'withdrawn')
  const { body } = await admin.asks('GET', '/users?q=withdrawn')
  const [{ id } = { id: 0 }] = body['items'] as { id: number }[]
  assert.equal((await admin.asks('POST', `/users/${id}/invitation`)).status, 200)
  const expired = await invitationPath(admin, 'expired')
  server.clock.pass(hours(24 * 7))
  const states = [
    [used, /This invitation was already used Sign in with your username and the password you chose/],
    [withdrawn, /This invitation does not work It may have been withdrawn, or replaced by a newer one/],
    [`${withdrawn}x`, /This invitation does not work .* Check that the link is whole/],
    [expired, /This invitation ran out It ran out on \d+ \w+ 20\d\d\. Ask the admin root for a new one/],
  ] as const
  for (const [path, said] of states) {
    const page = await new Visitor(server).open(path)
    assert.equal(page.statusCode, 404)
    assert.match(wordsOn(page), said)
    assert.match(
      page.body,
      path === used ? /<a class="button primary" href="\/sign-in">/ : /<a class="button" href="\/sign-in">/,
    )
    assert.equal((await new Visitor(server).submit(path, { password: PASSWORD })).statusCode, 404)
  }
  const german = await new Visitor(server, { language: 'de' }).open(expired)
  assert.match(
    wordsOn(german),
    /Diese Einladung ist abgelaufen Sie galt bis zum \d+\. \p{L}+ 20\d\d\. Bitten Sie den Admin root um eine neue/u,
  )
})

test('the enrolment of an invitation says who signs in, and takes the key by camera, by hand or by link', async (t) => {
  const server = await start(t)
  const admin = await (await firstAdmin(server)).signsIn()
  const visitor = new Visitor(server)
  await visitor.submit(await invitationPath(admin, 'bob'), { password: PASSWORD })
  const choice = await visitor.open('/enrolment?next=/account/security')
  assert.match(
    wordsOn(choice),
    /Signing in as bob\. Not you\? .* Passkey Fingerprint, .* Authenticator app A 6-digit code from your phone\./,
  )
  assert.equal(parsePage(choice).main.link(/^Passkey /), '/enrolment/passkey?next=%2Faccount%2Fsecurity')
  assert.equal(parsePage(choice).main.link(/^Authenticator app /), '/enrolment/app?next=%2Faccount%2Fsecurity')
  const page = await visitor.open('/enrolment/app?next=/account/security')
  assert.match(wordsOn(page), /Signing in as bob\. Not you\?/)
  assert.ok(parsePage(page).has('img', /^QR code/))
  assert.match(page.body, /data-copies="setup-key"[\s\S]*hidden/)
  assert.match(page.body, /modules\/copy\.[0-9a-f]+\.js/)
  assert.match(page.body, /href="otpauth:\/\/totp\/Doorward:bob\?secret=[A-Z2-7]{32}&amp;issuer=Doorward&amp;/)
  assert.match(wordsOn(page), /Which app\?.*Time-based, SHA-1, 6 digits/)
  assert.doesNotMatch(page.body, /data-sends-itself/)
  const code = authenticatorOn(page.body).code(server.clock.now())
  assertShowsCodes(await visitor.submit('/enrolment/app?next=/account/security', { code }), '/account/security')
})

test('where browsers support no passkeys there is no choice', async (t) => {
  const server = await start(t, { settings: { public_url: 'http://192.0.2.1:8000' } })
  const admin = await (await firstAdmin(server)).signsIn()
  const visitor = new Visitor(server)
  await visitor.submit(await invitationPath(admin, 'bob'), { password: PASSWORD })
  for (const place of ['/enrolment', '/enrolment/passkey']) {
    assertLeadsTo(await visitor.open(`${place}?next=/account/security`), '/enrolment/app?next=%2Faccount%2Fsecurity')
  }
  const page = await visitor.open('/enrolment/app')
  assert.doesNotMatch(page.body, /passkey/i)
  assertShowsCodes(
    await visitor.submit('/enrolment/app', { code: authenticatorOn(page.body).code(server.clock.now()) }),
    '/account?done=set-up',
  )
})

onEitherDatabase(
  'a passkey completes an invitation; its codes are shown once, and the user continues only after saving them',
  async (t, dialect) => {
    const server = await start(t, { dialect })
    const admin = await (await firstAdmin(server)).signsIn()
    const visitor = new Visitor(server)
    const path = await invitationPath(admin, 'bob')
    await visitor.submit(path, { password: PASSWORD })
    const phone = newPhone(server)
    const refused = await visitor.submit('/enrolment/passkey', { passkey: '{}', name: 'Phone "x"' })
    assert.equal(refused.statusCode, 401)
    assert.match(wordsOn(refused), /No passkey was created/)
    assert.equal(valueIn(refused.body, 'name'), 'Phone "x"')
    const passkey = madeBy(phone, (await visitor.open('/enrolment/passkey')).body)
    const [one, two] = await visitor.submitTwice('/enrolment/passkey', { passkey, name: 'Phone' })
    assert.ok(one && two)
    const codes = assertShowsCodes(one, '/account?done=set-up-passkey')
    assert.deepEqual(assertShowsCodes(two, '/account?done=set-up-passkey'), codes)
    // A reload sends the form again; the attempt has ended.
    assertLeadsTo(await visitor.submit('/enrolment/passkey', { passkey, name: 'Phone' }), '/sign-in')
    const saved = '/account/security/recovery-codes/saved?next=%2Faccount%3Fdone%3Dset-up-passkey'
    const unticked = await visitor.submit(saved, {})
    assert.equal(unticked.statusCode, 422)
    assert.match(wordsOn(unticked), /Tick the box once you have saved them/)
    assert.ok(!unticked.body.includes(codes[0] ?? ''), 'the codes are shown again')
    assertLeadsTo(await visitor.submit(saved, { saved: 'yes' }), '/account?done=set-up-passkey')
    assertLeadsTo(
      await visitor.submit(saved.replace('%2Faccount%3Fdone%3Dset-up-passkey', '//evil.example'), { saved: 'yes' }),
      '/account/security',
    )
    assert.match(textIn((await visitor.open('/account/security')).body, 'passkeys'), /Phone just now Never Rename/)
    assert.ok(!codes.some((code) => server.logText().includes(code)), 'the log holds a recovery code')
  },
)

const NEXT_TIME = {
  en: {
    app: /You’re all set\. Next time, enter your password, then a code from your app\./,
    passkey: /You’re all set\. Next time, just use your passkey\./,
    'password-and-passkey': /You’re all set\. Next time, enter your password, then use your passkey\./,
  },
  de: {
    app: /Alles bereit\. Geben Sie beim nächsten Mal Ihr Passwort ein, dann einen Code aus Ihrer App\./,
    passkey: /Alles bereit\. Beim nächsten Mal genügt Ihr Passkey\./,
    'password-and-passkey': /beim nächsten Mal Ihr Passwort ein und nehmen Sie dann Ihren Passkey\./,
  },
}

test('after an enrolment the page says what the next sign-in takes: app, passkey, or passkey without user verification', async (t) => {
  const server = await start(t)
  const admin = await (await firstAdmin(server)).signsIn()
  for (const [language, sentences] of Object.entries(NEXT_TIME)) {
    for (const [factor, sentence] of Object.entries(sentences)) {
      const visitor = new Visitor(server, { language })
      await visitor.submit(await invitationPath(admin, `${factor}-${language}`), { password: PASSWORD })
      const place = `/enrolment/${factor === 'app' ? 'app' : 'passkey'}`
      const { body } = await visitor.open(place)
      const phone = newPhone(server, { flags: factor === 'passkey' ? FLAG.up | FLAG.uv : FLAG.up })
      const fields =
        factor === 'app' ? { code: authenticatorOn(body).code(server.clock.now()) } : { passkey: madeBy(phone, body) }
      const codes = await visitor.submit(place, fields)
      const next = /saved\?next=([^"]+)/.exec(codes.body)?.[1] ?? ''
      assert.match(wordsOn(await visitor.open(decodeURIComponent(next))), sentence)
    }
  }
})

/** The response of a phone to the options on the page. */
function madeBy(phone: ReturnType<typeof newPhone>, page: string): string {
  const options = parsePage(page).data('options') ?? ''
  return JSON.stringify(phone.register(JSON.parse(options) as CreationOptions))
}

onEitherDatabase('guesses made before a password was chosen do not count against it', async (t, dialect) => {
  const server = await start(t, { dialect })
  const admin = await (await firstAdmin(server)).signsIn()
  const path = await invitationPath(admin, 'bob')
  const guesses = async (kind: string): Promise<number> => {
    const rows = await server.doorward.db.selectFrom('throttle_bucket').select('key').execute()
    return rows.filter(({ key }) => new RegExp(`^user:[^:]+:${kind}$`).test(key)).length
  }
  for (let tries = 0; tries < 3; tries++)
    await new Visitor(server).submit('/sign-in', { username: 'bob', password: 'no' })
  assert.equal(await guesses('password'), 1)
  const visitor = new Visitor(server)
  await visitor.submit(path, { password: PASSWORD })
  const app = authenticatorOn((await visitor.open('/enrolment/app')).body)
  assert.equal((await visitor.submit('/enrolment/app', { code: '000000' })).statusCode, 401)
  assert.equal(await guesses('code'), 1)
  assertShowsCodes(
    await visitor.submit('/enrolment/app', { code: app.code(server.clock.now()) }),
    '/account?done=set-up',
  )
  assert.deepEqual([await guesses('password'), await guesses('code')], [0, 0])
})

test('an expired enrolment keeps the requested page', async (t) => {
  const server = await start(t)
  const admin = await (await firstAdmin(server)).signsIn()
  const visitor = new Visitor(server)
  await visitor.submit(await invitationPath(admin, 'bob'), { password: PASSWORD })
  server.clock.pass(minutes(16))
  assertLeadsTo(
    await visitor.open('/enrolment?next=/account/security'),
    '/sign-in?next=%2Faccount%2Fsecurity&because=ended',
  )
})
