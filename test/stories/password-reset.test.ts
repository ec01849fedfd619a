// A forgotten password: the mail, its link, the new password, and the step that follows.
import assert from 'node:assert/strict'

import { minutes } from '#foundation/kernel/time.ts'
import { onEachDatabase, onEitherDatabase } from '../support/databases/each-database.ts'
import { deliverQueuedMails } from '../support/mail/smtp-server.ts'
import { assertLeadsTo, assertSignedOut, signedInBrowser } from '../support/pages/page-answers.ts'
import { stored, visitorScene } from '../support/pages/page-scenes.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { apiTokenOf, asksWith } from '../support/people/api-tokens.ts'
import {
  forgetMails,
  forgets,
  type MailScene,
  mailScene,
  NEW_PASSWORD,
  resetLink,
  resets,
} from '../support/people/forgotten-passwords.ts'
import { ask, PASSWORD } from '../support/people/people.ts'
import { verifyEmail } from '../support/people/reset-links.ts'
import { refusalIn } from '../support/requests/replies.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'

onEitherDatabase(
  'a mailed link sets a new password, ends sessions and leads to the second step',
  async (t, dialect) => {
    const scene = await mailScene(t, { dialect })
    const { server, ada } = scene
    await ada.signsIn()
    const browser = await signedInBrowser(ada)
    const link = await resetLink(scene, 'ADA@example.org')
    const done = await resets(server, link)
    assert.deepEqual([done.status, done.body['stage']], [200, 'second-factor'], done.raw.body)
    assert.deepEqual(done.body['offered'], ['totp', 'recovery-code'])
    assertSignedOut(await browser.open('/account'))
    assert.equal((await ada.asks('GET', '/users/me')).status, 401)
    const payload = { attempt: done.body['attempt'], kind: 'totp', proof: ada.code() }
    const complete = await ask(server, 'POST', '/attempts/second-factor', { payload })
    assert.deepEqual([complete.status, complete.body['stage']], [200, 'complete'], complete.raw.body)
    ada.password = NEW_PASSWORD
    await ada.signsIn()
  },
)

leaveToTestAll()

/** Signs in, creates two API tokens, and returns whether they work. */
async function withTokens(scene: MailScene): Promise<() => Promise<number[]>> {
  const { server, ada } = scene
  await ada.signsIn()
  const tokens = [await apiTokenOf(ada), await apiTokenOf(ada)]
  await forgetMails(scene)
  return () => Promise.all(tokens.map(async (token) => (await asksWith(server, token, 'GET', '/users/me')).status))
}

/** What the notice of the reset says of API tokens, and the details of its event. */
async function shownOfTokens({ server, smtp }: MailScene) {
  await deliverQueuedMails(server.doorward)
  const notice = smtp.to('ada@example.org').find(({ subject }) => subject.endsWith('Password reset'))
  const { db } = server.doorward
  const event = await db.selectFrom('audit_event').select('details').where('action', '=', 'password.reset').execute()
  const details = JSON.parse(event.at(-1)?.details ?? '{}') as Record<string, unknown>
  return {
    lines: (notice?.text ?? '').split('\n').filter((line) => line.startsWith('API tokens')),
    event: [details['api_tokens'], details['api_tokens_kept']],
  }
}

onEachDatabase('a new password by the link revokes the API tokens, and mail and event say so', async (t, dialect) => {
  const scene = await mailScene(t, { dialect })
  const work = await withTokens(scene)
  assert.deepEqual(await work(), [200, 200])
  assert.equal((await resets(scene.server, await resetLink(scene))).status, 200)
  assert.deepEqual(await work(), [401, 401])
  assert.deepEqual(await shownOfTokens(scene), { lines: ['API tokens revoked: 2'], event: [2, 0] })
})

test('API tokens stay where the user says so, and mail and event say that', async (t) => {
  const scene = await mailScene(t)
  const work = await withTokens(scene)
  const payload = { token: (await resetLink(scene)).split('/').at(-1), password: NEW_PASSWORD, end_api_tokens: false }
  assert.equal((await ask(scene.server, 'POST', '/password-resets/complete', { payload })).status, 200)
  assert.deepEqual(await work(), [200, 200])
  assert.deepEqual(await shownOfTokens(scene), { lines: ['API tokens that still work: 2'], event: [0, 2] })
})

test('the page asks what happens to API tokens where there are any, and revokes them unless they are kept', async (t) => {
  const scene = await mailScene(t)
  const visitor = new Visitor(scene.server)
  const without = await visitor.page(await resetLink(scene))
  assert.ok(!without.has('checkbox', /API token/))
  const work = await withTokens(scene)
  const link = await resetLink(scene)
  const box = (await visitor.page(link)).field('Keep my 2 API tokens')
  assert.equal(box.checked, false)
  const refused = await visitor.pageAfter(link, { password: 'ada', keep_api_tokens: 'on' }, 422)
  assert.equal(refused.field('Keep my 2 API tokens').checked, true, 'a refused form forgot the choice')
  assertLeadsTo(await visitor.submit(link, { password: NEW_PASSWORD, keep_api_tokens: 'on' }), '/sign-in/second-step')
  assert.deepEqual(await work(), [200, 200])
  assertLeadsTo(await visitor.submit(await resetLink(scene), { password: PASSWORD }), '/sign-in/second-step')
  assert.deepEqual(await work(), [401, 401])
})

onEitherDatabase(
  'the pages lead from the sign-in to the mail and from its link to the second step',
  async (t, dialect) => {
    const scene = await mailScene(t, { dialect })
    const { server, smtp, ada } = scene
    const visitor = new Visitor(server)
    assert.equal((await visitor.page('/sign-in')).link('Forgot?'), '/forgot-password')
    assert.ok((await visitor.page('/forgot-password')).button('Send link'))
    assertLeadsTo(await visitor.submit('/forgot-password', { username: 'ada' }), '/forgot-password/sent')
    assert.equal((await visitor.page('/forgot-password/sent')).heading, 'Check your email')
    await deliverQueuedMails(server.doorward)
    const [mail] = smtp.to('ada@example.org')
    assert.equal(mail?.subject, 'Choose a new password for Doorward')
    assert.match(mail.text, /Hello ada,[^]*within 30 minutes[^]*http:\/\/localhost:8000\/password-reset\/dwl_/)
    const [link = ''] = /\/password-reset\/\S+/.exec(mail.text) ?? []
    const page = await visitor.page(link)
    assert.equal(page.field('Username').value, 'ada')
    const weak = await visitor.pageAfter(link, { password: 'ada' }, 422)
    assert.match(weak.part('new-password-error').text, /characters/)
    assertLeadsTo(await visitor.submit(link, { password: NEW_PASSWORD }), '/sign-in/second-step')
    assertLeadsTo(await visitor.submit('/sign-in/second-step', { code: ada.code() }), '/account')
    const used = await new Visitor(server).page(link, 404)
    assert.equal(used.heading, 'This link no longer works')
    assert.equal(used.link('Ask for another link'), '/forgot-password')
  },
)

onEitherDatabase(
  'without a second step the link ends in an enrolment, and the address and the admins are told',
  async (t, dialect) => {
    const scene = await mailScene(t, { dialect })
    const { server, root, smtp } = scene
    await root.asks('POST', '/users', { username: 'bob', email: 'bob@example.org', password: PASSWORD })
    await verifyEmail(server, 'bob')
    const link = await resetLink(scene, 'bob')
    smtp.forget()
    const done = await resets(server, link)
    assert.deepEqual([done.status, done.body['stage'], done.body['session']], [200, 'enrolment', undefined])
    await deliverQueuedMails(server.doorward)
    const sent = smtp.mails.map(({ to, subject }) => `${to.join()}: ${subject}`)
    assert.deepEqual(sent.toSorted(), [
      'bob@example.org: Doorward: Password reset',
      'root@example.org: Password of bob on Doorward was reset',
    ])
    const key = await ask(server, 'POST', '/attempts/totp', { payload: { attempt: done.body['attempt'] } })
    assert.equal(key.status, 200)
    assert.equal((await stored(server, 'bob')).secondFactorAt, null)
  },
)

onEitherDatabase(
  'where the second step is optional, a user without one is signed in, and an admin enrols',
  async (t, dialect) => {
    const settings = { second_factor: 'optional' }
    const scene = await mailScene(t, { dialect, settings })
    const { server, root } = scene
    const password = 'three calm words and one more'
    for (const role of ['user', 'admin']) {
      const username = `plain-${role}`
      await root.signsIn()
      const created = await root.asks('POST', '/users', { username, email: `${role}@example.org`, password, role })
      assert.equal(created.status, 200, created.raw.body)
      await verifyEmail(server, username, `${role}@example.org`)
      const done = await resets(server, await resetLink(scene, username), 'a kettle full of bright stars')
      assert.equal(done.body['stage'], role === 'admin' ? 'enrolment' : 'complete', done.raw.body)
      assert.equal(typeof done.body['session'], role === 'admin' ? 'undefined' : 'object')
    }
  },
)

onEitherDatabase(
  'after a sign-in by the link the notice of the reset is the only one, not one more of a new device',
  async (t, dialect) => {
    const scene = await mailScene(t, { dialect, settings: { second_factor: 'optional' } })
    const { server, root, smtp } = scene
    await root.asks('POST', '/users', { username: 'bob', email: 'bob@example.org', password: PASSWORD })
    await verifyEmail(server, 'bob')
    const link = await resetLink(scene, 'bob')
    smtp.forget()
    assert.equal((await resets(server, link)).body['stage'], 'complete')
    await deliverQueuedMails(server.doorward)
    assert.deepEqual(
      smtp.to('bob@example.org').map(({ subject }) => subject),
      ['Doorward: Password reset'],
    )
  },
)

onEitherDatabase(
  'a user whose account has expired gets no mail, and a link from before is refused',
  async (t, dialect) => {
    const scene = await mailScene(t, { dialect })
    const { server, smtp } = scene
    const link = await resetLink(scene)
    smtp.forget()
    const ended = server.doorward.db.updateTable('users').set({ expires_at: server.clock.now() })
    await ended.where('username', '=', 'ada').execute()
    const [answer, unknown] = [await forgets(server, 'ada'), await forgets(server, 'nobody-here')]
    assert.deepEqual([answer.status, answer.raw.body], [unknown.status, unknown.raw.body])
    await deliverQueuedMails(server.doorward)
    assert.deepEqual(smtp.mails, [])
    assert.equal((await new Visitor(server).open(link)).statusCode, 404)
    assert.deepEqual(refusalIn(await resets(server, link)), [404, 'link.unknown'])
  },
)

onEitherDatabase('the link ends after 30 minutes, and a newer one ends it before', async (t, dialect) => {
  const scene = await mailScene(t, { dialect })
  const { server, clock } = { ...scene, clock: scene.server.clock }
  const older = await resetLink(scene)
  const newer = await resetLink(scene)
  assert.deepEqual(refusalIn(await resets(server, older)), [404, 'link.unknown'])
  clock.pass(minutes(30) - 1)
  assert.equal((await new Visitor(server).page(newer)).heading, 'Choose a new password')
  clock.pass(1)
  assert.deepEqual(refusalIn(await resets(server, newer)), [404, 'link.expired'])
  assert.match((await new Visitor(server).page(newer, 404)).text, /work for 30 minutes/)
})

test('where mail is off, the page says so and names whom to ask, and nothing is queued', async (t) => {
  const settings = { support_contact: 'help@example.org' }
  const { server, visitor } = await visitorScene(t, { settings })
  assert.equal((await visitor.page('/sign-in')).count('a[href="/forgot-password"]'), 0)
  const page = await visitor.page('/forgot-password')
  assert.match(page.text, /doesn’t send email.*Ask an admin.*help@example\.org/)
  assert.equal(page.count('main form'), 0)
  assert.deepEqual(refusalIn(await forgets(server, 'root')), [409, 'password_reset.off'])
  assert.deepEqual(await server.doorward.db.selectFrom('outbox').selectAll().execute(), [])
})

test('the German pages and the German mail say the same', async (t) => {
  const scene = await mailScene(t)
  const { server, smtp } = scene
  await server.doorward.db.updateTable('users').set({ locale: 'de' }).where('username', '=', 'ada').execute()
  const link = await resetLink(scene)
  assert.match(smtp.to('ada@example.org')[0]?.text ?? '', /Hallo ada,[^]*innerhalb von 30 Minuten/)
  const visitor = new Visitor(server, { language: 'de' })
  assert.equal((await visitor.page(link)).heading, 'Wählen Sie ein neues Passwort')
  assert.equal((await visitor.page('/forgot-password')).heading, 'Passwort vergessen?')
  assert.equal((await visitor.page('/forgot-password/sent')).heading, 'Prüfen Sie Ihr Postfach')
})
