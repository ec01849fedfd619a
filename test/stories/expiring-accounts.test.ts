// Accounts with an end: who is notified when, and what pages, API and check-up say.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import { days, hours, minutes, toRfc3339 } from '#foundation/kernel/time.ts'
import type { Dialect } from '#foundation/platform/database/dialect.ts'
import { checkUp } from '#use-cases/administration/health/health.service.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { runJobsAtAnyTime } from '../support/jobs.ts'
import { deliverQueuedMails, startSmtpServer, type TestSmtpServer } from '../support/mail/smtp-server.ts'
import { userPageScene } from '../support/pages/page-scenes.ts'
import { newcomer, type Person, startWithAdmin } from '../support/people/people.ts'
import { fieldErrorsIn, refusalIn } from '../support/requests/replies.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import type { Server } from '../support/server/start.ts'

interface NoticeScene {
  readonly server: Server
  readonly smtp: TestSmtpServer
  readonly root: Person
  /** Runs every job, and returns the subjects of the mails that came since the last time, sorted. */
  readonly news: () => Promise<string[]>
}

async function noticeScene(t: TestContext, dialect: Dialect = 'sqlite'): Promise<NoticeScene> {
  const smtp = await startSmtpServer(t)
  const { server, root } = await startWithAdmin(t, { dialect, settings: smtp.settings })
  await setsRow(server, 'root', { email: 'root@example.org', email_key: 'root@example.org', email_verified_at: 1 })
  let seen = 0
  const news = async (): Promise<string[]> => {
    await runJobsAtAnyTime(server.doorward)
    await deliverQueuedMails(server.doorward)
    const fresh = smtp.mails.slice(seen)
    seen = smtp.mails.length
    // Notices of what else happened to the accounts are not asked for here.
    const others = /Welcome to|Signed in on another device|New sign-in/
    return fresh.flatMap(({ to, subject }) => (others.test(subject) ? [] : `${to.join()}: ${subject}`)).toSorted()
  }
  return { server, smtp, root, news }
}

function setsRow({ doorward }: Server, username: string, set: Record<string, unknown>): Promise<unknown> {
  return doorward.db
    .updateTable('users')
    .set(set as never)
    .where('username', '=', username)
    .execute()
}

const SOON = 'ada@example.org: Your account on Doorward expires soon'
const OVER = 'root@example.org: Expired accounts on Doorward: 1'

onEitherDatabase('a user is told 14 days and 1 day before, the admins at the end, each once', async (t, dialect) => {
  const { server, smtp, root, news } = await noticeScene(t, dialect)
  await newcomer(root, 'ada', { email: 'ada@example.org', expires_at: toRfc3339(server.clock.now() + days(20)) })
  await setsRow(server, 'ada', { email_verified_at: 1 })
  assert.deepEqual(await news(), [])
  server.clock.pass(days(6))
  assert.deepEqual(await news(), [SOON])
  assert.deepEqual(await news(), [])
  server.clock.pass(days(13))
  assert.deepEqual(await news(), [SOON])
  server.clock.pass(hours(23))
  assert.deepEqual(await news(), [])
  server.clock.pass(hours(1))
  assert.deepEqual(await news(), [OVER])
  assert.deepEqual(await news(), [])
  assert.match(smtp.to('root@example.org')[0]?.text ?? '', /accounts have expired: ada/)
  const events = await server.doorward.db
    .selectFrom('audit_event')
    .select('id')
    .where('action', '=', 'user.expired')
    .execute()
  assert.equal(events.length, 1)
})

leaveToTestAll()

onEitherDatabase('a new end is told anew, and of missed notices the last one is given', async (t, dialect) => {
  const { server, root, news } = await noticeScene(t, dialect)
  await newcomer(root, 'ada', { email: 'ada@example.org', expires_at: toRfc3339(server.clock.now() + days(10)) })
  await setsRow(server, 'ada', { email_verified_at: 1 })
  server.clock.pass(days(9) + hours(12))
  assert.deepEqual(await news(), [SOON])
  await root.signsIn()
  const { body } = await root.asks('GET', '/users?q=ada')
  const [ada] = body['items'] as { id: number }[]
  const expiresAt = toRfc3339(server.clock.now() + days(10))
  assert.equal((await root.asks('PATCH', `/users/${ada?.id}`, { expires_at: expiresAt })).status, 200)
  assert.deepEqual(await news(), [SOON])
  assert.deepEqual(await news(), [])
})

onEitherDatabase('more users than a batch holds are all told, among them some who cannot be', async (t, dialect) => {
  const { server, news } = await noticeScene(t, dialect)
  const now = server.clock.now()
  const rows = Array.from({ length: 130 }, (_, at) => ({
    username: `user-${at}`,
    username_key: `user-${at}`,
    email: `user-${at}@example.org`,
    email_key: `user-${at}@example.org`,
    // Each second user has no email, and each fourth one that is not verified.
    ...(at % 2 === 0 ? {} : { email: null, email_key: null }),
    email_verified_at: at % 4 === 0 ? 1 : null,
    role: 'user',
    created_at: now,
    expires_at: now + days(3),
  }))
  await server.doorward.db
    .insertInto('users')
    .values(rows as never)
    .execute()
  assert.equal((await news()).length, 65)
  server.clock.pass(days(4))
  // One mail for each batch names all of its users.
  const subjects = await news()
  const counts = subjects.map((subject) => Number(/: (\d+)$/.exec(subject)?.[1]))
  assert.equal(
    counts.reduce((sum, count) => sum + count, 0),
    130,
  )
})

onEitherDatabase('without mail nobody is told, the end acts, and its event is recorded', async (t, dialect) => {
  const { server, root } = await startWithAdmin(t, { dialect })
  const ada = await (await newcomer(root, 'ada', { expires_at: toRfc3339(server.clock.now() + days(1)) })).signsIn()
  server.clock.pass(days(1))
  assert.equal((await ada.asks('GET', '/users/me')).status, 401)
  await runJobsAtAnyTime(server.doorward)
  const { db } = server.doorward
  assert.equal((await db.selectFrom('outbox').select('id').execute()).length, 0)
  const events = await db.selectFrom('audit_event').select('id').where('action', '=', 'user.expired').execute()
  assert.equal(events.length, 1)
})

onEitherDatabase('the API takes an end in the future, shows it, and removes it', async (t, dialect) => {
  const { server, root } = await startWithAdmin(t, { dialect })
  const { body } = await root.asks('POST', '/users', { username: 'ada', expires_at: '2027-06-30T12:00:00+02:00' })
  assert.equal(body['expires_at'], '2027-06-30T10:00:00.000Z')
  const page = `/users/${String(body['id'])}`
  for (const wrong of [toRfc3339(server.clock.now()), '2020-01-01T00:00:00Z'])
    assert.deepEqual(fieldErrorsIn(await root.asks('PATCH', page, { expires_at: wrong })), [
      '/expires_at user.expiry_past',
    ])
  for (const wrong of ['2027-06-30', '2027-06-30T23:59:60Z', 'soon'])
    assert.deepEqual(fieldErrorsIn(await root.asks('PATCH', page, { expires_at: wrong })), ['/expires_at field.format'])
  assert.equal((await root.asks('PATCH', page, { expires_at: null })).body['expires_at'], null)
  const past = await root.asks('POST', '/users', { username: 'bob', expires_at: '2020-01-01T00:00:00Z' })
  assert.deepEqual(fieldErrorsIn(past), ['/expires_at user.expiry_past'])
})

test('an admin sets the last day on the user’s page, and lists and page say when it has passed', async (t) => {
  const { server, browser, page } = await userPageScene(t)
  const form = await browser.page(`${page}/expiry`)
  assert.match(form.text, /After its last day, Ada Lovelace \(ada\) can’t sign in/)
  assert.equal(form.field('Last day of the account (optional)').value, '')
  const past = await browser.pageAfter(`${page}/expiry`, { expires_on: '2020-01-01' }, 422)
  assert.match(past.text, /Choose a time in the future/)
  await browser.submit(`${page}/expiry`, { expires_on: '2026-06-02' })
  assert.match((await browser.page(page)).text, /Account expires in 1 day/)
  assert.equal((await browser.page(`${page}/expiry`)).field('Last day of the account (optional)').value, '2026-06-02')
  server.clock.pass(minutes(5))
  await server.doorward.db
    .updateTable('users')
    .set({ expires_at: server.clock.now() })
    .where('username', '=', 'ada')
    .execute()
  assert.match((await browser.page(page)).text, /Expired/)
  assert.match((await browser.page('/admin/users')).text, /Ada Lovelace.*Expired/)
})

test('nobody sets the end of the own account on its page', async (t) => {
  const { browser, own } = await userPageScene(t)
  const page = await browser.page(`${own}/expiry`)
  assert.match(page.text, /You can’t change this for your own account/)
  assert.equal(page.count('form[action$=expiry]'), 0)
  assert.match((await browser.pageAfter(`${own}/expiry`, { expires_on: '2027-01-01' }, 409)).text, /own account/)
})

test('the check-up and the user’s page name the admin who stays although the account has ended', async (t) => {
  const { server, browser, own } = await userPageScene(t)
  await setsRow(server, 'root', { expires_at: server.clock.now() })
  const { findings } = await checkUp(server.operator())
  assert.deepEqual(
    findings.filter(({ code }) => code === 'admin-kept').map(({ level }) => level),
    ['warning'],
  )
  assert.match((await browser.page(own)).text, /Expired, but still open/)
  await runJobsAtAnyTime(server.doorward)
  const events = server.doorward.db.selectFrom('audit_event').select('id').where('action', '=', 'user.expired')
  assert.equal((await events.execute()).length, 0)
})

test('an expired user is not invited before the account has a later end', async (t) => {
  const { server, root } = await startWithAdmin(t)
  const { body } = await root.asks('POST', '/users', { username: 'ada' })
  await setsRow(server, 'ada', { expires_at: server.clock.now() })
  const path = `/users/${String(body['id'])}`
  assert.deepEqual(refusalIn(await root.asks('POST', `${path}/invitation`)), [409, 'user.expired'])
  await root.asks('PATCH', path, { expires_at: toRfc3339(server.clock.now() + days(1)) })
  assert.equal((await root.asks('POST', `${path}/invitation`)).status, 200)
})
