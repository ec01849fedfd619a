// People create an account by themselves: by page and by JSON, with and without the approval of an admin.
import assert from 'node:assert/strict'

import { days, hours, minutes } from '#foundation/kernel/time.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { runJobsAtAnyTime } from '../support/jobs.ts'
import { deliverQueuedMails, linksIn, startSmtpServer } from '../support/mail/smtp-server.ts'
import { assertLeadsTo, assertShowsCodes, authenticatorOn, signedInBrowser } from '../support/pages/page-answers.ts'
import { adminScene, stored, visitorScene } from '../support/pages/page-scenes.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { membersIn, newGroup } from '../support/people/groups.ts'
import { ask, newcomer, PASSWORD, type Person, startWithAdmin } from '../support/people/people.ts'
import {
  APPROVAL,
  asksForAccount,
  mailedToken,
  OPEN,
  outboxOf,
  submitsAccount,
  waitingPerson,
} from '../support/people/registrations.ts'
import { verifyEmail } from '../support/people/reset-links.ts'
import { beginsEnrolment, newPhone } from '../support/people/second-factors.ts'
import { storePolicyVersion } from '../support/policies/stored-policies.ts'
import { fieldErrorsIn, itemsOf, refusalIn } from '../support/requests/replies.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { TestClock } from '../support/server/clock.ts'
import { failureIn, outputIn, runner } from '../support/server/command-line.ts'
import { start } from '../support/server/start.ts'

const GRACE = { username: 'grace', full_name: 'Grace Hopper', password: PASSWORD }

onEitherDatabase(
  'a person registers by the mailed link, sets up the second step, and is a user with a confirmed address',
  async (t, dialect) => {
    const smtp = await startSmtpServer(t)
    const settings = { ...smtp.settings, registration: 'open' }
    const { server, visitor } = await visitorScene(t, { dialect, settings })
    assert.equal((await visitor.page('/sign-in')).link('Create an account'), '/register')
    assertLeadsTo(await visitor.submit('/register', { email: 'grace@example.org' }), '/register/sent')
    assert.match((await visitor.page('/register/sent')).text, /Check your email/)
    await deliverQueuedMails(server.doorward)
    const [mail, ...others] = smtp.mails
    assert.ok(mail)
    assert.deepEqual([others, mail.subject], [[], 'Create your account on Doorward'])
    const [path = ''] = linksIn(mail)
    assert.match(path, /^\/registration\/dwl_/)
    const page = await visitor.page(path)
    assert.match(page.text, /You confirmed grace@example\.org/)
    const weak = await visitor.pageAfter(path, { ...GRACE, password: 'short' }, 422)
    assert.deepEqual(
      [weak.field('Username').value, weak.field('Full name (optional)').value],
      ['grace', 'Grace Hopper'],
    )
    assertLeadsTo(await visitor.submit(path, { ...GRACE, time_zone: 'Asia/Tokyo' }), '/enrolment')
    const app = authenticatorOn(await visitor.page('/enrolment/app'))
    assert.equal((await server.doorward.db.selectFrom('users').select('id').execute()).length, 1, 'not created before')
    const done = await visitor.submit('/enrolment/app', { code: app.code(server.clock.now()) })
    assertShowsCodes(done, '/account?done=set-up')
    const { role, email, emailVerifiedAt: verified, timeZone: zone, fullName: name } = await stored(server, 'grace')
    assert.deepEqual(
      [role, email, typeof verified, zone, name],
      ['user', 'grace@example.org', 'number', 'Asia/Tokyo', 'Grace Hopper'],
    )
    await new Visitor(server).page(path, 404)
  },
)

leaveToTestAll()

test('a registration leads to the page that asked for it, where the mailed link is opened in the same browser', async (t) => {
  const { server, visitor } = await visitorScene(t, { settings: OPEN })
  const [asked, next] = ['?next=%2Faccount%2Fsecurity&ui_locales=de', '/account/security']
  assert.equal((await visitor.page(`/sign-in${asked}`)).link('Konto erstellen'), `/register${asked}`)
  const page = await visitor.page(`/register${asked}`)
  assert.deepEqual([page.language, page.linksTo(`/sign-in${asked}`).length], ['de', 1])
  const registers = async (browser: Visitor, email: string, { from = '', opens = browser }) => {
    assertLeadsTo(await browser.submit(`/register${from}`, { email }), `/register/sent${from}`)
    const [mail] = await outboxOf(server, email)
    return opens.submit(new URL(mail?.link ?? '').pathname, { ...GRACE, username: email.split('@', 1)[0] ?? '' })
  }
  const enrolment = '/enrolment?next=%2Faccount%2Fsecurity'
  assertLeadsTo(await registers(visitor, 'grace@example.org', { from: asked }), enrolment)
  const app = authenticatorOn(await visitor.page('/enrolment/app'))
  const code = app.code(server.clock.now())
  assertShowsCodes(await visitor.submit('/enrolment/app?next=%2Faccount%2Fsecurity', { code }), next)
  assert.equal(visitor.cookies.has('registration-next'), false)
  assertLeadsTo(await visitor.open(`/register${asked}`), next)

  const elsewhere = new Visitor(server)
  assertLeadsTo(
    await registers(elsewhere, 'eve@example.org', { from: asked, opens: new Visitor(server) }),
    '/enrolment',
  )
  assert.equal(elsewhere.cookies.get('registration-next'), next)
  assertLeadsTo(await registers(elsewhere, 'mallory@example.org', {}), '/enrolment')
  assert.equal(elsewhere.cookies.has('registration-next'), false, 'a later registration leads nowhere else')
})

test('neither another site nor a long path stays in the browser for the end of a registration', async (t) => {
  const { server, visitor } = await visitorScene(t, { settings: OPEN })
  for (const next of ['https://evil.example', `/${'x'.repeat(1100)}`]) {
    await visitor.submit(`/register?next=${encodeURIComponent(next)}`, { email: 'grace@example.org' })
    assert.equal(visitor.cookies.has('registration-next'), false)
  }
  for (const written of ['%2F%2Fevil.example', '%E0%A4%A', 'https%3A%2F%2Fevil.example']) {
    visitor.cookies.set('registration-next', written)
    const email = `u${written.length}@example.org`
    const token = await mailedToken(server, email)
    const fields = { ...GRACE, username: `u${written.length}` }
    assertLeadsTo(await visitor.submit(`/registration/${token}`, fields), '/enrolment')
  }
})

onEitherDatabase(
  'a known address gets the same answer, and a mail that says that it has an account',
  async (t, dialect) => {
    const { server, root } = await startWithAdmin(t, { dialect, settings: OPEN })
    await newcomer(root, 'ada', { email: 'ada@example.org' })
    const before = (await outboxOf(server)).length
    assert.equal((await asksForAccount(server, 'ADA@example.org')).status, 202)
    const [mail, ...others] = (await outboxOf(server)).slice(before)
    assert.deepEqual([mail?.template, mail?.link, others], ['registration-known', null, []])
  },
)

onEitherDatabase('an address gets at most three mails an hour, known or not', async (t, dialect) => {
  const { server, root } = await startWithAdmin(t, { dialect, settings: OPEN })
  await newcomer(root, 'ada', { email: 'ada@example.org' })
  const mailsTo = async (part: string) =>
    (await outboxOf(server)).filter(
      ({ recipient, template }) => recipient.includes(part) && template.startsWith('registration'),
    ).length
  for (const email of ['ada@example.org', 'eve@example.org']) {
    for (let time = 0; time < 5; time++) assert.equal((await asksForAccount(server, email)).status, 202)
    assert.equal(await mailsTo(email), 3)
    await asksForAccount(server, email.replace('@', '+tag@'))
    server.clock.pass(hours(1))
    await asksForAccount(server, email)
    assert.equal(await mailsTo('+'), 0)
    assert.equal(await mailsTo(email), 4)
  }
  await root.signsIn()
  const refused = itemsOf(await root.asks('GET', '/audit-events?action=registration.requested&result=refused'))
  assert.equal(refused.length, 6)
  assert.ok(refused.every(({ reason }) => reason === 'mail_limit'))
})

onEitherDatabase('an admin approves a registration, whose person signs in from then on', async (t, dialect) => {
  const { server, admin, browser } = await adminScene(t, { dialect, settings: APPROVAL })
  const visitor = new Visitor(server)
  const token = await mailedToken(server, 'grace@example.org')
  assertLeadsTo(await visitor.submit(`/registration/${token}`, GRACE), '/register/waiting')
  assert.match((await visitor.page('/register/waiting')).text, /when an admin decides/)
  const before = await ask(server, 'POST', '/attempts', { payload: { username: 'grace', password: PASSWORD } })
  const nobody = await ask(server, 'POST', '/attempts', { payload: { username: 'nobody', password: PASSWORD } })
  assert.deepEqual([before.status, before.body['code']], [401, 'sign_in.incorrect'])
  assert.equal(nobody.body['code'], 'sign_in.incorrect')
  assert.equal((await browser.page('/admin/users')).link('1 person is waiting for approval'), '/admin/registrations')
  const queue = await browser.page('/admin/registrations')
  assert.match(queue.text, /grace.*grace@example\.org/)
  const path = queue.link('Review – grace')
  assert.match((await browser.page(path)).text, /Grace Hopper.*Approve.*Decline/)
  assertLeadsTo(await browser.submit(`${path}/approve`, {}), '/admin/registrations?done=approved')
  assert.match((await browser.page('/admin/registrations?done=approved')).text, /Approved\. .*No one is waiting/)
  assertLeadsTo(await browser.submit(`${path}/approve`, {}), '/admin/registrations?done=decided')
  const { role, emailVerifiedAt: verified } = await stored(server, 'grace')
  assert.deepEqual([role, typeof verified], ['user', 'number'])
  assert.equal((await outboxOf(server)).at(-1)?.template, 'registration-approved')
  const after = await ask(server, 'POST', '/attempts', { payload: { username: 'grace', password: PASSWORD } })
  assert.deepEqual([after.status, after.body['stage']], [200, 'enrolment'])
  const [event] = itemsOf(await admin.asks('GET', '/audit-events?action=registration.approved'))
  assert.ok(event)
  assert.equal((event['actor'] as { username: string }).username, 'root')
})

onEitherDatabase(
  'an admin declines with a reason, which is mailed; name and address are free again, and nothing typed is kept',
  async (t, dialect) => {
    const { server, root } = await startWithAdmin(t, { dialect, settings: APPROVAL })
    const id = await waitingPerson(server, 'grace', 'grace@example.org')
    const [listed] = itemsOf(await root.asks('GET', '/registrations'))
    assert.deepEqual([listed?.['id'], listed?.['username'], listed?.['email']], [id, 'grace', 'grace@example.org'])
    const decline = (payload: object) => root.asks('POST', `/registrations/${id}/decline`, payload)
    assert.equal((await decline({ reason: ' ' })).status, 422)
    assert.equal((await decline({ reason: 'Only for staff' })).status, 204)
    assert.equal((await decline({ reason: 'Only for staff' })).status, 404)
    const mail = (await outboxOf(server)).at(-1)
    assert.deepEqual(
      [mail?.template, mail?.recipient, mail?.facts['reason']],
      ['registration-declined', 'grace@example.org', 'Only for staff'],
    )
    const row = await server.doorward.db.selectFrom('registration').selectAll().executeTakeFirstOrThrow()
    assert.deepEqual([row.state, row.username, row.hashed_password], ['ended', null, null])
    await waitingPerson(server, 'grace', 'grace@example.org')
  },
)

onEitherDatabase(
  'admins are told of those who wait at most once a day; undecided ones expire after 30 days',
  async (t, dialect) => {
    const { server, root } = await startWithAdmin(t, { dialect, settings: APPROVAL })
    await verifyEmail(server, 'root')
    const notices = async () => (await outboxOf(server)).filter(({ template }) => template === 'registrations-waiting')
    await runJobsAtAnyTime(server.doorward)
    assert.equal((await notices()).length, 0)
    await waitingPerson(server, 'grace', 'grace@example.org')
    for (let time = 0; time < 3; time++) await runJobsAtAnyTime(server.doorward)
    assert.deepEqual(
      (await notices()).map(({ recipient, facts }) => [recipient, facts['count']]),
      [['root@example.org', '1']],
    )
    await waitingPerson(server, 'kim', 'kim@example.org')
    server.clock.pass(hours(23))
    await runJobsAtAnyTime(server.doorward)
    assert.equal((await notices()).length, 1)
    server.clock.pass(hours(1))
    await runJobsAtAnyTime(server.doorward)
    assert.deepEqual((await notices()).at(-1)?.facts['count'], '2')
    server.clock.pass(days(30))
    await root.signsIn()
    assert.deepEqual(itemsOf(await root.asks('GET', '/registrations')), [])
    await runJobsAtAnyTime(server.doorward)
    assert.equal(itemsOf(await root.asks('GET', '/audit-events?action=registration.expired')).length, 2)
    server.clock.pass(days(2))
    await runJobsAtAnyTime(server.doorward)
    assert.deepEqual(await server.doorward.db.selectFrom('registration').select('id').execute(), [])
  },
)

test('registration is off by default: no page, no route and no link', async (t) => {
  const { server, visitor } = await visitorScene(t)
  assert.ok(!(await visitor.page('/sign-in')).links().includes('Create an account'))
  for (const path of ['/register', '/register/sent', '/registration/dwl_none']) await visitor.page(path, 404)
  assert.match((await visitor.pageAfter('/register', { email: 'a@example.org' }, 404)).text, /by invitation only/)
  assert.equal((await asksForAccount(server, 'grace@example.org')).body['code'], 'registration.off')
  assert.equal((await ask(server, 'GET', '/registrations/challenge')).body['code'], 'registration.off')
})

test('registration without mail stops the start with the reason', async (t) => {
  await assert.rejects(start(t, { settings: { registration: 'open' } }), /registration .*mail is off.*mail_host/)
})

test('a link that is old, used or unknown leads to a new one', async (t) => {
  const { server, visitor } = await visitorScene(t, { settings: OPEN })
  const token = await mailedToken(server, 'grace@example.org')
  const unknown = await visitor.page('/registration/dwl_none', 404)
  assert.equal(unknown.link('Get a new link'), '/register')
  server.clock.pass(minutes(59))
  await visitor.page(`/registration/${token}`)
  server.clock.pass(minutes(1))
  assert.match((await visitor.page(`/registration/${token}`, 404)).heading, /expired/)
  assert.equal((await submitsAccount(server, token)).body['code'], 'link.expired')
})

test('the pages and mails of registration speak German to a German browser', async (t) => {
  const { server, visitor } = await visitorScene(t, { settings: OPEN, language: 'de' })
  assert.equal((await visitor.page('/register')).heading, 'Konto erstellen')
  await visitor.submit('/register', { email: 'grace@example.org' })
  const mail = await server.doorward.db.selectFrom('outbox').select('locale').executeTakeFirstOrThrow()
  assert.equal(mail.locale, 'de')
})

onEitherDatabase('the operator lists, approves and declines registrations on the command line', async (t, dialect) => {
  const settings = APPROVAL
  const { server } = await startWithAdmin(t, { dialect, settings, clock: new TestClock(Date.now()) })
  const run = runner(t, server)
  const withMail = (...words: string[]) =>
    run(...words, ...Object.entries(settings).map(([name, value]) => `--${name.replaceAll('_', '-')}=${value}`))
  const id = await waitingPerson(server, 'grace', 'grace@example.org')
  await waitingPerson(server, 'kim', 'kim@example.org')
  const { items } = outputIn(await withMail('user', 'waiting', '--json')) as { items: { username: string }[] }
  assert.deepEqual(
    items.map(({ username }) => username),
    ['grace', 'kim'],
  )
  assert.equal(outputIn(await withMail('user', 'approve', id, '--json'))['username'], 'grace')
  assert.deepEqual(failureIn(await withMail('user', 'approve', 'grace', '--json'))[1], 'registration.not_found')
  assert.equal((await withMail('user', 'decline', 'kim')).code, 2)
  const declined = await withMail('user', 'decline', 'KIM@example.org', '--reason', 'Only for staff')
  assert.equal(declined.code, 0)
  assert.match(declined.stderr, /Declined kim/)
  const decisions = (await outboxOf(server)).filter(({ template }) => template !== 'registration')
  assert.deepEqual(decisions.map(({ template, recipient }) => `${template} ${recipient}`).toSorted(), [
    'registration-approved grace@example.org',
    'registration-declined kim@example.org',
  ])
})

const IN_GROUPS = { registration_groups: 'Members; Choir, Alto; Missing' }

/** Creates the groups of the setting but one, and another; returns their ids. */
async function groupsOf(admin: Person): Promise<string[]> {
  return [await newGroup(admin, 'Members'), await newGroup(admin, 'Choir, Alto'), await newGroup(admin, 'Board')]
}

onEitherDatabase('who registers joins the groups of the setting, and chooses none', async (t, dialect) => {
  const { server, root } = await startWithAdmin(t, { dialect, settings: { ...OPEN, ...IN_GROUPS } })
  const groups = await groupsOf(root)
  const token = await mailedToken(server, 'grace@example.org')
  assert.equal((await submitsAccount(server, token, { groups: ['Board'] })).status, 422)
  const submitted = await submitsAccount(server, token)
  const payload = await beginsEnrolment(server, submitted.body['attempt'])
  assert.equal((await ask(server, 'POST', '/attempts/totp/confirm', { payload })).status, 200)
  assert.deepEqual(await Promise.all(groups.map((id) => membersIn(server, id))), [['grace'], ['grace'], []])
  const { raw } = await root.asks('GET', '/checkup')
  assert.match(raw.body, /People who register should join groups that don’t exist: Missing\./)
})

onEitherDatabase(
  'a registration offers and accepts only what the policies of the groups that it joins allow',
  async (t, dialect) => {
    const settings = { ...OPEN, registration_groups: 'Members; Choir' }
    const { server, root } = await startWithAdmin(t, { dialect, settings })
    const [members, choir] = [await newGroup(root, 'Members'), await newGroup(root, 'Choir')]
    const { db } = server.doorward
    await storePolicyVersion(db, { id: 'choir', scope: 'group', scopeRef: choir, factors: ['passkey'] })
    const visitor = new Visitor(server)
    const path = `/registration/${await mailedToken(server, 'grace@example.org')}`
    assertLeadsTo(await visitor.submit(path, GRACE), '/enrolment')
    assertLeadsTo(await visitor.open('/enrolment'), '/enrolment/passkey')

    const submitted = await submitsAccount(server, await mailedToken(server, 'ada@example.org'), { username: 'ada' })
    const { attempt } = submitted.body
    const app = await ask(server, 'POST', '/attempts/totp', { payload: { attempt } })
    assert.deepEqual(refusalIn(app), [409, 'factor.not_allowed'])
    const options = await ask(server, 'POST', '/attempts/passkeys/options', { payload: { attempt } })
    const response = newPhone(server).register(options.body as never)
    const done = await ask(server, 'POST', '/attempts/passkeys', { payload: { attempt, response } })
    assert.equal(done.body['stage'], 'complete', done.raw.body)
    assert.deepEqual([await membersIn(server, members), await membersIn(server, choir)], [['ada'], ['ada']])
  },
)

onEitherDatabase(
  'an approval puts the user into the groups of the setting, or into those the admin chooses',
  async (t, dialect) => {
    const settings = { ...APPROVAL, ...IN_GROUPS }
    const {
      server,
      admin: root,
      browser,
    } = await adminScene(t, { dialect, settings, clock: new TestClock(Date.now()) })
    const groups = await groupsOf(root)
    const members = () => Promise.all(groups.map((id) => membersIn(server, id)))
    const waits = (name: string) => waitingPerson(server, name, `${name}@example.org`)
    const [ada, bob, cy, di, ed] = [
      await waits('ada'),
      await waits('bob'),
      await waits('cy'),
      await waits('di'),
      await waits('ed'),
    ]
    const approves = (id: string, body?: object, by = root) => by.asks('POST', `/registrations/${id}/approve`, body)
    assert.equal((await approves(ada)).status, 200)
    assert.equal((await approves(bob, { groups: ['board'] })).status, 200)
    assert.deepEqual(await members(), [['ada'], ['ada'], ['bob']])
    const unknown = await approves(cy, { groups: ['Nobody'] })
    assert.deepEqual([unknown.status, fieldErrorsIn(unknown)], [422, ['/groups group.unknown']])
    const page = await browser.page(`/admin/registrations/${cy}`)
    assert.deepEqual(
      ['Members', 'Choir, Alto', 'Board'].map((name) => page.field(name).checked),
      [true, true, false],
    )
    const wrong = await browser.pageAfter(`/admin/registrations/${cy}/approve`, { groups: 'Nobody' }, 422)
    assert.match(wrong.alert().text, /no group with this name/)
    await browser.submit(`/admin/registrations/${cy}/approve`, { groups: 'Board; Members' })
    assert.deepEqual(await members(), [['ada', 'cy'], ['ada'], ['bob', 'cy']])
    // Without groups:write the setting decides, and its groups are shown.
    await root.asks('POST', '/roles', { name: 'desk', permissions: ['users:read', 'users:write'] })
    const desk = await (await newcomer(root, 'desk', { role: 'desk' })).signsIn()
    assert.equal((await approves(di, { groups: [] }, desk)).status, 403)
    assert.match(
      (await (await signedInBrowser(desk)).page(`/admin/registrations/${di}`)).text,
      /Groups Members, Choir, Alto/,
    )
    assert.equal((await approves(di, {}, desk)).status, 200)
    assert.deepEqual(await members(), [
      ['ada', 'cy', 'di'],
      ['ada', 'di'],
      ['bob', 'cy'],
    ])
    const run = runner(t, server)
    await run('user', 'approve', ed, '--group', 'Board', '--registration-groups', IN_GROUPS.registration_groups)
    assert.deepEqual((await members())[2], ['bob', 'cy', 'ed'])
  },
)
