// Threats at the link of a forgotten password: another's link, a link used twice, a stale link, a forged host, floods and guesses.
// Rows of the attack book: B8, B13, B15, B16, C7, F1 to F6, F9 to F11. Rows G1 to G3 are in test/attacks/recovery-enumeration.test.ts.
// Rows that do not apply: A18 (no code is mailed, and no mail is a factor).
import assert from 'node:assert/strict'

import { hours, minutes } from '#foundation/kernel/time.ts'
import { issueSetupLink } from '#use-cases/onboarding/setup.service.ts'
import { Authenticator } from '../../clients/test/src/codes.ts'
import { onEachDatabase, onEitherDatabase } from '../support/databases/each-database.ts'
import { QUEUES_MAIL } from '../support/mail/queued-mail.ts'
import { deliverQueuedMails } from '../support/mail/smtp-server.ts'
import { isRefusedForm, Visitor } from '../support/pages/visitor.ts'
import {
  forgetMails,
  forgets,
  mailScene,
  NEW_PASSWORD,
  resetLink,
  resets,
} from '../support/people/forgotten-passwords.ts'
import { assertWait } from '../support/people/password-guesses.ts'
import { ask, newcomer, PASSWORD, postForm } from '../support/people/people.ts'
import { issuedEnrolmentLink, issuedResetLink, verifyEmail } from '../support/people/reset-links.ts'
import { assertRefused, idOf, invitationIn, refusalIn } from '../support/requests/replies.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { type Server, start } from '../support/server/start.ts'

const OTHER_PASSWORD = 'a saucepan full of clouds'

function rowsOf({ doorward: { db } }: Server, table: 'outbox' | 'link'): Promise<{ id: string }[]> {
  return db.selectFrom(table).select('id').execute()
}

onEitherDatabase(
  'B8, B13, B16: a link works once, ends after 30 minutes without any job, and opens no other account',
  async (t, dialect) => {
    const scene = await mailScene(t, { dialect })
    const { server } = scene
    const link = await resetLink(scene)
    assert.equal((await resets(server, link)).status, 200)
    for (const again of [NEW_PASSWORD, OTHER_PASSWORD]) assertRefused(await resets(server, link, again), 'link.used')
    const second = await resetLink(scene)
    server.clock.pass(minutes(30))
    assertRefused(await resets(server, second), 'link.expired')
    scene.ada.password = NEW_PASSWORD
    await scene.ada.signsIn()
  },
)

leaveToTestAll()

onEitherDatabase('a link ends with each change of credentials, status or address', async (t, dialect) => {
  const scene = await mailScene(t, { dialect })
  const { server, root, ada } = scene
  const id = await idOf(await ada.signsIn())
  const changes: Readonly<Record<string, readonly [code: string, change: () => Promise<unknown>]>> = {
    'a new password': [
      'link.used',
      async () => {
        const changed = await (
          await ada.signsIn()
        ).asks('PUT', '/users/me/password', { current: PASSWORD, new: OTHER_PASSWORD })
        assert.equal(changed.status, 200, changed.raw.body)
        ada.password = OTHER_PASSWORD
      },
    ],
    'another address': ['link.used', () => verifyEmail(server, 'ada', 'mallory@example.org')],
    'an address that is verified no more': [
      'link.used',
      () => server.doorward.db.updateTable('users').set({ email_verified_at: null }).where('id', '=', id).execute(),
    ],
    'a disabled account': ['link.unknown', async () => (await root.signsIn()).asks('POST', `/users/${id}/disable`)],
  }
  for (const [what, [code, change]] of Object.entries(changes)) {
    const token = await issuedResetLink(server, 'ada')
    await change()
    assert.deepEqual(refusalIn(await resets(server, token)), [404, code], what)
    assert.equal((await new Visitor(server).open(`/password-reset/${token}`)).statusCode, 404, what)
  }
})

onEitherDatabase('opening the link, as mail scanners do, changes and consumes nothing', async (t, dialect) => {
  const scene = await mailScene(t, { dialect })
  const { server, ada } = scene
  await ada.signsIn()
  const link = await resetLink(scene)
  const before = await server.doorward.db.selectFrom('link').selectAll().execute()
  for (const method of ['GET', 'HEAD', 'GET'] as const) {
    const opened = await new Visitor(server).open(link, method)
    assert.deepEqual([opened.statusCode, opened.headers['cache-control']], [200, 'no-store'])
    assert.deepEqual(opened.cookies, [])
    // The token in the URL is sent to no other site.
    assert.equal(opened.headers['referrer-policy'], 'same-origin')
    assert.doesNotMatch(opened.body, /(?:src|href)="https?:/)
  }
  assert.deepEqual(await server.doorward.db.selectFrom('link').selectAll().execute(), before)
  assert.equal((await ada.asks('GET', '/users/me')).status, 200)
  assert.equal((await resets(server, link)).status, 200)
  assert.ok(!server.logText().includes(link.split('/').at(-1) ?? ''), 'the log holds the token')
})

test('F2 CVE-2023-7028: only one text is taken as a name, and no mail leaves for a list', async (t) => {
  const { server, smtp } = await mailScene(t)
  const evil = 'mallory@example.org'
  for (const login of [['ada', evil], { in: ['ada', evil] }, true, 7, null, ''])
    assert.equal((await forgets(server, login)).status, 422, JSON.stringify(login))
  for (const login of [`ada,${evil}`, `ada@example.org,${evil}`, `ada@example.org\r\nBcc: ${evil}`, `ada ${evil}`])
    assert.equal((await forgets(server, login)).status, 202, login)
  const more = await ask(server, 'POST', '/password-resets', { payload: { login: 'ada', email: evil } })
  assert.equal(more.status, 422)
  const empty = await postForm(server, '/forgot-password', {}, { origin: 'http://localhost:8000' })
  assert.ok(isRefusedForm(empty.raw), empty.raw.body)
  await deliverQueuedMails(server.doorward)
  assert.deepEqual(smtp.mails, [])
})

test('F3 CVE-2025-64101, F4 CVE-2025-70948: the link is built from the public URL, whatever the headers say', async (t) => {
  const { server, smtp } = await mailScene(t, { settings: { trusted_proxies: '127.0.0.1' } })
  const forged = {
    host: 'evil.example',
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'https',
    forwarded: 'host=evil.example;proto=https',
  }
  await forgets(server, 'ada', forged)
  await deliverQueuedMails(server.doorward)
  const [mail] = smtp.to('ada@example.org')
  assert.match(mail?.text ?? '', /\nhttp:\/\/localhost:8000\/password-reset\/dwl_/)
  assert.doesNotMatch(mail?.raw ?? '', /evil/)
})

test('F5 CVE-2025-69614, B15 CVE-2022-23555: a link of one purpose is refused at every other', async (t) => {
  const { server, root } = await mailScene(t)
  const invitation = invitationIn(await root.asks('POST', '/users', { username: 'guest' }))
  const reset = await issuedResetLink(server, 'ada')
  const bob = await newcomer(root, 'bob')
  const enrolment = await issuedEnrolmentLink(server, bob.username)
  const other = await start(t)
  const setup = (await issueSetupLink(other.operator()))?.token.reveal() ?? ''
  const routes = {
    '/password-resets/complete': reset,
    '/enrolment-links/accept': enrolment,
    '/invitations/accept': invitation,
  }
  for (const [route, own] of Object.entries(routes))
    for (const token of [reset, enrolment, invitation, setup, root.token ?? ''].filter((one) => one !== own)) {
      const reply = await ask(server, 'POST', route, { payload: { token, password: NEW_PASSWORD } })
      assert.deepEqual(refusalIn(reply), [404, 'link.unknown'], route)
    }
})

test('F6 CVE-2023-26481, F10 CVE-2026-30941: the link alone says whose password is set, and it is a text', async (t) => {
  const { server, root } = await mailScene(t)
  const bob = await newcomer(root, 'bob')
  const token = await issuedResetLink(server, 'ada')
  for (const more of [
    { username: 'bob' },
    { id: await idOf(await bob.signsIn()) },
    { login: 'bob' },
    { subject: 'bob' },
  ]) {
    const payload = { token, password: NEW_PASSWORD, ...more }
    assert.equal((await ask(server, 'POST', '/password-resets/complete', { payload })).status, 422)
  }
  for (const odd of [[token], { $ne: null }, true, 7, null]) {
    const payload = { token: odd, password: NEW_PASSWORD }
    assert.equal((await ask(server, 'POST', '/password-resets/complete', { payload })).status, 422)
  }
  const visitor = new Visitor(server)
  await visitor.submit(`/password-reset/${token}`, { username: 'bob', password: NEW_PASSWORD })
  await bob.signsIn()
})

test('F9 GHSA-7rqj-j65f-68wh: a name that looks like an address finds its own account only, and the mail goes to the stored address', async (t) => {
  const { server, root, smtp } = await mailScene(t)
  await newcomer(root, 'dora', { email: 'd\u0131@example.org' })
  await verifyEmail(server, 'dora', 'd\u0131@example.org')
  await forgetMails({ server, smtp })
  const spelled = ['ada\uFF20example.org', '"ada"@example.org', 'ada@@example.org', 'ada@example.org@evil.example']
  for (const login of [...spelled, 'ada@example.org.', 'ada+x@example.org', 'ada@ex\u00ADample.org', 'DI@example.org'])
    assert.equal((await forgets(server, login)).status, 202, login)
  await forgets(server, '\uFF21DA@EXAMPLE.ORG')
  await deliverQueuedMails(server.doorward)
  assert.deepEqual(
    smtp.mails.map(({ to }) => to.join()).toSorted(),
    // Names are compared folded, so the typed one finds the account of the dotless i; its mailbox gets the mail, not the typed one.
    ['ada@example.org', 'd\u0131@example.org'],
  )
})

test('F11 CVE-2026-32248: a pattern is a name like any other', async (t) => {
  const { server, smtp } = await mailScene(t)
  for (const login of ['%', 'a_a', 'ad%', '%@example.org', "ada' or '1'='1", '{"$ne":null}'])
    assert.equal((await forgets(server, login)).status, 202, login)
  assert.equal((await forgets(server, 'ada\0')).status, 422)
  await deliverQueuedMails(server.doorward)
  assert.deepEqual(smtp.mails, [])
})

onEitherDatabase(
  'F1 CVE-2026-18963: no step of a reset can be finished without the mailed link',
  async (t, dialect) => {
    const scene = await mailScene(t, { dialect })
    const { server, ada } = scene
    const visitor = new Visitor(server)
    await visitor.submit('/forgot-password', { username: 'ada' })
    assert.deepEqual(
      [...visitor.cookies.keys()].filter((name) => /attempt|session/.test(name)),
      [],
    )
    for (const token of ['', 'dwl_', 'ada', '{token}', ':token', 'complete', 'sent'])
      assert.ok((await visitor.submit(`/password-reset/${token}`, { password: NEW_PASSWORD })).statusCode >= 400, token)
    assertRefused(await resets(server, 'dwl_none'), 'link.unknown')
    await ada.signsIn()
  },
)

onEitherDatabase(
  'the second step stands: no reset removes it, and no answer holds a session without it',
  async (t, dialect) => {
    const scene = await mailScene(t, { dialect })
    const { server } = scene
    const before = await server.doorward.db.selectFrom('totp_factor').selectAll().execute()
    const done = await resets(server, await resetLink(scene))
    assert.deepEqual(Object.keys(done.body).toSorted(), ['attempt', 'expires_at', 'offered', 'stage'])
    assert.deepEqual(await server.doorward.db.selectFrom('totp_factor').selectAll().execute(), before)
    const { attempt } = done.body
    assertRefused(await ask(server, 'POST', '/attempts/totp', { payload: { attempt } }), 'attempt.wrong_stage')
    for (let tries = 0; tries < 5; tries++) {
      const payload = { attempt, kind: 'totp', proof: 'abcdef' }
      assertRefused(await ask(server, 'POST', '/attempts/second-factor', { payload }), 'attempt.code_wrong')
    }
    // Another reset does not give five more guesses at the code.
    const again = await resets(server, await resetLink(scene), OTHER_PASSWORD)
    const payload = { attempt: again.body['attempt'], kind: 'totp', proof: 'abcdef' }
    assertWait(await ask(server, 'POST', '/attempts/second-factor', { payload }))
  },
)

onEachDatabase(
  'C7 CVE-2025-24806: an account gets three mails within an hour, whatever name of it is typed, and the answers stay the same',
  async (t, dialect) => {
    const { server, root } = await mailScene(t, { dialect, settings: { trusted_proxies: '127.0.0.1' } })
    const answers = new Set<string>()
    for (let asked = 0; asked < 8; asked++) {
      const login = asked % 2 === 0 ? 'ada' : 'ada@example.org'
      const reply = await forgets(server, login, { 'x-forwarded-for': `192.0.2.${asked}` })
      answers.add(`${reply.status} ${reply.raw.body}`)
    }
    assert.deepEqual([...answers], ['202 {"link_expires_in":1800}'])
    assert.equal((await rowsOf(server, 'outbox')).length, 3)
    server.clock.pass(hours(1) - 1)
    await forgets(server, 'ada')
    assert.equal((await rowsOf(server, 'outbox')).length, 3)
    server.clock.pass(1)
    await forgets(server, 'ada')
    assert.equal((await rowsOf(server, 'outbox')).length, 4)
    const { body } = await (await root.signsIn()).asks('GET', '/audit-events?action=password_reset.requested&limit=50')
    const reasons = (body['items'] as { reason: string | null }[]).map(({ reason }) => reason)
    assert.deepEqual(
      ['mail_limit', null].map((reason) => reasons.filter((one) => one === reason).length),
      [6, 4],
    )
  },
)

onEachDatabase('of twenty parallel requests at two nodes three send a mail', async (t, dialect) => {
  const first = await mailScene(t, { dialect })
  const { databaseUrl, dataDir, clock } = first.server
  const second = await start(t, { databaseUrl, dataDir, clock, settings: QUEUES_MAIL })
  const nodes = [first.server, second]
  const replies = await Promise.all(Array.from({ length: 20 }, (_, index) => forgets(nodes[index % 2]!, 'ada')))
  assert.ok(
    replies.every(({ status }) => status === 202 || status === 503),
    replies.map(({ status }) => status).join(' '),
  )
  assert.equal((await rowsOf(first.server, 'outbox')).length, 3)
  assert.equal((await rowsOf(first.server, 'link')).length > 0, true)
})

test('one network is stopped after a hundred requests, whatever the names are, and others are not', async (t) => {
  const { server } = await mailScene(t)
  for (let asked = 0; asked < 100; asked++) assert.equal((await forgets(server, `name-${asked}`)).status, 202)
  assert.equal(assertWait(await forgets(server, 'ada')), 30)
  const elsewhere = { payload: { login: 'ada' }, remoteAddress: '192.0.2.77' }
  assert.equal((await ask(server, 'POST', '/password-resets', elsewhere)).status, 202)
  assert.equal((await rowsOf(server, 'outbox')).length, 1)
})

onEitherDatabase(
  'the link after a reset of the second step asks for the password, counts guesses, and works once',
  async (t, dialect) => {
    const { server, ada } = await mailScene(t, { dialect })
    const token = await issuedEnrolmentLink(server, 'ada')
    const accept = (password: string) =>
      ask(server, 'POST', '/enrolment-links/accept', { payload: { token, password } })
    for (let guessed = 0; guessed < 5; guessed++) assertRefused(await accept('not the password'), 'password.wrong')
    assert.equal(assertWait(await accept(PASSWORD)), 30)
    server.clock.pass(minutes(1))
    const first = await accept(PASSWORD)
    const second = await accept(PASSWORD)
    assert.deepEqual([first.body['stage'], second.body['stage']], ['enrolment', 'enrolment'])
    const key = await ask(server, 'POST', '/attempts/totp', { payload: { attempt: first.body['attempt'] } })
    ada.authenticator = new Authenticator(String(key.body['secret']))
    const payload = { attempt: first.body['attempt'], code: ada.code() }
    const done = await ask(server, 'POST', '/attempts/totp/confirm', { payload })
    assert.equal(done.body['stage'], 'complete', done.raw.body)
    assertRefused(await accept(PASSWORD), 'link.used')
    assertRefused(
      await ask(server, 'POST', '/attempts/totp', { payload: { attempt: second.body['attempt'] } }),
      'attempt.ended',
    )
    await ada.signsIn()
  },
)
