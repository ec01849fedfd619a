// An email that names one domain and is delivered to another: `x%evil.example@example.org` and `evil.example!x@example.org`, which Postfix
// and Sendmail rewrite by default.
import assert from 'node:assert/strict'

import { foldName } from '#foundation/kernel/fold.ts'
import { onEachDatabase } from '../support/databases/each-database.ts'
import { ADA_EMAIL, linkTo, newMails, startWithMail, tokenOf } from '../support/mail/mailed-people.ts'
import { signedInBrowser, textIn } from '../support/pages/page-answers.ts'
import { setupPath } from '../support/pages/page-scenes.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { ask, newcomer, PASSWORD, startWithAdmin } from '../support/people/people.ts'
import { APPROVAL, asksForAccount, OPEN, outboxOf, waitingPerson } from '../support/people/registrations.ts'
import { beginsEnrolment, rowOf } from '../support/people/second-factors.ts'
import { fieldErrorsIn, refusalIn } from '../support/requests/replies.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { command } from '../support/server/command-line.ts'
import { type Server, start } from '../support/server/start.ts'

const ROUTED = [
  'x%evil.example@example.org',
  'evil.example!x@example.org',
  'x%evil.example%relay.example@example.org',
  'relay.example!evil.example!x@example.org',
  'x\uFF05evil.example@example.org',
  'x\uFE6Aevil.example@example.org',
  'evil.example\uFF01x@example.org',
  'x@evil.example!example.org',
]
/** Quotes do not help, and neither does the source route of RFC 821: these are no emails here. */
const MALFORMED = [
  '"x%evil.example"@example.org',
  '"evil.example!x"@example.org',
  '@evil.example:x@example.org',
  '@example.org,@evil.example:x@example.org',
  'evil.example::x@example.org',
]
const [PERCENT = ''] = ROUTED

/** Gives a user an email as an earlier version or another program has stored it. */
async function storeEmail({ doorward: { db } }: Server, username: string, email: string): Promise<void> {
  const fields = { email, email_key: foldName(email), email_verified_at: null }
  await db.updateTable('users').set(fields).where('username', '=', username).execute()
}

test('an allowed domain is not passed by an address that is delivered elsewhere', async (t) => {
  const server = await start(t, { settings: { ...OPEN, registration_domains: 'example.org' } })
  for (const email of ROUTED) {
    const reply = await asksForAccount(server, email)
    assert.equal(reply.status, 422, email)
    assert.deepEqual(fieldErrorsIn(reply), ['/email user.email_routed'], email)
  }
  for (const email of MALFORMED)
    assert.deepEqual(fieldErrorsIn(await asksForAccount(server, email)), ['/email user.email_malformed'], email)
  assert.deepEqual(await outboxOf(server), [])
  const visitor = new Visitor(server)
  await visitor.page('/register')
  const page = await visitor.pageAfter('/register', { email: PERCENT }, 422)
  assert.equal(
    textIn(page, 'email-error'),
    'Use an email address without percent signs and exclamation marks. With them, mail servers may deliver to another domain.',
  )
})

leaveToTestAll()

test('an address that is delivered elsewhere is refused on every route', async (t) => {
  const { server, root } = await startWithAdmin(t)
  const ada = await (await newcomer(root, 'ada')).signsIn()
  await root.signsIn()
  const page = `/admin/users/${(await rowOf(ada)).id}`
  const own = { username: 'ada', password: ada.password, full_name: null, locale: null, time_zone: null }
  for (const email of ROUTED)
    for (const reply of [
      await ada.asks('PATCH', '/users/me', { email }),
      await ada.asks('PUT', '/users/me', { ...own, email }),
      await root.asks('POST', '/users', { username: 'eve', email }),
      await root.asks('PATCH', page.replace('/admin', ''), { email }),
    ])
      assert.deepEqual([reply.status, ...fieldErrorsIn(reply)], [422, '/email user.email_routed'], email)
  const list = await root.asks('POST', '/invitations/bulk', { csv: `username,email\neve,${PERCENT}` })
  assert.match(list.raw.body, /user\.email_routed/)
  const [browser, office] = [await signedInBrowser(ada), await signedInBrowser(root)]
  for (const answer of [
    await browser.submit('/account', { username: 'ada', email: PERCENT, full_name: '' }),
    await office.submit(page, { username: 'ada', email: PERCENT, full_name: '', role: 'user' }),
    await office.submit('/admin/users/new', { username: 'eve', email: PERCENT, full_name: '', role: 'user' }),
  ]) {
    assert.equal(answer.statusCode, 422)
    assert.match(textIn(answer.body, 'email-error'), /without percent signs/)
  }
  for (const args of [
    ['create', 'eve'],
    ['update', 'ada'],
  ]) {
    const { code, stderr } = await command(t, ['user', ...args, '--email', PERCENT, '--json'], server)
    assert.deepEqual([code, /user\.email_routed/.test(stderr)], [6, true])
  }
  assert.equal((await rowOf(ada)).email, null)
})

test('the first admin gets no such address', async (t) => {
  const server = await start(t)
  const visitor = new Visitor(server)
  const path = await setupPath(server)
  await visitor.page(path)
  const answer = await visitor.submit(path, { username: 'root', email: PERCENT, password: PASSWORD })
  assert.equal(answer.statusCode, 422)
  assert.match(textIn(answer.body, 'email-error'), /without percent signs/)
})

test('a registration that waited since an earlier version is not approved with such an address', async (t) => {
  const { server, root } = await startWithAdmin(t, { settings: APPROVAL })
  const id = await waitingPerson(server, 'grace', 'grace@example.org')
  await server.doorward.db.updateTable('registration').set({ email: PERCENT }).where('id', '=', id).execute()
  const approved = await root.asks('POST', `/registrations/${id}/approve`)
  assert.deepEqual([approved.status, ...fieldErrorsIn(approved)], [422, '/email user.email_routed'])
  const office = await signedInBrowser(root)
  const page = await office.pageAfter(`/admin/registrations/${id}/approve`, {}, 422)
  assert.match(page.text, /without percent signs/)
  assert.equal((await root.asks('POST', `/registrations/${id}/decline`, { reason: 'Use another address' })).status, 204)
})

onEachDatabase('a stored one stays, gets its mails, and is found by the check-up', async (t, dialect) => {
  const people = await startWithMail(t, { dialect })
  const { server, root, ada } = people
  const { id } = await rowOf(ada)
  await storeEmail(server, 'ada', PERCENT)
  await root.signsIn()
  const changed = await root.asks('PATCH', `/users/${id}`, { full_name: 'Ada', email: PERCENT })
  assert.deepEqual([changed.status, changed.body['email']], [200, PERCENT])
  const { findings } = (await root.asks('GET', '/checkup')).body as { findings: Record<string, unknown>[] }
  const found = findings.find(({ code }) => code === 'email-routed')
  assert.deepEqual([found?.['level'], found?.['user_id']], ['warning', id])
  const doctor = await command(t, ['doctor'], server)
  const sentence = String(found?.['sentence'])
  assert.match(sentence, /may deliver it to another domain/)
  assert.ok(doctor.stdout.replaceAll(/\s+/g, ' ').includes(sentence), doctor.stdout)
  const office = await signedInBrowser(root)
  assert.ok((await office.page('/admin/checkup')).text.includes(sentence))
  const mails = await newMails(people, PERCENT, () => root.asks('PATCH', `/users/${id}`, { email: 'new@example.org' }))
  assert.equal(mails.length, 1)
})

test('no stored one becomes verified, and an undo gives it back as it was', async (t) => {
  const people = await startWithMail(t)
  const { server, root, ada } = people
  await storeEmail(server, 'ada', PERCENT)
  await ada.signsIn()
  assert.deepEqual(refusalIn(await ada.asks('POST', '/users/me/email/verify')), [409, 'email.nothing_to_verify'])
  const browser = await signedInBrowser(ada)
  assert.ok(!(await browser.page('/account')).allActions().includes('/account/email/verify'))

  const asking = () => ada.asks('PATCH', '/users/me', { email: ADA_EMAIL })
  const confirm = tokenOf(linkTo('/confirm-email', await newMails(people, ADA_EMAIL, asking)))
  const confirming = () => ask(server, 'POST', '/emails/confirm', { payload: { token: confirm } })
  const undo = tokenOf(linkTo('/undo-email', await newMails(people, PERCENT, confirming)))
  assert.equal((await ask(server, 'POST', '/emails/undo', { payload: { token: undo } })).status, 200)
  const { email, emailVerifiedAt } = await rowOf(ada)
  assert.deepEqual([email, emailVerifiedAt], [PERCENT, null])

  const before = { username: 'bob', email: 'bob@example.org', invite: false }
  const bob = await root.asks('POST', '/users', before)
  await storeEmail(server, 'bob', PERCENT.replace('x', 'bob'))
  const page = `/users/${String(bob.body['id'])}`
  const inviting = () => root.asks('POST', `${page}/invitation`, { delivery: 'mail' })
  const token = tokenOf(linkTo('/invitation', await newMails(people, PERCENT.replace('x', 'bob'), inviting)))
  const accepted = await ask(server, 'POST', '/invitations/accept', { payload: { token, password: PASSWORD } })
  const payload = await beginsEnrolment(server, accepted.body['attempt'])
  assert.equal((await ask(server, 'POST', '/attempts/totp/confirm', { payload })).status, 200)
  assert.equal((await root.asks('GET', page)).body['email_verified'], false)
})
