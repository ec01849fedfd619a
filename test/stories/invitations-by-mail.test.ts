// An invitation that is mailed: its link is shown to nobody, so that accepting it verifies the email.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import { readMail, recordReveal } from '#domain/mail/outbox.service.ts'
import { days, minutes } from '#foundation/kernel/time.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { deliverQueuedMails, linksIn, startSmtpServer, type TestSmtpServer } from '../support/mail/smtp-server.ts'
import { type AdminScene, adminScene, type SceneOptions, visitorScene } from '../support/pages/page-scenes.ts'
import { parsePage } from '../support/pages/parsed-page.ts'
import { ask, PASSWORD, startWithAdmin } from '../support/people/people.ts'
import { beginsEnrolment } from '../support/people/second-factors.ts'
import { fieldErrorsIn, invitationIn, refusalIn } from '../support/requests/replies.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import type { Server } from '../support/server/start.ts'

const GRACE = { username: 'grace', email: 'grace@example.org' }
const NEW = '/admin/users/new'

interface MailScene extends AdminScene {
  readonly smtp: TestSmtpServer
}

async function mailScene(t: TestContext, options: SceneOptions = {}): Promise<MailScene> {
  const smtp = await startSmtpServer(t)
  return { smtp, ...(await adminScene(t, { ...options, settings: smtp.settings })) }
}

/** The token of the link in the last mail to Grace, after the outbox was delivered. */
async function mailedToken(server: Server, smtp: TestSmtpServer): Promise<string> {
  await deliverQueuedMails(server.doorward)
  const mail = smtp.to(GRACE.email).at(-1)
  assert.ok(mail, 'no mail came')
  return linksIn(mail)[0]?.split('/').at(-1) ?? ''
}

/** Accepts an invitation and enrols an app; returns the status of the last step. */
async function accepts(server: Server, token: string): Promise<number> {
  const accepted = await ask(server, 'POST', '/invitations/accept', { payload: { token, password: PASSWORD } })
  if (accepted.status !== 200) return accepted.status
  const payload = await beginsEnrolment(server, accepted.body['attempt'])
  return (await ask(server, 'POST', '/attempts/totp/confirm', { payload })).status
}

onEitherDatabase(
  'a mailed invitation works once, is in no answer and no log, and verifies the address',
  async (t, dialect) => {
    const { server, smtp, admin } = await mailScene(t, { dialect })
    const created = await admin.asks('POST', '/users', { ...GRACE, delivery: 'mail' })
    assert.equal(created.status, 200, created.raw.body)
    const expiresAt = new Date(server.clock.now() + days(7)).toISOString()
    assert.deepEqual(created.body['invitation'], { url: null, mailed_to: GRACE.email, expires_at: expiresAt })
    const token = await mailedToken(server, smtp)
    assert.match(token, /^dwl_/)
    assert.ok(!created.raw.body.includes(token) && !server.logText().includes(token))
    assert.equal(await accepts(server, token), 200)
    const read = await admin.asks('GET', `/users/${String(created.body['id'])}`)
    assert.deepEqual([read.body['email_verified'], read.body['status']], [true, 'active'])
    assert.equal(await accepts(server, token), 404)
  },
)

leaveToTestAll()

onEitherDatabase('an invitation that was shown verifies nothing, also after a mailed one', async (t, dialect) => {
  const { server, smtp, admin } = await mailScene(t, { dialect })
  const created = await admin.asks('POST', '/users', { ...GRACE, delivery: 'mail' })
  const mailed = await mailedToken(server, smtp)
  const shown = await admin.asks('POST', `/users/${String(created.body['id'])}/invitation`, { delivery: 'link' })
  assert.equal(await accepts(server, mailed), 404, 'the mailed link was not withdrawn')
  assert.equal(await accepts(server, invitationIn(shown)), 200)
  const read = await admin.asks('GET', `/users/${String(created.body['id'])}`)
  assert.equal(read.body['email_verified'], false)
})

onEitherDatabase(
  'an invitation ends where another program has changed the email since it was mailed',
  async (t, dialect) => {
    const { server, smtp, admin } = await mailScene(t, { dialect })
    const created = await admin.asks('POST', '/users', { ...GRACE, delivery: 'mail' })
    const token = await mailedToken(server, smtp)
    const users = server.doorward.db.updateTable('users').where('id', '=', Number(created.body['id']))
    await users.set({ email: 'other@example.org' }).execute()
    assert.equal(await accepts(server, token), 404)
    await users.set({ email: GRACE.email.toUpperCase() }).execute()
    assert.equal(await accepts(server, token), 200)
  },
)

onEitherDatabase('an invitation that is sent again replaces the one before, and expires', async (t, dialect) => {
  const { server, smtp, admin } = await mailScene(t, { dialect })
  const created = await admin.asks('POST', '/users', { ...GRACE, delivery: 'mail', role: 'user' })
  const first = await mailedToken(server, smtp)
  const wish = { delivery: 'mail', expires_in: 3600 }
  const again = await admin.asks('POST', `/users/${String(created.body['id'])}/invitation`, wish)
  assert.equal((again.body['invitation'] as { url: unknown }).url, null)
  const second = await mailedToken(server, smtp)
  assert.notEqual(second, first)
  assert.equal(await accepts(server, first), 404)
  server.clock.pass(minutes(60))
  assert.equal(await accepts(server, second), 404)
})

onEitherDatabase('nobody chooses their own role or end by what they send with an invitation', async (t, dialect) => {
  const { server, smtp, admin } = await mailScene(t, { dialect })
  await admin.asks('POST', '/users', { ...GRACE, delivery: 'mail', expires_at: '2027-01-01T00:00:00Z' })
  const token = await mailedToken(server, smtp)
  for (const more of [{ role: 'admin' }, { expires_at: null }, { email: 'x@example.org' }]) {
    const payload = { token, password: PASSWORD, ...more }
    assert.deepEqual(refusalIn(await ask(server, 'POST', '/invitations/accept', { payload }))[0], 422)
  }
  assert.equal(await accepts(server, token), 200)
  const { db } = server.doorward
  const row = db.selectFrom('users').select(['role', 'expires_at']).where('username', '=', 'grace')
  assert.deepEqual(await row.executeTakeFirstOrThrow(), {
    role: 'user',
    expires_at: Date.parse('2027-01-01T00:00:00Z'),
  })
})

test('without mail or without an address nothing is mailed, and nobody is created', async (t) => {
  const { root } = await startWithAdmin(t)
  const off = await root.asks('POST', '/users', { ...GRACE, delivery: 'mail' })
  assert.deepEqual([off.status, fieldErrorsIn(off)], [422, ['/delivery invitation.mail_off']])
  const { admin } = await mailScene(t)
  const nowhere = await admin.asks('POST', '/users', { username: 'grace', delivery: 'mail' })
  assert.deepEqual([nowhere.status, fieldErrorsIn(nowhere)], [422, ['/delivery invitation.no_address']])
  const { body } = await admin.asks('POST', '/users', { username: 'grace' })
  const resent = await admin.asks('POST', `/users/${String(body['id'])}/invitation`, { delivery: 'mail' })
  assert.deepEqual(fieldErrorsIn(resent), ['/delivery invitation.no_address'])
})

test('the form for a new user offers mail first, and the user’s page says how far the mail has come', async (t) => {
  const { server, smtp, browser } = await mailScene(t)
  const form = await browser.page(NEW)
  assert.ok(form.field('Send it by email').checked)
  const fields = { ...GRACE, role: 'user', delivery: 'mail', expires_on: '2026-12-31' }
  const answer = await browser.submit(NEW, fields)
  const made = parsePage(answer)
  assert.match(made.text, /The invitation is on its way to grace@example\.org/)
  assert.doesNotMatch(answer.body, /dwl_/)
  const { id } = await server.doorward.db
    .selectFrom('users')
    .select('id')
    .where('username', '=', 'grace')
    .executeTakeFirstOrThrow()
  const page = `/admin/users/${id}`
  assert.match((await browser.page(page)).text, /Waiting to be sent to grace@example\.org/)
  await mailedToken(server, smtp)
  assert.match((await browser.page(page)).text, /Sent to grace@example\.org just now/)
  assert.match((await browser.page(page)).text, /Account expires in 7 months/)
  const again = await browser.submit(`${page}/invitation`, { delivery: 'mail', expires_in: '86400' })
  assert.match(parsePage(again).text, /on its way to grace@example\.org/)
})

test('a form without an address keeps what was typed and says what is missing', async (t) => {
  const { browser } = await mailScene(t)
  const wrong = await browser.pageAfter(NEW, { username: 'grace', role: 'user', delivery: 'mail' }, 422)
  assert.match(wrong.text, /Enter an email address, or show the link instead/)
  assert.equal(wrong.sent('username'), 'grace')
})

test('the mail is in the language of the user, and names inviter and end', async (t) => {
  const { server, smtp, admin } = await mailScene(t)
  await admin.asks('POST', '/users', { ...GRACE, delivery: 'mail', locale: 'de', expires_at: '2027-01-01T00:00:00Z' })
  await mailedToken(server, smtp)
  const [mail] = smtp.to(GRACE.email)
  assert.equal(mail?.subject, 'root hat Sie zu Doorward eingeladen')
  assert.match(mail.text, /Eingeladen hat Sie root\./)
  assert.match(mail.text, /Das Konto läuft am .*2027.* ab\./)
})

test('several users are invited by mail from the list, and one without an address is skipped', async (t) => {
  const { server, smtp, admin, browser } = await mailScene(t)
  const made = [GRACE, { username: 'nobody' }].map((user) => admin.asks('POST', '/users', user))
  const ids = (await Promise.all(made)).map(({ body }) => String(body['id']))
  const chosen = Object.fromEntries(ids.map((id) => [`user-${id}`, 'yes']))
  const asked = parsePage(await browser.submit('/admin/users/bulk', { action: 'invite', ...chosen }))
  assert.ok(asked.field('Send it by email').checked)
  const wish = { action: 'invite', confirmed: 'yes', delivery: 'mail', expires_in: '86400', ...chosen }
  const answer = await browser.submit('/admin/users/bulk', wish)
  const done = parsePage(answer)
  assert.equal(done.heading, '1 invitation created')
  assert.match(done.text, /grace Invitation on its way to grace@example\.org/)
  assert.match(done.text, /nobody Enter an email address, or show the link instead/)
  assert.doesNotMatch(answer.body, /dwl_/)
  assert.equal(await accepts(server, await mailedToken(server, smtp)), 200)
})

test('an invitation that is sent again drops the mail that still waits', async (t) => {
  const { server, smtp, admin } = await mailScene(t)
  const { body } = await admin.asks('POST', '/users', { ...GRACE, delivery: 'mail' })
  await admin.asks('POST', `/users/${String(body['id'])}/invitation`, { delivery: 'mail' })
  const token = await mailedToken(server, smtp)
  assert.equal(smtp.to(GRACE.email).length, 1)
  assert.equal(await accepts(server, token), 200)
})

test('a mailed link that an operator has revealed verifies nothing', async (t) => {
  const { server, smtp, admin } = await mailScene(t)
  const { body } = await admin.asks('POST', '/users', { ...GRACE, delivery: 'mail' })
  const { id } = await server.doorward.db.selectFrom('outbox').select('id').executeTakeFirstOrThrow()
  const operator = server.operator()
  await recordReveal(operator, await readMail(operator, id))
  assert.equal(await accepts(server, await mailedToken(server, smtp)), 200)
  assert.equal((await admin.asks('GET', `/users/${String(body['id'])}`)).body['email_verified'], false)
})

test('an invitation follows the chosen language, else that of the admin, else that of the server', async (t) => {
  const smtp = await startSmtpServer(t)
  const settings = { ...smtp.settings, default_locale: 'de' }
  const { server, admin } = await adminScene(t, { settings })
  const sends = async (username: string, fields: object = {}): Promise<void> => {
    const reply = await admin.asks('POST', '/users', {
      username,
      email: `${username}@example.org`,
      delivery: 'mail',
      ...fields,
    })
    assert.equal(reply.status, 200, reply.raw.body)
    assert.equal(reply.body['locale'], (fields as { locale?: string }).locale ?? null)
  }
  await sends('of-server')
  await admin.asks('PATCH', '/users/me', { locale: 'en' })
  await sends('of-admin')
  await sends('chosen', { locale: 'de' })
  await deliverQueuedMails(server.doorward)
  const subjects = ['of-server', 'of-admin', 'chosen'].map((name) => smtp.to(`${name}@example.org`)[0]?.subject)
  assert.deepEqual(subjects, [
    'root hat Sie zu Doorward eingeladen',
    'root invited you to Doorward',
    'root hat Sie zu Doorward eingeladen',
  ])
})

test('the forms for new users offer a language, at first that of the page, and store the choice', async (t) => {
  const smtp = await startSmtpServer(t)
  const { server, browser } = await adminScene(t, { settings: smtp.settings, language: 'de' })
  const form = await browser.page(NEW)
  assert.equal(form.field('Sprache').value, 'de')
  await browser.submit(NEW, { ...GRACE, role: 'user', delivery: 'mail', locale: 'de' })
  const list = await browser.page('/admin/users/invite-many')
  assert.equal(list.field('Sprache, wo die Liste keine nennt').value, 'de')
  const csv = 'username,email,locale\nada,ada@example.org,\nbob,bob@example.org,en'
  await browser.submit('/admin/users/invite-many', { csv, delivery: 'mail', locale: 'de', step: 'create' })
  await deliverQueuedMails(server.doorward)
  const subjects = ['grace', 'ada', 'bob'].map((name) => smtp.to(`${name}@example.org`)[0]?.subject)
  assert.deepEqual(subjects, [
    'root hat Sie zu Doorward eingeladen',
    'root hat Sie zu Doorward eingeladen',
    'root invited you to Doorward',
  ])
  const rows = await server.doorward.db.selectFrom('users').select('locale').orderBy('id').execute()
  assert.deepEqual(
    rows.slice(1).map(({ locale }) => locale),
    ['de', 'de', 'en'],
  )
  const wrong = await browser.pageAfter(NEW, { username: 'cy', role: 'user', delivery: 'link', locale: '??' }, 422)
  assert.ok(wrong.field('Sprache').invalid)
})

test('pages are in the language of the server for a browser that prefers none that there is', async (t) => {
  const { visitor } = await visitorScene(t, { settings: { default_locale: 'de' }, language: 'fr' })
  assert.equal((await visitor.page('/sign-in')).language, 'de')
  const { visitor: english } = await visitorScene(t, { settings: { default_locale: 'de' }, language: 'en' })
  assert.equal((await english.page('/sign-in')).language, 'en')
})
