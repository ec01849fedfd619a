// The roll-out of a policy: plan, reminders, exemptions, progress, and what users read before and at the deadline.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import { days, toRfc3339 } from '#foundation/kernel/time.ts'
import type { Dialect } from '#foundation/platform/database/dialect.ts'
import { createRole } from '#use-cases/administration/roles/roles.service.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { runJobsAtAnyTime } from '../support/jobs.ts'
import { deliverQueuedMails, linksIn, type ReceivedMail, startSmtpServer } from '../support/mail/smtp-server.ts'
import { assertLeadsTo, authenticatorOn, signedInBrowser } from '../support/pages/page-answers.ts'
import { parsePage } from '../support/pages/parsed-page.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { ask, newcomer, PASSWORD, type Person, startWithAdmin } from '../support/people/people.ts'
import { rowOf } from '../support/people/second-factors.ts'
import { storePolicyVersion } from '../support/policies/stored-policies.ts'
import { fieldErrorsIn, refusalIn } from '../support/requests/replies.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'
import type { Server } from '../support/server/start.ts'

interface Company {
  readonly server: Server
  readonly root: Person
  readonly ada: Person
  /** Runs every job; returns receiver and subject of the reminders that came since the last time, sorted. */
  readonly news: () => Promise<string[]>
  readonly mails: readonly ReceivedMail[]
  /** The instant of the deadline. */
  readonly deadline: number
}

/**
 * A company in which the second factor is optional and everyone will need one: `ada` has an app, `ben` none and an email that is not verified,
 * `cleo` none and no email.
 */
async function companyOf(t: TestContext, dialect: Dialect): Promise<Company> {
  const smtp = await startSmtpServer(t)
  const { server, root } = await startWithAdmin(t, { dialect, settings: smtp.settings })
  const { db } = server.doorward
  await storePolicyVersion(db, { id: 'all', secondFactor: 'optional' })
  const ada = await newcomer(root, 'ada', { email: 'ada@example.org' })
  for (const username of ['ben', 'cleo']) await root.asks('POST', '/users', { username, password: PASSWORD })
  const mailed = { email: 'ben@example.org', email_key: 'ben@example.org', locale: 'de' }
  await db.updateTable('users').set(mailed).where('username', '=', 'ben').execute()
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
  return { server, root, ada, news, mails: smtp.mails, deadline }
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
    assert.equal(body['without_email'], 1)
    assert.deepEqual(await readsPlan(root), ['ben no-second-factor stopped', 'cleo no-second-factor stopped'])
    assert.deepEqual(await readsPlan(root, `?cursor=${String(body['next_cursor'])}`), ['cleo no-second-factor stopped'])
    assert.deepEqual(await readsPlan(root, '?state=joining'), [])
    assert.equal((await root.asks('GET', '/policies/nothing/plan')).status, 404)
  },
)

leaveToTestAll()

onEitherDatabase(
  'who may change policies and not view users sees how many are stopped, and no names',
  async (t, dialect) => {
    const { server, root, ada } = await companyOf(t, dialect)
    await createRole(server.operator(), { name: 'officer', description: '', permissions: ['policy:write'] })
    const pia = await newcomer(root, 'pia', { role: 'officer' })
    const { id, subject } = await rowOf(ada)
    await root.asks('PUT', `/policies/all/exemptions/${id}`, {
      reason: 'Waits for a phone',
      ends_at: toRfc3339(server.clock.now() + days(9)),
    })
    await server.doorward.db.updateTable('policy_version').set({ created_by: subject }).execute()
    const browser = await signedInBrowser(pia)
    const page = await browser.page('/admin/policies/all')
    assert.match(page.main.text, /3 of 5 ready.*To see the names of users/s)
    const values = { name: 'Staff', whom: 'role:user', second_factor: 'required', start: 'now' }
    const preview = await browser.pageAfter('/admin/policies/new', values, 200)
    assert.match(preview.main.text, /2 users still have something to set up.*To see the names of users/s)
    for (const { main } of [page, preview]) assert.doesNotMatch(main.text, /\b(?:ada|ben|cleo)\b/)
    assert.deepEqual(page.main.linksTo(/plan|exemptions/), [])
    await pia.signsIn()
    const proposed = { scope: 'everyone', second_factor: 'required' }
    for (const reply of [
      await pia.asks('GET', '/policies/all/plan'),
      await pia.asks('POST', '/policies/plan', proposed),
      await pia.asks('GET', '/policies/all/exemptions'),
      await pia.asks('PUT', '/policies/all/exemptions/1', {
        reason: 'None',
        ends_at: toRfc3339(server.clock.now() + 1),
      }),
    ])
      assert.deepEqual(refusalIn(reply), [403, 'access.insufficient_permissions'])
    for (const path of ['', '/all', '/all/progress']) {
      const read = await pia.asks('GET', `/policies${path}`)
      assert.deepEqual([read.status, /ada|ben|cleo/.test(read.raw.body)], [200, false], path)
    }
    assert.match((await root.asks('GET', '/policies/all')).raw.body, /"created_by":"ada"/)
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

onEitherDatabase('who has no email is counted where the policy is planned, and on its pages', async (t, dialect) => {
  const { root, server, deadline } = await companyOf(t, dialect)
  const browser = await signedInBrowser(root)
  const sentence = /1 of them has no email, so reminders don’t reach them/
  const values = { name: 'Staff', whom: 'role:user', second_factor: 'required' }
  const later = { ...values, start: 'later', day: toRfc3339(deadline).slice(0, 10), time: '08:00' }
  for (const page of [
    await browser.page('/admin/policies/all'),
    await browser.page('/admin/policies/all/plan'),
    await browser.pageAfter('/admin/policies/new', later, 200),
  ])
    assert.match(page.main.text, sentence)
  const [, row] = (await browser.page('/admin/policies/all/plan')).table().rows
  assert.match(String(row), /cleo.*No email/)
  for (const part of ['state=joining', 'permissions=with'])
    assert.doesNotMatch((await browser.page(`/admin/policies/all/plan?${part}`)).main.text, sentence, 'all are counted')
  // Nobody is reminded of what is in force at once.
  const now = await browser.pageAfter('/admin/policies/new', { ...values, start: 'now' }, 200)
  assert.doesNotMatch(now.main.text, /no email/)
  server.clock.pass(days(20))
  await root.signsIn()
  assert.equal((await root.asks('GET', '/policies/all/plan')).body['without_email'], 0)
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
  'a reminder names the page Security, which asks to sign in and then leads back',
  async (t, dialect) => {
    const { server, news, mails } = await companyOf(t, dialect)
    await news()
    const pages = mails.filter(({ subject }) => /Richten Sie/.test(subject)).flatMap(linksIn)
    assert.deepEqual(pages, ['/account/security'])
    const visitor = new Visitor(server)
    assertLeadsTo(await visitor.open(pages[0] ?? ''), '/sign-in?next=%2Faccount%2Fsecurity')
    const fields = { username: 'ben', password: PASSWORD }
    assertLeadsTo(await visitor.submit('/sign-in?next=%2Faccount%2Fsecurity', fields), '/account/security')
  },
)

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
  assert.equal(given.body['second_factor'], 'optional')
  assert.deepEqual(await readsPlan(root), ['cleo no-second-factor stopped'])
  assert.deepEqual(await news(), [])
  const list = await root.asks('GET', '/policies/all/exemptions')
  assert.deepEqual(
    (list.body['items'] as Record<string, unknown>[]).map((item) => [item['username'], item['second_factor']]),
    [['ben', 'optional']],
  )
  const own = await root.asks('PUT', `/policies/all/exemptions/${(await rowOf(root)).id}`, { reason, ends_at: until })
  assert.equal(refusalIn(own)[1], 'policy.own_exemption')
  assert.equal((await root.asks('DELETE', url)).status, 204)
  assert.equal((await root.asks('DELETE', url)).status, 404)
  assert.deepEqual(await readsPlan(root), ['ben no-second-factor stopped', 'cleo no-second-factor stopped'])
})

onEitherDatabase(
  'who is exempt signs in as before the roll-out, and where a second step was always required, with one',
  async (t, dialect) => {
    const { server, root, deadline } = await companyOf(t, dialect)
    const { id } = await rowOf({ server, username: 'ben' })
    const end = deadline + days(5)
    await root.asks('PUT', `/policies/all/exemptions/${id}`, { reason, ends_at: toRfc3339(end) })
    server.clock.pass(days(20))
    const signsIn = async (): Promise<unknown> =>
      (await ask(server, 'POST', '/attempts', { payload: { username: 'ben', password: PASSWORD } })).body['stage']
    assert.equal(await signsIn(), 'complete')
    assert.equal((await root.signsIn()).token !== undefined, true)
    assert.equal((await root.asks('GET', '/policies/all/plan')).body['second_factor_while_exempt'], 'optional')
    await server.doorward.db.deleteFrom('policy_version').where('version', '=', 1).execute()
    assert.equal(await signsIn(), 'enrolment', 'the default of the configuration holds')
    assert.deepEqual(await readsPlan(root), [
      'ben no-second-factor already-stopped',
      'cleo no-second-factor already-stopped',
    ])
    assert.equal((await root.asks('GET', '/policies/all/plan')).body['second_factor_while_exempt'], 'required')
    const [item] = (await root.asks('GET', '/policies/all/exemptions')).body['items'] as Record<string, unknown>[]
    assert.equal(item?.['second_factor'], 'required')
  },
)

onEitherDatabase('an exemption that changes nothing is refused with what the user needs', async (t, dialect) => {
  const { server, root, ada, deadline } = await companyOf(t, dialect)
  const { db } = server.doorward
  const ids = await Promise.all(
    ['ben', 'pia'].map(async (username) => {
      if (username === 'pia') await newcomer(root, 'pia')
      return (await rowOf({ server, username })).id
    }),
  )
  const exempts = async (id: number, ends: number): Promise<unknown[]> => {
    const { status, body } = await root.asks('PUT', `/policies/all/exemptions/${id}`, {
      reason,
      ends_at: toRfc3339(ends),
    })
    return [status, body['code'], body['second_factor'], body['detail']]
  }
  const [ben = 0, pia = 0] = ids
  assert.deepEqual(await exempts(ben, deadline), [
    409,
    'policy.exemption_useless',
    'optional',
    'This exemption would change nothing: until it ends, the user doesn’t need a second step anyway.',
  ])
  await db.updateTable('users').set({ role: 'admin' }).where('id', '=', pia).execute()
  assert.deepEqual(await exempts(pia, deadline + days(9)), [
    409,
    'policy.exemption_useless',
    'required',
    'This exemption would change nothing: the user would still need a second step.',
  ])
  assert.deepEqual((await root.asks('GET', '/policies/all/exemptions')).body['items'], [])
  await db.deleteFrom('policy_version').where('version', '=', 1).execute()
  const browser = await signedInBrowser(root)
  const path = '/admin/policies/all/exemptions/new'
  const form = await browser.page(path)
  assert.match(form.main.text, /Users you exempt still need a second step\./)
  const refused = await browser.submit(path, {
    user: ada.username,
    reason,
    ends_on: toRfc3339(deadline + days(9)).slice(0, 10),
  })
  assert.equal(refused.statusCode, 409)
  assert.match(parsePage(refused.body).text, /This exemption would change nothing: the user would still need a second/)
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
    const [account, security] = [await before.page('/account'), await before.page('/account/security')]
    assert.match(account.text, /You need a second step from \d+ \w+ \d{4}\. Set one up now\. Go to Security/)
    assert.equal(account.link('Go to Security'), '/account/security')
    assert.match(security.text, /You need a second step from \d+ \w+ \d{4}\. Set one up now\. Ways to sign in/)
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
  assert.match(plan.text, /Users you exempt don’t need a second step, unless another policy asks for one/)
  assert.deepEqual(
    plan.table().rows.map((row) => row.slice(0, 3)),
    [
      ['ben', 'No second step', 'Not ready'],
      ['cleo', 'No second step', 'Not ready No email'],
    ],
  )
  assert.equal(plan.main.link('all'), '/admin/policies/all')
  // Filters that find no one, or all, are left out.
  assert.deepEqual(plan.main.linksTo(/plan\?/), [])
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
  const done = await visitor.submit(`${path}/new`, {
    user: 'ben',
    reason,
    ends_on: toRfc3339(deadline + days(1)).slice(0, 10),
  })
  assert.equal(done.headers.location, `${path}?done=exempted`)
  const list = parsePage((await visitor.open(path)).body)
  assert.deepEqual([list.table().rows[0]?.[0], list.table().rows[0]?.[2]], [`ben ${reason}`, 'Not needed'])
  assert.match(list.table().rows[0]?.[1] ?? '', /^\w{3}, \d+ \w{3} \d{4}, /, 'a day, not a number of months')
  await visitor.submit(`${path}/${id}/end`, {})
  assert.match(parsePage((await visitor.open(path)).body).text, /No exemptions Use this while/)
})

onEitherDatabase(
  'whoever sets up an app when only passkeys become allowed is led to the passkey',
  async (t, dialect) => {
    const settings = { support_contact: 'help@example.org' }
    const { server, root } = await startWithAdmin(t, { dialect, settings })
    const { db } = server.doorward
    await root.asks('POST', '/users', { username: 'ben', password: PASSWORD })
    const visitor = new Visitor(server)
    assertLeadsTo(await visitor.submit('/sign-in', { username: 'ben', password: PASSWORD }), '/enrolment')
    const app = authenticatorOn(await visitor.page('/enrolment/app'))
    await storePolicyVersion(db, { id: 'all', secondFactor: 'phishing-resistant' })
    const code = app.code(server.clock.now())
    assertLeadsTo(await visitor.submit('/enrolment/app', { code }), '/enrolment/passkey')
    const { main } = await visitor.page('/enrolment/passkey')
    assert.match(
      main.text,
      /required a passkey since .* ask an admin of Doorward\. Help with signing in Contact: help@example\.org/s,
    )
  },
)

onEitherDatabase(
  'the page of a policy shows who is ready, names who is not with their faces, and when reminders go out',
  async (t, dialect) => {
    const { server, root, news } = await companyOf(t, dialect)
    const browser = await signedInBrowser(root)
    await news()
    const page = await browser.page('/admin/policies/all')
    const rollout = page.region('Rollout')
    assert.match(
      rollout.text,
      /2 of 4 ready.*ben No second step Exempt – ben.*cleo No second step · No email Exempt – cleo/s,
    )
    assert.equal(rollout.count('.avatar'), 2)
    assert.match(rollout.text, /Reminders by email Sent \d+ \w+ \d{4}/)
    assert.equal(rollout.count('.chart'), 0, 'a chart of five users')
    assert.equal(page.region('History').count('details:not([open])'), 1)
    assert.doesNotMatch(page.main.text, /Plan/)
    for (const below of ['/rename', '/change', '/end', '/versions/2/cancel'])
      assert.equal(page.linksTo(`/admin/policies/all${below}`).length, 1, below)
    server.clock.pass(days(21))
    await root.signsIn()
    const later = await signedInBrowser(root)
    assert.doesNotMatch((await later.page('/admin/policies/all')).main.text, /Reminders/)
  },
)
