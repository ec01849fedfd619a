// What a help desk does for people without permissions, and what it never gets to see.
import assert from 'node:assert/strict'

import { listEvents } from '#domain/audit/audit.service.ts'
import { days, hours, minutes, toRfc3339 } from '#foundation/kernel/time.ts'
import { unlockUser } from '#use-cases/administration/credentials/credentials.service.ts'
import { createRole } from '#use-cases/administration/roles/roles.service.ts'
import { onEachDatabase, onEitherDatabase } from '../support/databases/each-database.ts'
import {
  ADA_EMAIL,
  linkTo,
  type MailedPeople,
  newMails,
  startWithMail,
  tokenOf,
} from '../support/mail/mailed-people.ts'
import { signedInBrowser } from '../support/pages/page-answers.ts'
import { apiTokenOf, asksWith } from '../support/people/api-tokens.ts'
import { ask, newcomer, type Person, type Reply } from '../support/people/people.ts'
import { verifyEmail } from '../support/people/reset-links.ts'
import { opensAttempt, provesSecondStep } from '../support/people/second-factors.ts'
import { storePolicyVersion } from '../support/policies/stored-policies.ts'
import { fieldErrorsIn, idOf, itemsOf, refusalIn } from '../support/requests/replies.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'

interface Desk extends MailedPeople {
  /** Has the permissions `users:read` and `users:help`. */
  readonly hal: Person
  /** The path of ada. */
  readonly path: string
}

type Test = Parameters<typeof startWithMail>[0]

async function startWithDesk(t: Test, dialect: 'sqlite' | 'postgres'): Promise<Desk> {
  const people = await startWithMail(t, { dialect })
  const permissions = ['users:read', 'users:help'] as const
  await createRole(people.server.operator(), { name: 'desk', description: '', permissions })
  const hal = await (await newcomer(people.root, 'hal', { role: 'desk' })).signsIn()
  return { ...people, hal, path: `/users/${await idOf(people.ada)}` }
}

/** Asserts success, and that the answer holds no link but one of these pages. */
function done({ status, body, raw }: Reply, ...pages: readonly string[]): Record<string, unknown> {
  assert.ok(status < 300, raw.body)
  const links = [...raw.body.matchAll(/(\/[\w-]+)\/dwl_/g)].map(([, page]) => page)
  assert.deepEqual(links, pages)
  return body
}

onEachDatabase('the help desk mails a link to a new password, which nobody else sees', async (t, dialect) => {
  const desk = await startWithDesk(t, dialect)
  const { server, hal, root, path } = desk
  assert.deepEqual(refusalIn(await hal.asks('POST', `${path}/password-link`)), [409, 'help.unverified_email'])
  await verifyEmail(server, 'ada')
  const [mail, ...others] = await newMails(desk, ADA_EMAIL, async () => {
    const sent = done(await hal.asks('POST', `${path}/password-link`))
    assert.deepEqual(sent, { mailed_to: ADA_EMAIL, expires_at: toRfc3339(server.clock.now() + minutes(30)) })
  })
  assert.ok(mail && others.length === 0)
  assert.match(mail.text, /Sent by hal/)
  const link = linkTo('/password-reset', [mail])
  const payload = { token: tokenOf(link), password: 'a kettle full of stars' }
  const changed = await ask(server, 'POST', '/password-resets/complete', { payload })
  assert.equal(changed.body['stage'], 'second-factor', changed.raw.body)
  const events = itemsOf(await root.asks('GET', '/audit-events?action=password_link.mailed'))
  const actors = events.map(({ actor, result }) => [(actor as { username: string }).username, result])
  assert.deepEqual(actors, [
    ['hal', 'done'],
    ['hal', 'refused'],
  ])
})

leaveToTestAll()

onEitherDatabase('the help desk mails at most three links to a new password within an hour', async (t, dialect) => {
  const { server, hal, path } = await startWithDesk(t, dialect)
  await verifyEmail(server, 'ada')
  for (let sent = 0; sent < 3; sent++) done(await hal.asks('POST', `${path}/password-link`))
  assert.deepEqual(refusalIn(await hal.asks('POST', `${path}/password-link`)), [429, 'help.mail_limit'])
  server.clock.pass(hours(1))
  await hal.signsIn()
  done(await hal.asks('POST', `${path}/password-link`))
})

onEitherDatabase('the help desk does not reset password and second step one after the other', async (t, dialect) => {
  const { server, hal, root, path } = await startWithDesk(t, dialect)
  await verifyEmail(server, 'ada')
  const reset = { reason: 'Lost phone' }
  const both = await hal.asks('POST', `${path}/reset-second-factor`, { ...reset, reset_password: true })
  assert.deepEqual(refusalIn(both), [403, 'access.insufficient_permissions'])

  done(await hal.asks('POST', `${path}/password-link`))
  const late = await hal.asks('POST', `${path}/reset-second-factor`, reset)
  assert.deepEqual(refusalIn(late), [403, 'help.both_resets'])
  server.clock.pass(minutes(31))
  await hal.signsIn()
  // A link that a stranger asked for is no reason.
  await ask(server, 'POST', '/password-resets', { payload: { login: 'ada' } })
  // The link after a reset asks for the password, so it may be read out.
  done(await hal.asks('POST', `${path}/reset-second-factor`, reset), '/enrolment-link')
  assert.deepEqual(refusalIn(await hal.asks('POST', `${path}/password-link`)), [403, 'help.both_resets'])
  await root.signsIn()
  done(await root.asks('POST', `${path}/password-link`))
})

onEitherDatabase(
  'after a link to a new password was used, the help desk resets no second step until the user has signed in',
  async (t, dialect) => {
    const desk = await startWithDesk(t, dialect)
    const { server, hal, ada, path } = desk
    await verifyEmail(server, 'ada')
    server.clock.pass(minutes(1))
    const mails = await newMails(desk, ADA_EMAIL, async () => done(await hal.asks('POST', `${path}/password-link`)))
    const password = 'a kettle full of stars'
    const payload = { token: tokenOf(linkTo('/password-reset', mails)), password }
    assert.equal((await ask(server, 'POST', '/password-resets/complete', { payload })).status, 200)
    const reset = () => hal.asks('POST', `${path}/reset-second-factor`, { reason: 'Lost phone' })
    assert.deepEqual(refusalIn(await reset()), [403, 'help.both_resets'])
    // Neither does the end of the link make it possible.
    server.clock.pass(days(7))
    await hal.signsIn()
    assert.deepEqual(refusalIn(await reset()), [403, 'help.both_resets'])
    ada.password = password
    await ada.signsIn()
    done(await reset(), '/enrolment-link')
  },
)

onEitherDatabase(
  'a user without a second step gets no link to a new password from the help desk, and the page says so',
  async (t, dialect) => {
    const { server, hal, root, path } = await startWithDesk(t, dialect)
    await verifyEmail(server, 'ada')
    // Where the user is disabled, the reset makes no enrolment link.
    done(await root.asks('POST', `${path}/disable`))
    done(await hal.asks('POST', `${path}/reset-second-factor`, { reason: 'Lost phone' }))
    done(await root.asks('POST', `${path}/enable`))
    assert.equal((await hal.asks('GET', `${path}/help`)).body['password_to'], null)
    assert.deepEqual(refusalIn(await hal.asks('POST', `${path}/password-link`)), [403, 'help.both_resets'])
    await root.signsIn()
    const { body } = await root.asks('GET', `${path}/help`)
    assert.equal(body['password_to'], 'ada@example.org')
  },
)

onEitherDatabase('an invitation is sent again to the address that it went to, and to no other', async (t, dialect) => {
  const desk = await startWithDesk(t, dialect)
  const { hal, root } = desk
  const grace = 'grace@example.org'
  const invited = { username: 'grace', email: grace, delivery: 'mail' }
  const first = await newMails(desk, grace, () => root.asks('POST', '/users', invited))
  const { items } = (await root.asks('GET', '/users?q=grace')).body as { items: readonly { id: number }[] }
  const path = `/users/${items[0]?.id}`
  const again = await newMails(desk, grace, async () => {
    const { invitation } = done(await hal.asks('POST', `${path}/invitation/again`))
    assert.deepEqual({ ...(invitation as object), expires_at: '' }, { url: null, mailed_to: grace, expires_at: '' })
  })
  assert.notEqual(linkTo('/invitation', again), linkTo('/invitation', first))
  await root.asks('PATCH', path, { email: 'hopper@example.org' })
  assert.deepEqual(refusalIn(await hal.asks('POST', `${path}/invitation/again`)), [409, 'help.not_mailed'])
  // One whose link an admin was shown.
  const shown = await root.asks('POST', '/users', { username: 'frida', email: 'frida@example.org' })
  const ofFrida = await hal.asks('POST', `/users/${String(shown.body['id'])}/invitation/again`)
  assert.deepEqual(refusalIn(ofFrida), [409, 'help.not_mailed'])
  assert.equal((await hal.asks('POST', `${path}/invitation`)).status, 403)
})

onEitherDatabase(
  'a reset for a user who has not joined is refused, keeps the invitation, and says to send it again',
  async (t, dialect) => {
    const desk = await startWithDesk(t, dialect)
    const { server, hal, root } = desk
    const permissions = ['users:read', 'users:reset-factors'] as const
    await createRole(server.operator(), { name: 'resetter', description: '', permissions })
    const rita = await (await newcomer(root, 'rita', { role: 'resetter' })).signsIn()
    const grace = 'grace@example.org'
    const mails = await newMails(desk, grace, () =>
      root.asks('POST', '/users', { username: 'grace', email: grace, delivery: 'mail' }),
    )
    const path = `/users/${String(itemsOf(await root.asks('GET', '/users?q=grace'))[0]?.['id'])}`
    const wish = { reason: 'Lost phone' }
    for (const admin of [hal, rita, root])
      assert.deepEqual(refusalIn(await admin.asks('POST', `${path}/reset-second-factor`, wish)), [
        409,
        'user.not_joined',
      ])
    const both = await root.asks('POST', `${path}/reset-second-factor`, { ...wish, reset_password: true })
    assert.deepEqual(refusalIn(both), [409, 'user.not_joined'])
    const browser = await signedInBrowser(hal)
    const page = await browser.page(`/admin${path}/reset-second-step`, 409)
    assert.match(page.text, /no second step to reset\. Send the invitation again instead/)
    assert.deepEqual(page.main.linksTo(`/admin${path}/help`), ['Help'])
    const ofRoot = await (await signedInBrowser(root)).page(`/admin${path}/reset-second-step`, 409)
    assert.deepEqual(ofRoot.main.linksTo(`/admin${path}/invitation`), ['Create invitation'])
    // The desk can send it again, and the link of the first mail has worked until then.
    const payload = { token: tokenOf(linkTo('/invitation', mails)), password: 'a kettle full of stars' }
    assert.equal((await ask(server, 'POST', '/invitations/accept', { payload })).status, 200)
    done(await hal.asks('POST', `${path}/invitation/again`))
    // The same holds after both resets, whose invitation waits too.
    const ofAda = `${desk.path}/reset-second-factor`
    await root.signsIn()
    done(await root.asks('POST', ofAda, { ...wish, reset_password: true }), '/invitation')
    assert.deepEqual(refusalIn(await hal.asks('POST', ofAda, wish)), [409, 'user.not_joined'])
  },
)

onEitherDatabase('a user is sent at most three invitations within an hour, whoever sends them', async (t, dialect) => {
  const { server, hal, root } = await startWithDesk(t, dialect)
  const invited = { username: 'grace', email: 'grace@example.org', delivery: 'mail' }
  const id = String((await root.asks('POST', '/users', invited)).body['id'])
  const again = () => hal.asks('POST', `/users/${id}/invitation/again`)
  const byAdmin = (delivery: string) => root.asks('POST', `/users/${id}/invitation`, { delivery })
  done(await again())
  done(await byAdmin('mail'))
  server.clock.pass(minutes(30))
  for (const refused of [await again(), await byAdmin('mail')]) {
    assert.deepEqual(refusalIn(refused), [429, 'help.mail_limit'])
    assert.equal(refused.raw.headers['retry-after'], '1800')
  }
  const browser = await signedInBrowser(hal)
  const page = await browser.pageAfter(`/admin/users/${id}/invitation/again`, {}, 429)
  assert.match(page.text, /three times in a short while\. You can do it again in 30 minutes\./)
  const ofRoot = await signedInBrowser(root)
  const wish = { delivery: 'mail', expires_in: '86400' }
  assert.match((await ofRoot.pageAfter(`/admin/users/${id}/invitation`, wish, 429)).text, /again in 30 minutes/)
  // Three went out, and the last of them works. A link that is shown sends nothing.
  const sent = server.doorward.db.selectFrom('outbox').select('id').where('template', '=', 'invitation')
  assert.equal((await sent.execute()).length, 3)
  done(await byAdmin('link'), '/invitation')
  server.clock.pass(minutes(30))
  done(await byAdmin('mail'))
})

onEitherDatabase('a user is unlocked at most three times within an hour', async (t, dialect) => {
  const { server, hal, root, path } = await startWithDesk(t, dialect)
  const guesses = () => ask(server, 'POST', '/attempts', { payload: { username: 'ada', password: 'wrong' } })
  for (let times = 0; times < 3; times++) {
    await guesses()
    assert.deepEqual(done(await hal.asks('POST', `${path}/unlock`)), { opened: 1 })
  }
  await guesses()
  for (const admin of [hal, root])
    assert.deepEqual(refusalIn(await admin.asks('POST', `${path}/unlock`)), [429, 'help.mail_limit'])
  const refused = await listEvents(server.operator(), { action: 'throttle.unblocked', result: 'refused', limit: 9 })
  assert.deepEqual(
    refused.items.map(({ reason }) => reason),
    ['mail_limit', 'mail_limit'],
  )
  // The operator is not held up by those who have used the limit up.
  assert.equal(await unlockUser(server.operator(), { id: Number(path.split('/').at(-1)) }), 1)
  await guesses()
  server.clock.pass(hours(1))
  await hal.signsIn()
  assert.deepEqual(done(await hal.asks('POST', `${path}/unlock`)), { opened: 1 })
})

onEitherDatabase('a second step is reset at most three times within an hour', async (t, dialect) => {
  const { server, hal, path } = await startWithDesk(t, dialect)
  const reset = () => hal.asks('POST', `${path}/reset-second-factor`, { reason: 'Lost phone' })
  for (let times = 0; times < 3; times++) done(await reset(), '/enrolment-link')
  assert.deepEqual(refusalIn(await reset()), [429, 'help.mail_limit'])
  server.clock.pass(hours(1))
  await hal.signsIn()
  done(await reset(), '/enrolment-link')
})

onEitherDatabase('who has joined and removed the second step again waits for no invitation', async (t, dialect) => {
  const { server, root } = await startWithMail(t, { dialect, settings: { second_factor: 'optional' } })
  const eve = await newcomer(root, 'eve')
  server.clock.pass(minutes(1))
  await eve.signsIn()
  const path = `/users/${await idOf(eve)}`
  const { body } = await eve.asks('GET', '/users/me/factors')
  const [app] = body['totp'] as readonly { id: string }[]
  assert.equal((await eve.asks('DELETE', `/users/me/totp/${app?.id}`)).status, 200)
  const page = await (await signedInBrowser(root)).page(`/admin${path}`)
  assert.doesNotMatch(page.part('invitation').text, /no longer works/)
  await root.signsIn()
  done(await root.asks('POST', `${path}/reset-second-factor`, { reason: 'Stolen bag' }), '/enrolment-link')
})

onEitherDatabase('the help desk unlocks and explains a refusal of that user, who is told', async (t, dialect) => {
  const desk = await startWithDesk(t, dialect)
  const { server, hal, root, path } = desk
  const wrong = await ask(server, 'POST', '/attempts', { payload: { username: 'ada', password: 'wrong' } })
  const reference = String(wrong.body['refusal'])
  const found = done(await hal.asks('GET', `${path}/refusals/${reference}`))
  assert.deepEqual([found['reason'], found['meant']], ['wrong_password', 'user'])
  const stranger = await ask(server, 'POST', '/attempts', { payload: { username: 'nobody', password: 'wrong' } })
  // An admin who is refused at ada's account is no refusal of ada.
  await hal.asks('DELETE', path)
  const ofOthers = [String(stranger.body['refusal']), 'none']
  const refusedAct = await hal.asks('POST', `${path}/reset-second-factor`, { reason: 'x', reset_password: true })
  ofOthers.push(String(refusedAct.body['refusal']))
  for (const other of ofOthers)
    assert.deepEqual(refusalIn(await hal.asks('GET', `${path}/refusals/${other}`)), [404, 'audit_event.not_found'])
  assert.equal((await hal.asks('GET', `/refusals/${reference}`)).status, 403)
  const [mail, ...more] = await newMails(desk, ADA_EMAIL, async () => {
    assert.deepEqual(done(await hal.asks('POST', `${path}/unlock`)), { opened: 1 })
    assert.deepEqual(done(await hal.asks('POST', `${path}/unlock`)), { opened: 0 })
  })
  assert.deepEqual([mail?.subject, more.length], ['Doorward: Sign-in unlocked', 0])
  assert.match(mail?.text ?? '', /Changed by: hal\n/)
  const privileged = await hal.asks('POST', `/users/${await idOf(hal)}/unlock`)
  assert.deepEqual(refusalIn(privileged), [403, 'role.beyond_help'])
  assert.deepEqual(refusalIn(await hal.asks('POST', `/users/${await idOf(root)}/unlock`)), [403, 'role.beyond_own'])
})

onEachDatabase('the help desk exempts once in 90 days, for 14 days, where the policy lets it', async (t, dialect) => {
  const desk = await startWithDesk(t, dialect)
  const { server, hal, root, ada, path } = desk
  const strict = { name: 'Users', scope: 'role', scope_ref: 'user', second_factor: 'phishing-resistant' }
  const { id } = done(await root.asks('POST', '/policies', strict))
  const wanted = (span: number) => ({
    policy_id: id,
    reason: 'The security key comes on Monday',
    ends_at: toRfc3339(server.clock.now() + days(span)),
  })
  const exempts = (span: number) => hal.asks('POST', `${path}/exemptions`, wanted(span))
  assert.deepEqual(refusalIn(await exempts(3)), [403, 'help.policy_forbids'])
  const version = done(
    await root.asks('POST', `/policies/${String(id)}/versions`, {
      second_factor: 'phishing-resistant',
      helpers_may_exempt: true,
    }),
  )
  assert.deepEqual(
    (version['versions'] as { helpers_may_exempt: boolean }[]).map((one) => one.helpers_may_exempt),
    [false, true],
  )
  const added = itemsOf(await root.asks('GET', '/audit-events?action=policy.version_added'))
  assert.deepEqual(
    added.map(({ details }) => (details as Record<string, unknown>)['helpers_may_exempt']),
    [true],
  )
  assert.deepEqual(fieldErrorsIn(await exempts(15)), ['/ends_at exemption.help_too_far'])
  const [mail] = await newMails(desk, ADA_EMAIL, async () => {
    assert.equal(done(await exempts(14))['second_factor'], 'required')
  })
  assert.equal(mail?.subject, 'Doorward: Exempted from a policy')
  assert.ok(await opensAttempt(ada), 'ada signs in with the app')
  assert.deepEqual(refusalIn(await exempts(3)), [409, 'help.exempted_recently'])
  const help = done(await hal.asks('GET', `${path}/help`))
  assert.equal(help['next_exemption_at'], toRfc3339(server.clock.now() + days(90)))

  server.clock.pass(days(90))
  await hal.signsIn()
  await root.signsIn()
  assert.equal(done(await hal.asks('GET', `${path}/help`))['next_exemption_at'], null)
  // An admin exempted ada for longer: the help desk does not shorten that.
  const { reason, ends_at } = wanted(100)
  const longer = await root.asks('PUT', `/policies/${String(id)}/exemptions/${path.split('/').at(-1)}`, {
    reason,
    ends_at,
  })
  done(longer)
  assert.deepEqual(refusalIn(await exempts(3)), [409, 'help.exempt_already'])
  // What was refused does not count as an exemption.
  done(await root.asks('DELETE', `/policies/${String(id)}/exemptions/${path.split('/').at(-1)}`))
  done(await exempts(3))
})

const KEYS = { id: 'keys', name: 'Keys', scope: 'role', scopeRef: 'user' } as const

/** Whether the app of ada is enough to sign in. */
async function isAppEnough({ server, ada }: Desk): Promise<boolean> {
  const attempt = await opensAttempt(ada)
  const reply = await provesSecondStep(server, attempt, ['totp', ada.code()])
  assert.equal(reply.status, 200, reply.raw.body)
  return reply.body['stage'] === 'complete'
}

/** Whether the plan of the policy names ada. */
async function isPlanned({ root }: Desk): Promise<boolean> {
  const reply = await root.asks('GET', '/policies/keys/plan')
  assert.equal(reply.status, 200, reply.raw.body)
  return JSON.stringify(itemsOf(reply)).includes('"ada"')
}

onEachDatabase(
  'an exemption of the help desk counts from the deadline of the version that lets it exempt users',
  async (t, dialect) => {
    const desk = await startWithDesk(t, dialect)
    const { server, hal, root, path } = desk
    const deadline = server.clock.now() + days(20)
    await storePolicyVersion(server.doorward.db, { ...KEYS, reauthentication: minutes(5) })
    const planned = { ...KEYS, secondFactor: 'phishing-resistant', helpersMayExempt: true } as const
    await storePolicyVersion(server.doorward.db, { ...planned, version: 2, from: deadline })
    const help = async () => done(await hal.asks('GET', `${path}/help`))['policies']
    const exempts = (endsAt: number) => {
      const wanted = { policy_id: 'keys', reason: 'New key on Monday', ends_at: toRfc3339(endsAt) }
      return hal.asks('POST', `${path}/exemptions`, wanted)
    }
    // An exemption would end before the deadline.
    assert.deepEqual(await help(), [])
    assert.deepEqual(refusalIn(await exempts(deadline - days(7))), [403, 'help.policy_forbids'])
    server.clock.pass(days(10))
    await hal.signsIn()
    const shown = { id: 'keys', name: 'Keys', exempt_until: null, counts_from: toRfc3339(deadline) }
    assert.deepEqual(await help(), [shown])
    const page = await (await signedInBrowser(hal)).page(`/admin${path}/help`)
    assert.match(page.region('Help').text, /Exempt from “Keys” Counts from the deadline on .+ 20\d\d/)
    // The version in force does not let the help desk exempt users, so an end before the deadline changes nothing.
    assert.deepEqual(refusalIn(await exempts(deadline)), [409, 'policy.exemption_useless'])
    const given = done(await exempts(deadline + days(4)))
    assert.deepEqual([given['by_help'], given['second_factor']], [true, 'required'])
    await root.signsIn()
    assert.equal(await isPlanned(desk), false)
    server.clock.pass(days(11))
    assert.equal(await isAppEnough(desk), true)
    server.clock.pass(days(4))
    assert.equal(await isAppEnough(desk), false)
  },
)

onEachDatabase(
  'an exemption of the help desk ends with the version that lets it exempt users, and that of an admin does not',
  async (t, dialect) => {
    const desk = await startWithDesk(t, dialect)
    const { server, hal, root, path } = desk
    const deadline = server.clock.now() + days(5)
    const terms = { secondFactor: 'phishing-resistant', helpersMayExempt: true } as const
    await storePolicyVersion(server.doorward.db, { ...KEYS, ...terms })
    const planned = { ...KEYS, ...terms, helpersMayExempt: false, version: 2, from: deadline }
    await storePolicyVersion(server.doorward.db, planned)
    const exemption = { reason: 'New key on Monday', ends_at: toRfc3339(server.clock.now() + days(14)) }
    done(await hal.asks('POST', `${path}/exemptions`, { policy_id: 'keys', ...exemption }))
    assert.deepEqual([await isAppEnough(desk), await isPlanned(desk)], [true, true])
    server.clock.pass(days(5))
    await root.signsIn()
    assert.deepEqual([await isAppEnough(desk), await isPlanned(desk)], [false, true])
    const given = await root.asks('PUT', `/policies/keys/exemptions/${path.split('/').at(-1)}`, exemption)
    assert.equal(done(given)['by_help'], false)
    server.clock.pass(minutes(1))
    assert.deepEqual([await isAppEnough(desk), await isPlanned(desk)], [true, false])
  },
)

onEitherDatabase(
  'users:write opens what users:help opens, and a token of the help desk its part',
  async (t, dialect) => {
    const { server, hal, root, path } = await startWithDesk(t, dialect)
    await verifyEmail(server, 'ada')
    const permissions = ['users:read', 'users:write'] as const
    await createRole(server.operator(), { name: 'clerk', description: '', permissions })
    const cleo = await (await newcomer(root, 'cleo', { role: 'clerk' })).signsIn()
    done(await cleo.asks('POST', `${path}/unlock`))
    done(await cleo.asks('POST', `${path}/password-link`))
    done(await cleo.asks('GET', `${path}/help`))
    done(await cleo.asks('POST', `${path}/reset-second-factor`, { reason: 'Lost phone' }), '/enrolment-link')
    const ofHal = await cleo.asks('POST', `/users/${await idOf(hal)}/reset-second-factor`, { reason: 'Lost phone' })
    assert.deepEqual(refusalIn(ofHal), [403, 'role.beyond_help'])

    const token = await apiTokenOf(cleo, ['users:write', 'users:read'])
    done(await asksWith(server, token, 'POST', `${path}/unlock`))
    const desk = await apiTokenOf(hal, ['users:help', 'users:read'])
    done(await asksWith(server, desk, 'POST', `${path}/unlock`))
    const reset = await asksWith(server, desk, 'POST', `${path}/reset-second-factor`)
    assert.deepEqual(refusalIn(reset), [403, 'access.session_required'])
  },
)

onEitherDatabase('the page of a user has the help desk do its work, and shows no link', async (t, dialect) => {
  const desk = await startWithDesk(t, dialect)
  const { server, hal, root, path } = desk
  await verifyEmail(server, 'ada')
  const terms = { scope: 'role', scopeRef: 'user', secondFactor: 'phishing-resistant', helpersMayExempt: true } as const
  await storePolicyVersion(server.doorward.db, { id: 'keys', name: 'Keys', ...terms })
  const browser = await signedInBrowser(hal)
  const here = `/admin${path}`
  const page = await browser.page(`${here}/help`)
  assert.match(page.region('Help').text, /Emails a link to ada@example\.org.*Exempt from “Keys”/s)
  const sent = await browser.submit(`${here}/password-link`, {})
  assert.equal(sent.headers.location, `${here}/help?done=password-link`)
  assert.ok(!sent.body.includes('dwl_'))
  const empty = await browser.pageAfter(`${here}/exempt/keys`, { reason: '', days: '14' }, 422)
  assert.match(empty.alert().text, /Reason/)
  const exempted = await browser.submit(`${here}/exempt/keys`, { reason: 'New key on Monday', days: '14' })
  assert.equal(exempted.headers.location, `${here}/help?done=exempted`)
  assert.match((await browser.page(`${here}/help`)).region('Help').text, /Exempt until \w{3}, \d+ \w{3} \d{4}, /)
  await storePolicyVersion(server.doorward.db, { id: 'all', name: 'All', scope: 'everyone', helpersMayExempt: true })
  assert.match(
    (await browser.page(`${here}/help`)).region('Help').text,
    /exempt them again from \w{3}, \d+ \w{3} \d{4}, /,
  )
  const wrong = await ask(server, 'POST', '/attempts', { payload: { username: 'ada', password: 'wrong' } })
  const why = await browser.page(`${here}/refusal?reference=${String(wrong.body['refusal'])}`)
  assert.match(why.main.text, /Why ada was refused/)
  assert.match((await browser.page(`${here}/refusal?reference=none`, 404)).main.text, /No refusal of this user/)
  const ofRoot = await browser.page(`/admin/users/${await idOf(root)}`)
  assert.ok(!ofRoot.main.text.includes('Emails a link to'))
  assert.deepEqual(ofRoot.main.actions(), [])
})

onEitherDatabase('the page says why something cannot be done for the user now', async (t, dialect) => {
  const { server, hal, root, path } = await startWithDesk(t, dialect)
  const browser = await signedInBrowser(hal)
  const here = `/admin${path}`
  const helpText = async () => (await browser.page(`${here}/help`)).region('Help').text
  const facts = (await browser.page(here)).region('Details').text
  assert.match(facts, /ada@example\.org\s*Not verified/)
  assert.doesNotMatch(facts, /optional/, 'nothing is typed here')
  assert.match(await helpText(), /no verified email/)
  await verifyEmail(server, 'ada')
  assert.match((await browser.page(here)).region('Details').text, /ada@example\.org\s*Verified/)
  assert.doesNotMatch(await helpText(), /no verified email/)
  done(await root.asks('POST', `${path}/disable`))
  assert.match(await helpText(), /disabled or has expired/)
  const invited = done(
    await root.asks('POST', '/users', { username: 'frida', email: 'frida@example.org', delivery: 'mail' }),
  )
  const ofFrida = `/users/${String(invited['id'])}`
  assert.match(
    (await browser.page(`/admin${ofFrida}/help`)).region('Help').text,
    /Sends a new one to frida@example\.org/,
  )
  done(await root.asks('POST', `${ofFrida}/disable`))
  const shutOut = (await browser.page(`/admin${ofFrida}/help`)).region('Help').text
  assert.doesNotMatch(shutOut, /wasn’t emailed/)
  assert.equal(shutOut.match(/disabled or has expired/g)?.length, 2)
})

onEitherDatabase('an exemption announces a mail only where one is sent', async (t, dialect) => {
  const { server, hal, root, path } = await startWithDesk(t, dialect)
  const terms = { scope: 'role', scopeRef: 'user', secondFactor: 'phishing-resistant', helpersMayExempt: true } as const
  await storePolicyVersion(server.doorward.db, { id: 'keys', name: 'Keys', ...terms })
  const browser = await signedInBrowser(hal)
  const question = async () => (await browser.page(`/admin${path}/exempt/keys`)).main.text
  assert.match(await question(), /For the chosen duration.*We’ll tell them by email/s)
  done(await root.asks('PATCH', path, { email: null }))
  assert.doesNotMatch(await question(), /by email/)
})
