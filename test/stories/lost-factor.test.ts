// A lost phone or passkey: another way to sign in and the page that replaces what was lost; or an admin, who resets with a reason.
import assert from 'node:assert/strict'

import { hours } from '#foundation/kernel/time.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { deliverQueuedMails, linksIn } from '../support/mail/smtp-server.ts'
import {
  assertLeadsTo,
  assertShowsCodes,
  assertSignedOut,
  authenticatorOn,
  signedInBrowser,
} from '../support/pages/page-answers.ts'
import { stored, visitorScene } from '../support/pages/page-scenes.ts'
import { parsePage } from '../support/pages/parsed-page.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { forgetMails, mailScene } from '../support/people/forgotten-passwords.ts'
import { newcomer, PASSWORD } from '../support/people/people.ts'
import { givePasskey, giveRecoveryCodes } from '../support/people/second-factors.ts'
import { fieldErrorsIn, itemsOf } from '../support/requests/replies.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'

onEitherDatabase('a recovery code leads straight to the replacement of the lost app', async (t, dialect) => {
  const { server, admin, visitor } = await visitorScene(t, { dialect })
  await newcomer(await admin.signsIn(), 'ada')
  const [code = ''] = await giveRecoveryCodes({ server, username: 'ada' })
  await visitor.submit('/sign-in', { username: 'ada', password: PASSWORD })
  assert.equal((await visitor.page('/sign-in/second-step')).link('Can’t use any of these?'), '/sign-in/lost')
  const lost = await visitor.page('/sign-in/lost')
  const other = lost.link('Use a recovery code')
  assert.match(lost.text, /If you have none of these, ask an admin to reset your second step/)
  const target = '/account/recovered?because=lost'
  assertLeadsTo(await visitor.submit(other, { recovery_code: code }), target)
  const replace = String((await visitor.open(target)).headers.location)
  assert.match(replace, /^\/account\/security\/app\/replace\//)
  // The page asks for no re-authentication: the recovery code is recent.
  const page = await visitor.page(replace)
  assert.match(page.heading, /^Replace the app/)
  assert.match(page.text, /Recovery code used\. 9 left\./)
})

leaveToTestAll()

onEitherDatabase(
  'a recovery code leads straight to a new passkey where passkeys are all there is, and asks where both are',
  async (t, dialect) => {
    const { server, admin, visitor } = await visitorScene(t, { dialect })
    const ada = await newcomer(await admin.signsIn(), 'ada')
    await givePasskey(ada)
    const [first = '', second = ''] = await giveRecoveryCodes(ada)
    const target = '/account/recovered?because=lost'
    const comesByCode = async (code: string): Promise<void> => {
      await visitor.submit('/sign-in', { username: 'ada', password: PASSWORD })
      const other = (await visitor.page('/sign-in/lost')).link('Use a recovery code')
      assertLeadsTo(await visitor.submit(other, { recovery_code: code }), target)
    }
    await comesByCode(first)
    const both = await visitor.page(target)
    assert.match(both.text, /Lost your phone\?.*Lost your passkey\?/)
    visitor.cookies.delete('session')
    const { subject } = await stored(server, 'ada')
    await server.doorward.db.deleteFrom('totp_factor').where('subject', '=', subject).execute()
    await comesByCode(second)
    const replace = '/account/security/passkeys/new?because=lost'
    assertLeadsTo(await visitor.open(target), replace)
    const page = await visitor.page(replace)
    assert.match(page.text, /Recovery code used\. 8 left\..*Afterwards, remove the one you lost\./)
  },
)

onEitherDatabase('another factor leads there too, and a stale session has to confirm first', async (t, dialect) => {
  const { server, admin, visitor } = await visitorScene(t, { dialect })
  const ada = await newcomer(await admin.signsIn(), 'ada')
  await visitor.submit('/sign-in', { username: 'ada', password: PASSWORD })
  const other = (await visitor.page('/sign-in/lost')).link('Use a code from your authenticator app')
  const target = '/account/recovered?because=lost'
  assertLeadsTo(await visitor.submit(other, { code: ada.code() }), target)
  const page = await visitor.page(target)
  assert.doesNotMatch(page.text, /Recovery code used/)
  const replace = page.link(/Set up a new one/)
  assert.equal((await visitor.open(replace)).statusCode, 200)
  server.clock.pass(11 * 60_000)
  assertLeadsTo(await visitor.open(replace), `/confirm?next=${encodeURIComponent(replace)}`)
})

test('who has nothing left is told whom to ask, in both languages', async (t) => {
  const settings = { support_contact: 'help@example.org' }
  for (const [language, words] of [
    ['en', /ask an admin to reset your second step\..*Contact: help@example\.org/],
    ['de', /bitten Sie einen Admin, Ihren zweiten Schritt zurückzusetzen\..*help@example\.org/],
  ] as const) {
    const { admin, visitor } = await visitorScene(t, { settings, language })
    await newcomer(await admin.signsIn(), 'ada')
    await visitor.submit('/sign-in', { username: 'ada', password: PASSWORD })
    assert.match((await visitor.page('/sign-in/lost')).text, words)
  }
})

test('without a sign-in there is nothing to see', async (t) => {
  const { visitor } = await visitorScene(t)
  assertLeadsTo(await visitor.open('/sign-in/lost'), '/sign-in')
})

onEitherDatabase(
  'an admin resets with a reason: sessions end, the person is told, and the mailed link asks for the password',
  async (t, dialect) => {
    const { server, root, ada, smtp } = await mailScene(t, { dialect })
    await givePasskey(ada)
    const browser = await signedInBrowser(ada)
    const { id } = await stored(server, 'ada')
    const path = `/users/${id}/reset-second-factor`
    await root.signsIn()
    for (const reason of [undefined, '', '   ']) {
      const refused = await root.asks('POST', path, { ...(reason !== undefined && { reason }) })
      assert.equal(refused.status, 422, refused.raw.body)
      assert.equal(fieldErrorsIn(refused)[0]?.split(' ')[0], '/reason')
    }
    await forgetMails({ server, smtp })
    const reset = await root.asks('POST', path, { reason: ' Lost bag, called back ' })
    const { url, mailed } = reset.body['enrolment'] as { url: string; mailed: boolean }
    assert.deepEqual([reset.status, mailed, reset.body['invitation']], [200, true, null])
    assertSignedOut(await browser.open('/account'))
    const [event] = itemsOf(await root.asks('GET', '/audit-events?action=totp.reset'))
    assert.partialDeepStrictEqual(event?.['details'], { reason: 'Lost bag, called back' })
    await deliverQueuedMails(server.doorward)
    const mails = smtp.to('ada@example.org')
    const notice = 'Doorward: Second step reset'
    const subject = 'Your second step on Doorward was reset'
    assert.deepEqual(mails.map((one) => one.subject).toSorted(), [notice, subject])
    const mail = mails.find((one) => one.subject === subject)
    assert.ok(mail)
    assert.doesNotMatch(mail.text, /Lost bag/)
    const [link = ''] = linksIn(mail)
    assert.equal(link, new URL(url).pathname)
    const visitor = new Visitor(server)
    assert.equal((await visitor.page(link)).field('Username').value, 'ada')
    const wrong = await visitor.pageAfter(link, { password: 'not the password' }, 403)
    assert.match(wrong.part('current-password-error').text, /isn’t your current password/)
    assertLeadsTo(await visitor.submit(link, { password: PASSWORD }), '/enrolment')
    const app = authenticatorOn(await visitor.page('/enrolment/app'))
    assertShowsCodes(
      await visitor.submit('/enrolment/app', { code: app.code(server.clock.now()) }),
      '/account?done=set-up',
    )
    assert.equal((await new Visitor(server).page(link, 404)).heading, 'This link was already used')
    assert.ok(!server.logText().includes(link))
  },
)

onEitherDatabase(
  'a person without a verified address gets no link by mail, and one without a password none at all',
  async (t, dialect) => {
    const { server, root, smtp } = await mailScene(t, { dialect })
    await newcomer(root, 'bob', { email: 'bob@example.org' })
    await root.asks('POST', '/users', { username: 'carol' })
    const users = server.doorward.db.updateTable('users').set({ invited_at: null })
    await users.where('username', '=', 'carol').execute()
    await root.signsIn()
    await forgetMails({ server, smtp })
    const resetOf = async (username: string) =>
      root.asks('POST', `/users/${(await stored(server, username)).id}/reset-second-factor`, { reason: 'Lost bag' })
    assert.equal(((await resetOf('bob')).body['enrolment'] as { mailed: boolean }).mailed, false)
    assert.equal((await resetOf('carol')).body['enrolment'], null)
    await deliverQueuedMails(server.doorward)
    const sent = smtp.mails.map(({ to, subject }) => `${to.join()}: ${subject}`)
    assert.deepEqual(sent, ['bob@example.org: Doorward: Second step reset'])
    assert.ok(smtp.mails.flatMap(linksIn).every((link) => link.startsWith('/not-me/')))
  },
)

test('a person whose password was reset too is told, without a link that opens the account', async (t) => {
  const { server, root, smtp } = await mailScene(t)
  await root.signsIn()
  await forgetMails({ server, smtp })
  const { id } = await stored(server, 'ada')
  const wish = { reason: 'Lost bag', reset_password: true }
  const reset = await root.asks('POST', `/users/${id}/reset-second-factor`, wish)
  assert.deepEqual([reset.status, reset.body['enrolment']], [200, null])
  await deliverQueuedMails(server.doorward)
  const [mail, ...others] = smtp.to('ada@example.org')
  assert.deepEqual([mail?.subject, others], ['Doorward: Second step reset', []])
  // The invitation needs no password, so it is not mailed.
  assert.ok(linksIn(mail!).every((link) => link.startsWith('/not-me/')))
})

test('a newer link replaces an older one, and a disabled or expired account has none', async (t) => {
  const { server, root } = await mailScene(t)
  const { id } = await stored(server, 'ada')
  const reset = async () => {
    // More than three that are less than an hour apart are refused.
    server.clock.pass(hours(1))
    await root.signsIn()
    const { body } = await root.asks('POST', `/users/${id}/reset-second-factor`, { reason: 'Lost bag' })
    return body['enrolment'] as { url: string } | null
  }
  const older = new URL((await reset())?.url ?? '').pathname
  const newer = new URL((await reset())?.url ?? '').pathname
  assert.equal((await new Visitor(server).open(older)).statusCode, 404)
  assert.match(parsePage(await new Visitor(server).open(newer)).heading, /second step/)
  const { db } = server.doorward
  const endsAt = (expires_at: number | null) =>
    db.updateTable('users').set({ expires_at }).where('username', '=', 'ada').execute()
  await endsAt(server.clock.now())
  assert.equal((await new Visitor(server).open(newer)).statusCode, 404)
  assert.equal(await reset(), null)
  await endsAt(null)
  await root.asks('POST', `/users/${id}/disable`)
  assert.equal((await new Visitor(server).open(newer)).statusCode, 404)
  assert.equal(await reset(), null)
})
