// The roll-out of a policy: plan, reminders, exemptions, progress, and what users read before and at the deadline.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import type { Dialect } from '../../src/foundation/platform/database/dialect.ts'
import { days, toRfc3339 } from '../../src/foundation/kernel/time.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { runJobsAtAnyTime } from '../support/jobs.ts'
import { deliverQueuedMails, startSmtpServer } from '../support/mail/smtp-server.ts'
import { parsePage } from '../support/pages/parsed-page.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { newcomer, PASSWORD, startWithAdmin } from '../support/people/people.ts'
import type { Person } from '../support/people/people.ts'
import { rowOf } from '../support/people/second-factors.ts'
import { fieldErrorsIn, refusalIn } from '../support/requests/replies.ts'
import { storePolicyVersion } from '../support/policies/stored-policies.ts'
import type { Server } from '../support/server/start.ts'

interface Company {
  readonly server: Server
  readonly root: Person
  readonly ada: Person
  /** Runs every job; returns receiver and subject of the reminders that came since the last time, sorted. */
  readonly news: () => Promise<string[]>
  /** The instant of the deadline. */
  readonly deadline: number
}

/** A company in which the second factor is optional and everyone will need one: `ada` has an app, `ben` none, `cleo` none and no email. */
async function companyOf(t: TestContext, dialect: Dialect): Promise<Company> {
  const smtp = await startSmtpServer(t)
  const { server, root } = await startWithAdmin(t, { dialect, settings: smtp.settings })
  const { db } = server.doorward
  await storePolicyVersion(db, { id: 'all', secondFactor: 'optional' })
  const ada = await newcomer(root, 'ada', { email: 'ada@example.org' })
  for (const username of ['ben', 'cleo']) await root.asks('POST', '/users', { username, password: PASSWORD })
  const mailed = { email: 'ben@example.org', email_key: 'ben@example.org', locale: 'de' }
  await db.updateTable('users').set(mailed).where('username', '=', 'ben').execute()
  await db.updateTable('users').set({ email_verified_at: 1 }).where('email', 'is not', null).execute()
  const deadline = server.clock.now() + days(20)
  await storePolicyVersion(db, { id: 'all', version: 2, secondFactor: 'required', from: deadline })
  await root.signsIn()
  let seen = 0
  const news = async (): Promise<string[]> => {
    await runJobsAtAnyTime(server.doorward)
    await deliverQueuedMails(server.doorward)
    const fresh = smtp.mails.slice(seen)
    seen = smtp.mails.length
    const reminders = fresh.filter(({ subject }) => /Richten Sie|Set up your|Fügen Sie|Add a/.test(subject))
    return reminders.map(({ to, subject }) => `${to.join()}: ${subject}`).toSorted()
  }
  return { server, root, ada, news, deadline }
}

async function readsPlan(root: Person, query = ''): Promise<readonly string[]> {
  const { body } = await root.asks('GET', `/policies/all/plan${query}`)
  const items = body['items'] as { username: string; reason: string; state: string }[]
  return items.map(({ username, reason, state }) => `${username} ${reason} ${state}`)
}

onEitherDatabase(
  'the plan of a stored policy lists who is stopped at its deadline, page by page',
  async (t, dialect) => {
    const { root, deadline } = await companyOf(t, dialect)
    const { body } = await root.asks('GET', '/policies/all/plan?limit=1')
    assert.equal(body['deadline'], toRfc3339(deadline))
    assert.equal(body['concerned'], 4)
    assert.deepEqual(body['counts'], [{ reason: 'no-second-factor', state: 'stopped', users: 2 }])
    assert.deepEqual(await readsPlan(root), ['ben no-second-factor stopped', 'cleo no-second-factor stopped'])
    assert.deepEqual(await readsPlan(root, `?cursor=${String(body['next_cursor'])}`), ['cleo no-second-factor stopped'])
    assert.deepEqual(await readsPlan(root, '?state=joining'), [])
    assert.equal((await root.asks('GET', '/policies/nothing/plan')).status, 404)
  },
)

onEitherDatabase('a proposed policy is planned without being stored', async (t, dialect) => {
  const { root, server } = await companyOf(t, dialect)
  const proposed = { scope: 'everyone', second_factor: 'phishing-resistant' }
  const { body } = await root.asks('POST', '/policies/plan', proposed)
  const items = body['items'] as { username: string; reason: string }[]
  assert.deepEqual(
    items.map(({ username, reason }) => `${username} ${reason}`),
    ['root app-not-allowed', 'ada app-not-allowed', 'ben no-second-factor', 'cleo no-second-factor'],
  )
  assert.equal(body['policy_id'], 'all')
  const unnamed = await root.asks('POST', '/policies/plan', { scope: 'role' })
  assert.deepEqual(fieldErrorsIn(unnamed), ['/scope_ref field.missing'])
  const versions = await server.doorward.db.selectFrom('policy_version').select('id').execute()
  assert.equal(versions.length, 2)
})

onEitherDatabase('a plan names the policy that together with it leaves a user no second step', async (t, dialect) => {
  const { root, ada, server } = await companyOf(t, dialect)
  const { db } = server.doorward
  const apps = { id: 'apps', scope: 'role', scopeRef: 'user', secondFactor: 'required', factors: ['totp'] } as const
  await storePolicyVersion(db, apps)
  const { body } = await root.asks('POST', '/policies/plan', { scope: 'everyone', second_factor: 'phishing-resistant' })
  const items = body['items'] as { username: string; reason: string; other_policy: string | null }[]
  const item = items.find(({ username }) => username === ada.username)
  assert.deepEqual([item?.reason, item?.other_policy], ['no-factor-left', 'apps'])
})

onEitherDatabase('users are reminded at the announcement, a week and a day before, each once', async (t, dialect) => {
  const { server, news } = await companyOf(t, dialect)
  const ben = 'ben@example.org: Doorward: Richten Sie Ihren zweiten Schritt ein'
  assert.deepEqual(await news(), [ben])
  assert.deepEqual(await news(), [])
  server.clock.pass(days(13))
  assert.deepEqual(await news(), [ben])
  assert.deepEqual(await news(), [])
  server.clock.pass(days(6))
  assert.deepEqual(await news(), [ben])
  server.clock.pass(days(2))
  assert.deepEqual(await news(), [])
  const events = await server.doorward.db
    .selectFrom('audit_event')
    .select('id')
    .where('action', '=', 'policy.reminded')
    .execute()
  assert.equal(events.length, 3)
})

onEitherDatabase(
  'a reminder that stopped in the middle goes on where it was, and a cancelled version reminds nobody',
  async (t, dialect) => {
    const { server, news } = await companyOf(t, dialect)
    const { db } = server.doorward
    const ben = await rowOf({ server, username: 'ben' })
    await db
      .updateTable('policy_version')
      .set({ reminder: 1, reminder_position: ben.id })
      .where('version', '=', 2)
      .execute()
    assert.deepEqual(await news(), [], 'ben was told before the node stopped, and cleo has no email')
    await db.updateTable('policy_version').set({ cancelled_at: 1 }).where('version', '=', 2).execute()
    server.clock.pass(days(14))
    assert.deepEqual(await news(), [])
  },
)

const reason = 'Waits for a new phone'

onEitherDatabase('an exempt user is left out until the end, and no admin exempts themself', async (t, dialect) => {
  const { server, root, deadline, news } = await companyOf(t, dialect)
  const { id } = await rowOf({ server, username: 'ben' })
  const url = `/policies/all/exemptions/${id}`
  const until = toRfc3339(deadline + days(5))
  const given = await root.asks('PUT', url, { reason, ends_at: until })
  assert.deepEqual([given.status, given.body['ends_at'], given.body['reason']], [200, until, reason])
  assert.deepEqual(await readsPlan(root), ['cleo no-second-factor stopped'])
  assert.deepEqual(await news(), [])
  const list = await root.asks('GET', '/policies/all/exemptions')
  assert.deepEqual(
    (list.body['items'] as { username: string }[]).map(({ username }) => username),
    ['ben'],
  )
  const own = await root.asks('PUT', `/policies/all/exemptions/${(await rowOf(root)).id}`, { reason, ends_at: until })
  assert.equal(refusalIn(own)[1], 'policy.own_exemption')
  assert.equal((await root.asks('DELETE', url)).status, 204)
  assert.equal((await root.asks('DELETE', url)).status, 404)
  assert.deepEqual(await readsPlan(root), ['ben no-second-factor stopped', 'cleo no-second-factor stopped'])
})

onEitherDatabase('an exemption has a reason, and an end within a year', async (t, dialect) => {
  const { server, root } = await companyOf(t, dialect)
  const url = `/policies/all/exemptions/${(await rowOf({ server, username: 'ben' })).id}`
  const now = server.clock.now()
  const refused = async (body: object): Promise<unknown> => fieldErrorsIn(await root.asks('PUT', url, body))
  assert.deepEqual(await refused({ reason: '  ', ends_at: toRfc3339(now) }), [
    '/reason field.missing',
    '/ends_at exemption.end_past',
  ])
  assert.deepEqual(await refused({ reason, ends_at: toRfc3339(now + days(367)) }), ['/ends_at exemption.end_too_far'])
})

onEitherDatabase('the progress is counted by day, that of today as it is now', async (t, dialect) => {
  const { server, root, news } = await companyOf(t, dialect)
  const progress = async (): Promise<unknown> => (await root.asks('GET', '/policies/all/progress')).body['days']
  const numbers = (shown: unknown) =>
    (shown as { concerned: number; missing: number }[]).map(({ concerned, missing }) => [concerned, missing])
  await news()
  server.clock.pass(days(1))
  await root.signsIn()
  await server.doorward.db.updateTable('users').set({ second_factor_at: 1 }).where('username', '=', 'cleo').execute()
  assert.deepEqual(numbers(await progress()), [
    [4, 2],
    [4, 1],
  ])
})

async function signsInOnPages(server: Server, username: string): Promise<Visitor> {
  const visitor = new Visitor(server)
  await visitor.submit('/sign-in', { username, password: PASSWORD })
  return visitor
}

onEitherDatabase(
  'a user reads of the deadline before it, and at it only the enrolment can be reached',
  async (t, dialect) => {
    const { server } = await companyOf(t, dialect)
    const before = await signsInOnPages(server, 'cleo')
    for (const path of ['/account', '/account/security']) {
      const page = parsePage((await before.open(path)).body)
      assert.match(page.text, /You need a second step from \d+ \w+ \d{4}\. Set one up now\./)
    }
    server.clock.pass(days(20))
    assert.equal((await before.open('/account')).statusCode, 303, 'the session is over')
    const after = await signsInOnPages(server, 'cleo')
    assert.equal(after.cookies.has('session'), false)
    const page = parsePage((await after.open('/enrolment')).body)
    assert.match(page.text, /Your organization has required a second step since \d+ \w+ \d{4}\./)
    assert.match(page.text, /ask an admin of Doorward/)
    for (const path of ['/account', '/account/security']) assert.equal((await after.open(path)).statusCode, 303, path)
  },
)

onEitherDatabase('admins plan and exempt on pages', async (t, dialect) => {
  const { server, root, deadline } = await companyOf(t, dialect)
  const visitor = new Visitor(server)
  await visitor.submit('/sign-in', { username: 'root', password: PASSWORD })
  await visitor.submit('/sign-in/second-step', { code: root.code() })
  const plan = parsePage((await visitor.open('/admin/policies/all/plan')).body)
  assert.deepEqual(
    plan.table().rows.map((row) => row.slice(0, 3)),
    [
      ['ben', 'No second step', 'Stopped'],
      ['cleo', 'No second step', 'Stopped'],
    ],
  )
  const path = '/admin/policies/all/exemptions'
  const { id } = await rowOf({ server, username: 'ben' })
  const form = parsePage((await visitor.open(`${path}/new?user=${id}`)).body)
  assert.equal(form.field('Username or email').value, 'ben')
  const missing = await visitor.submit(`${path}/new`, {
    user: 'nobody',
    reason,
    ends_on: toRfc3339(deadline).slice(0, 10),
  })
  assert.match(parsePage(missing.body).text, /There’s no such user/)
  const done = await visitor.submit(`${path}/new`, { user: 'ben', reason, ends_on: toRfc3339(deadline).slice(0, 10) })
  assert.equal(done.headers.location, `${path}?done=exempted`)
  const list = parsePage((await visitor.open(path)).body)
  assert.equal(list.table().rows[0]?.[1], reason)
  await visitor.submit(`${path}/${id}/end`, {})
  assert.match(parsePage((await visitor.open(path)).body).text, /No exemptions\./)
})
