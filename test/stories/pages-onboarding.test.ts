// The first admin's set-up, an invitation, and the enrolment after both, in each of their states.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import { hours, minutes } from '#foundation/kernel/time.ts'
import { type CreationOptions, FLAG } from '../../clients/test/src/software-authenticator.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { assertLeadsTo, assertShowsCodes, authenticatorOn } from '../support/pages/page-answers.ts'
import {
  invitationPath,
  type SceneOptions,
  setupPath,
  stored,
  type VisitorScene,
  visitorScene,
} from '../support/pages/page-scenes.ts'
import { type ParsedPage, parsePage } from '../support/pages/parsed-page.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { PASSWORD, startWithAdmin } from '../support/people/people.ts'
import { newPhone } from '../support/people/second-factors.ts'
import { storePolicyVersion } from '../support/policies/stored-policies.ts'
import { invitationIn } from '../support/requests/replies.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { start } from '../support/server/start.ts'

const ADA = { username: 'ada', email: '', full_name: '', password: PASSWORD }

const APP = '/enrolment/app'

/** A browser that has opened the invitation of a new user and set the password. */
async function invitedScene(t: TestContext, options: SceneOptions = {}): Promise<VisitorScene> {
  const scene = await visitorScene(t, options)
  const path = await invitationPath(await scene.admin.signsIn(), 'bob')
  await scene.visitor.submit(path, { password: PASSWORD })
  return scene
}

onEitherDatabase('an interrupted set-up continues where it was, from either of its pages', async (t, dialect) => {
  const server = await start(t, { dialect })
  const path = await setupPath(server)
  const visitor = new Visitor(server)
  assertLeadsTo(await visitor.submit(path, ADA), '/enrolment')
  const key = authenticatorOn(await visitor.page(APP))
  for (const target of [path, '/setup']) {
    const page = await visitor.page(target)
    assert.match(page.text, /Welcome back\./)
    assert.equal(page.link('Continue setup'), '/enrolment')
    assert.equal(page.count('.button.primary'), 1)
    assert.doesNotMatch((await new Visitor(server).page(target)).markup, /Welcome back/)
  }
  assertLeadsTo(await new Visitor(server).open('/sign-in'), '/setup')
  const again = authenticatorOn(await visitor.page(APP))
  assert.equal(again.code(server.clock.now()), key.code(server.clock.now()))
  const done = await visitor.submit(APP, { code: again.code(server.clock.now()) })
  assertShowsCodes(done, '/admin?done=set-up')
  assert.match(parsePage(done).text, /Save your recovery codes/)
  await visitor.page('/setup', 404)
})

leaveToTestAll()

onEitherDatabase('double submits of a set-up create one admin, signed in', async (t, dialect) => {
  const server = await start(t, { dialect })
  const path = await setupPath(server)
  const visitor = new Visitor(server)
  for (const answer of await visitor.submitTwice('/setup', { setup_token: path })) assertLeadsTo(answer, path)
  for (const answer of await visitor.submitTwice(path, ADA)) assertLeadsTo(answer, '/enrolment')
  const app = authenticatorOn(await visitor.page(APP))
  const [one, two] = await visitor.submitTwice(APP, { code: app.code(server.clock.now()) })
  assert.ok(one && two)
  const codes = assertShowsCodes(one, '/admin?done=set-up')
  assert.deepEqual(assertShowsCodes(two, '/admin?done=set-up'), codes, 'the second press shows other codes')
  await visitor.page('/account')
  const admins = await server.doorward.db.selectFrom('users').select('username').execute()
  assert.deepEqual(admins, [{ username: 'ada' }])
})

onEitherDatabase('the set-up takes over the time zone of the browser, and Account shows it', async (t, dialect) => {
  const server = await start(t, { dialect })
  const path = await setupPath(server)
  const visitor = new Visitor(server)
  assert.equal((await visitor.page(path)).count('input[type=hidden][name=time_zone]:not([value])'), 1)
  await visitor.submit(path, { ...ADA, time_zone: 'Asia/Tokyo' })
  const app = authenticatorOn(await visitor.page(APP))
  await visitor.submit(APP, { code: app.code(server.clock.now()) })
  const account = await visitor.page('/account')
  assert.equal(account.sent('time_zone'), 'Asia/Tokyo')
  const fields = { username: 'ada', time_zone: 'Europe/Berlin', seen: account.sent('seen') ?? '' }
  assertLeadsTo(await visitor.submit('/account', fields), '/account?done=saved')
  assert.equal((await stored(server, 'ada')).timeZone, 'Europe/Berlin')
})

onEitherDatabase('an invitation takes over a known time zone where the user has none', async (t, dialect) => {
  const { server, root } = await startWithAdmin(t, { dialect })
  for (const [username, before, sent, after] of [
    ['bob', null, 'Europe/Berlin', 'Europe/Berlin'],
    ['carol', 'Asia/Tokyo', 'Europe/Berlin', 'Asia/Tokyo'],
    ['dan', null, 'Mars/Olympus', null],
    ['eve', null, '', null],
    ['frank', null, '\u0000', null],
  ] as const) {
    const path = await invitationPath(root, username)
    await server.doorward.db.updateTable('users').set({ time_zone: before }).where('username', '=', username).execute()
    const visitor = new Visitor(server)
    assertLeadsTo(await visitor.submit(path, { password: PASSWORD, time_zone: sent }), '/enrolment')
    assert.equal((await stored(server, username)).timeZone, before)
    const app = authenticatorOn(await visitor.page(APP))
    await visitor.submit(APP, { code: app.code(server.clock.now()) })
    assert.equal((await stored(server, username)).timeZone, after, username)
  }
})

test('a set-up says under which address the server will be reached, and how to change that', async (t) => {
  const server = await start(t)
  const path = await setupPath(server)
  const visitor = new Visitor(server)
  const right = await visitor.open(path, 'GET', { host: 'localhost:8000' })
  assert.match(parsePage(right).text, /Address of this server: http:\/\/localhost:8000 \(Wrong\?/)
  assert.doesNotMatch(right.body, /DOORWARD_PUBLIC_URL/)
  const other = await visitor.open(path, 'GET', { host: '127.0.0.1:9000' })
  assert.match(parsePage(other).text, /start the server with: DOORWARD_PUBLIC_URL http:\/\/127\.0\.0\.1:9000/)
})

test('a set-up link that another one replaced says so', async (t) => {
  const server = await start(t)
  const path = await setupPath(server)
  await setupPath(server)
  const page = await new Visitor(server).page(path, 404)
  assert.match(page.text, /It may have been replaced\. .*npm run -s doorward -- setup-link/)
  const other = await new Visitor(server).pageAfter('/setup', { setup_token: 'no such thing' }, 404)
  assert.notEqual(other.part('setup_token-error').text, '')
})

onEitherDatabase('an invitation says what became of it', async (t, dialect) => {
  const { server, root } = await startWithAdmin(t, { dialect })
  const used = await invitationPath(root, 'used')
  const visitor = new Visitor(server)
  for (const answer of await visitor.submitTwice(used, { password: PASSWORD })) assertLeadsTo(answer, '/enrolment')
  const app = authenticatorOn(await visitor.page(APP))
  for (const answer of await visitor.submitTwice(APP, { code: app.code(server.clock.now()) })) {
    assertShowsCodes(answer, '/account?done=set-up')
  }
  const { body } = await root.asks('POST', '/users', { username: 'withdrawn' })
  const withdrawn = `/invitation/${invitationIn({ body })}`
  assert.equal((await root.asks('POST', `/users/${String(body['id'])}/invitation`)).status, 200)
  const expired = await invitationPath(root, 'expired')
  server.clock.pass(hours(24 * 7))
  const states = [
    [used, /This invitation was already used Sign in with your username and the password you chose/],
    [withdrawn, /This invitation doesn’t work It may have been replaced/],
    [`${withdrawn}x`, /This invitation doesn’t work .* Check that you copied the whole link/],
    [expired, /This invitation has expired It expired on \d+ \w+ 20\d\d\. Ask root for a new one/],
  ] as const
  for (const [path, said] of states) {
    const page = await new Visitor(server).page(path, 404)
    assert.match(page.text, said)
    assert.equal(page.count('a.button[href="/sign-in"]'), 1)
    assert.equal(page.count('a.primary[href="/sign-in"]'), path === used ? 1 : 0)
    await new Visitor(server).pageAfter(path, { password: PASSWORD }, 404)
  }
  const german = await new Visitor(server, { language: 'de' }).page(expired, 404)
  assert.match(
    german.text,
    /Diese Einladung ist abgelaufen Sie ist am \d+\. \p{L}+ 20\d\d abgelaufen\. Bitten Sie root um eine neue/u,
  )
})

test('the enrolment of an invitation says who signs in, and takes the key by camera, by hand or by link', async (t) => {
  const { server, visitor } = await invitedScene(t)
  const choice = await visitor.page('/enrolment?next=/account/security')
  assert.match(
    choice.text,
    /Signing in as bob\. Not you\? .* Passkey Recommended Fingerprint, .* Authenticator app A 6-digit code from an app on your phone\./,
  )
  assert.equal(choice.main.link(/^Passkey /), '/enrolment/passkey?next=%2Faccount%2Fsecurity')
  assert.equal(choice.main.link(/^Authenticator app /), '/enrolment/app?next=%2Faccount%2Fsecurity')
  const page = await visitor.page(`${APP}?next=/account/security`)
  assert.match(page.text, /Signing in as bob\. Not you\?/)
  assert.ok(page.has('img', /^QR code/))
  assert.equal(page.count('[data-copies=setup-key][hidden]'), 1)
  assert.ok(page.modules().includes('copy'))
  assert.match(page.targets('otpauth:').join(), /^otpauth:\/\/totp\/Doorward:bob\?secret=[A-Z2-7]{32}&issuer=Doorward&/)
  assert.match(page.text, /Scan with another device.*Which app should I use\?.*time-based, SHA-1, 6 digits/)
  assert.equal(page.data('sends-itself'), '6')
  const code = authenticatorOn(page).code(server.clock.now())
  assertShowsCodes(await visitor.submit(`${APP}?next=/account/security`, { code }), '/account/security')
})

test('where browsers support no passkeys there is no choice', async (t) => {
  const { server, visitor } = await invitedScene(t, { settings: { public_url: 'http://192.0.2.1:8000' } })
  for (const path of ['/enrolment', '/enrolment/passkey']) {
    assertLeadsTo(await visitor.open(`${path}?next=/account/security`), '/enrolment/app?next=%2Faccount%2Fsecurity')
  }
  const page = await visitor.page(APP)
  assert.doesNotMatch(page.markup, /passkey/i)
  const code = authenticatorOn(page).code(server.clock.now())
  assertShowsCodes(await visitor.submit(APP, { code }), '/account?done=set-up')
})

onEitherDatabase(
  'where browsers support no passkeys and a policy allows nothing else, the page says so, and the check-up names the policy',
  async (t, dialect) => {
    const { server, visitor, admin } = await invitedScene(t, {
      dialect,
      settings: { public_url: 'http://192.0.2.1:8000' },
    })
    await storePolicyVersion(server.doorward.db, {
      id: 'Office',
      scope: 'role',
      scopeRef: 'user',
      factors: ['passkey'],
    })
    const page = await visitor.page('/enrolment')
    assert.match(page.text, /allow no second step that you can set up at this address.*Ask an admin/)
    assert.equal(page.count('ul.ways'), 0)
    for (const path of [APP, '/enrolment/passkey']) assertLeadsTo(await visitor.open(path), '/enrolment')
    const { findings } = (await admin.asks('GET', '/checkup')).body as unknown as { findings: { code: string }[] }
    const found = findings.find(({ code }) => code === 'policies')
    assert.match(
      JSON.stringify(found),
      /"level":"failure".*only passkeys \(Office\).*http:\/\/192\.0\.2\.1:8000.*public_url/,
    )
  },
)

onEitherDatabase(
  'a passkey completes an invitation; its codes are shown once, and the user continues only after saving them',
  async (t, dialect) => {
    const { server, visitor } = await invitedScene(t, { dialect })
    const refused = await visitor.pageAfter('/enrolment/passkey', { passkey: '{}', name: 'Phone "x"' }, 401)
    assert.match(refused.text, /No passkey was created/)
    assert.equal(refused.sent('name'), 'Phone "x"')
    const passkey = madeBy(newPhone(server), await visitor.page('/enrolment/passkey'))
    const [one, two] = await visitor.submitTwice('/enrolment/passkey', { passkey, name: 'Phone' })
    assert.ok(one && two)
    const codes = assertShowsCodes(one, '/account?done=set-up-passkey')
    assert.deepEqual(assertShowsCodes(two, '/account?done=set-up-passkey'), codes)
    // A reload sends the form again; the attempt has ended.
    assertLeadsTo(await visitor.submit('/enrolment/passkey', { passkey, name: 'Phone' }), '/sign-in')
    const saved = '/account/security/recovery-codes/saved?next=%2Faccount%3Fdone%3Dset-up-passkey'
    const unticked = await visitor.pageAfter(saved, {}, 422)
    assert.match(unticked.text, /Check the box once you’ve saved them/)
    assert.ok(!unticked.markup.includes(codes[0] ?? ''), 'the codes are shown again')
    assertLeadsTo(await visitor.submit(saved, { saved: 'yes' }), '/account?done=set-up-passkey')
    const foreign = saved.replace('%2Faccount%3Fdone%3Dset-up-passkey', '//evil.example')
    assertLeadsTo(await visitor.submit(foreign, { saved: 'yes' }), '/account/security')
    assert.match(
      (await visitor.page('/account/security')).part('passkeys').text,
      /Phone Passkey just now never .*Rename/,
    )
    assert.ok(!codes.some((code) => server.logText().includes(code)), 'the log holds a recovery code')
  },
)

const NEXT_TIME = [
  ['en', 'app', /You’re all set\. Next time, enter your password, then a code from your app\./],
  ['en', 'passkey', /You’re all set\. Next time, just use your passkey\./],
  ['en', 'password-and-passkey', /You’re all set\. Next time, enter your password, then use your passkey\./],
  ['de', 'app', /Alles bereit\. Geben Sie beim nächsten Mal Ihr Passwort ein, dann einen Code aus Ihrer App\./],
  ['de', 'passkey', /Alles bereit\. Beim nächsten Mal genügt Ihr Passkey\./],
  ['de', 'password-and-passkey', /beim nächsten Mal Ihr Passwort ein und verwenden Sie dann Ihren Passkey\./],
] as const

test('after an enrolment the page says what the next sign-in takes: app, passkey, or passkey without user verification', async (t) => {
  const { server, root } = await startWithAdmin(t)
  for (const [language, factor, sentence] of NEXT_TIME) {
    const visitor = new Visitor(server, { language })
    await visitor.submit(await invitationPath(root, `${factor}-${language}`), { password: PASSWORD })
    const path = `/enrolment/${factor === 'app' ? 'app' : 'passkey'}`
    const page = await visitor.page(path)
    const phone = newPhone(server, { flags: factor === 'passkey' ? FLAG.up | FLAG.uv : FLAG.up })
    const fields =
      factor === 'app' ? { code: authenticatorOn(page).code(server.clock.now()) } : { passkey: madeBy(phone, page) }
    const [saved = ''] = (await visitor.pageAfter(path, fields))
      .actions()
      .filter((action) => /saved\?next=/.test(action))
    assert.match((await visitor.page(decodeURIComponent(saved.split('next=')[1] ?? ''))).text, sentence)
  }
})

/** The response of a phone to the options on the page. */
function madeBy(phone: ReturnType<typeof newPhone>, page: ParsedPage): string {
  return JSON.stringify(phone.register(JSON.parse(page.data('options') ?? '') as CreationOptions))
}

onEitherDatabase('guesses made before a password was chosen do not count against it', async (t, dialect) => {
  const { server, root } = await startWithAdmin(t, { dialect })
  const path = await invitationPath(root, 'bob')
  const guesses = async (kind: string): Promise<number> => {
    const rows = await server.doorward.db.selectFrom('throttle_bucket').select('key').execute()
    return rows.filter(({ key }) => new RegExp(`^user:[^:]+:${kind}$`).test(key)).length
  }
  for (let tries = 0; tries < 3; tries++)
    await new Visitor(server).submit('/sign-in', { username: 'bob', password: 'no' })
  assert.equal(await guesses('password'), 1)
  const visitor = new Visitor(server)
  await visitor.submit(path, { password: PASSWORD })
  const app = authenticatorOn(await visitor.page(APP))
  await visitor.pageAfter(APP, { code: '000000' }, 401)
  assert.equal(await guesses('code'), 1)
  const sent = await visitor.submit(APP, { code: app.code(server.clock.now()) })
  assertShowsCodes(sent, '/account?done=set-up')
  assert.deepEqual([await guesses('password'), await guesses('code')], [0, 0])
})

test('an expired enrolment keeps the requested page', async (t) => {
  const { server, visitor } = await invitedScene(t)
  server.clock.pass(minutes(16))
  const late = await visitor.open('/enrolment?next=/account/security')
  assertLeadsTo(late, '/sign-in?next=%2Faccount%2Fsecurity&because=ended')
})
