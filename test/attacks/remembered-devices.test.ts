// Threat: a remembered device opens more than the account of its user, in its browser, beside the password: a stolen cookie, one of another
// user, a secret that was used, an outdated policy or credential, another transport, or a session that passes for one of two factors.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import { sessionRules } from '#domain/policies/evaluation/session-rules.service.ts'
import { resolveSession } from '#domain/sessions/session.service.ts'
import { findUserByName, updateUser } from '#domain/users/user.service.ts'
import { inTransaction } from '#foundation/context.ts'
import { days, hours, minutes, seconds } from '#foundation/kernel/time.ts'
import type { Dialect } from '#foundation/platform/database/dialect.ts'
import { Authenticator } from '../../clients/test/src/codes.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { runJobsAtAnyTime } from '../support/jobs.ts'
import { ADA_EMAIL, newMails, startWithMail } from '../support/mail/mailed-people.ts'
import { signedInBrowser } from '../support/pages/page-answers.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { peopled, WRONG } from '../support/people/password-guesses.ts'
import { ask, newcomer, PASSWORD, type Person, postForm } from '../support/people/people.ts'
import {
  afterPassword,
  COOKIE,
  letDevicesBeRemembered,
  rememberedBrowser,
  skipsSecondStep,
  withCookieOf,
} from '../support/people/remembered-devices.ts'
import { givePasskey, opensAttempt, provesSecondStep, rowOf } from '../support/people/second-factors.ts'
import { confirmsPasskey } from '../support/people/sign-in-routes.ts'
import { storePolicyVersion } from '../support/policies/stored-policies.ts'
import { callRoute, guardedRoutes } from '../support/requests/live-routes.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'
import type { Server } from '../support/server/start.ts'

const STEP = '/sign-in/second-step'

/** Ada and Bob, under a policy that lets devices be remembered for thirty days. */
async function remembering(t: TestContext, dialect: Dialect) {
  const people = await peopled(t, { dialect })
  await letDevicesBeRemembered(people.server, days(30))
  return people
}

function eventsOf({ doorward: { db } }: Server, action: string) {
  return db.selectFrom('audit_event').select(['target', 'details']).where('action', '=', action).execute()
}

onEitherDatabase(
  'the cookie without the password opens nothing, and a wrong password reveals nothing about it',
  async (t, dialect) => {
    const { server, ada } = await remembering(t, dialect)
    const laptop = await rememberedBrowser(ada)
    const thief = withCookieOf(laptop, server)
    assert.equal((await thief.open('/account')).statusCode, 303)
    const without = new Visitor(server)
    const refused = async (visitor: Visitor, username: string): Promise<unknown[]> => {
      const answer = await visitor.submit('/sign-in', { username, password: WRONG })
      return [answer.statusCode, answer.cookies.length, Object.keys(answer.headers).toSorted().join()]
    }
    assert.deepEqual(await refused(thief, 'ada'), await refused(without, 'ada'))
    assert.deepEqual(await refused(thief, 'nobody'), await refused(without, 'nobody'))
    assert.ok(await skipsSecondStep(laptop, ada), 'a wrong password has ended the device')
  },
)

leaveToTestAll()

onEitherDatabase('the cookie of another user skips nothing, and stays valid for its own', async (t, dialect) => {
  const { server, ada, bob } = await remembering(t, dialect)
  const laptop = await rememberedBrowser(ada)
  assert.equal(await skipsSecondStep(withCookieOf(laptop, server), bob), false)
  assert.deepEqual(await eventsOf(server, 'device.replayed'), [])
  assert.ok(await skipsSecondStep(laptop, ada))
})

onEitherDatabase('a secret that was replaced opens nothing, ends the device and is recorded', async (t, dialect) => {
  const { server, ada } = await remembering(t, dialect)
  const laptop = await rememberedBrowser(ada)
  const thief = withCookieOf(laptop, server)
  const before = laptop.cookies.get(COOKIE)
  assert.ok(await skipsSecondStep(laptop, ada))
  assert.notEqual(laptop.cookies.get(COOKIE), before, 'the secret was not replaced')
  assert.equal(await skipsSecondStep(thief, ada), false)
  const { subject } = await rowOf(ada)
  const recorded = await eventsOf(server, 'device.replayed')
  assert.deepEqual(
    recorded.map(({ target }) => target),
    [subject],
  )
  assert.equal(await skipsSecondStep(laptop, ada), false, 'the device outlives the replay')
  assert.equal((await eventsOf(server, 'device.replayed')).length, 1)
})

onEitherDatabase(
  'the form of one page that is sent twice skips the second step both times, and the device stays',
  async (t, dialect) => {
    const { server, ada } = await remembering(t, dialect)
    const laptop = await rememberedBrowser(ada)
    const { username, password } = ada
    const sessions = async (): Promise<number> =>
      (await server.doorward.db.selectFrom('session').select('id').where('transport', '=', 'cookie').execute()).length
    laptop.cookies.delete('session')
    await laptop.page('/sign-in')
    const before = [laptop.cookies.get(COOKIE) ?? '', await sessions()] as const
    const [one, two] = await laptop.submitTwice('/sign-in', { username, password })
    for (const answer of [one, two]) assert.equal(answer?.headers.location, '/account')
    // A proxy that sends the request again a moment later, with the cookies of then.
    const after = laptop.cookies.get(COOKIE) ?? ''
    laptop.cookies.set(COOKIE, before[0])
    laptop.cookies.delete('session')
    server.clock.pass(seconds(29))
    assert.equal((await laptop.submit('/sign-in', { username, password })).headers.location, '/account')
    assert.equal(laptop.cookies.get(COOKIE), after, 'another secret was given')
    assert.equal((await laptop.open('/account')).statusCode, 200)
    assert.equal(await sessions(), before[1] + 1, 'one form has begun several sessions')
    assert.deepEqual(await eventsOf(server, 'device.replayed'), [])
    assert.ok(await skipsSecondStep(laptop, ada), 'the device has ended')
  },
)

onEitherDatabase('a copied cookie does not get the answer of the page of its owner', async (t, dialect) => {
  const { server, ada } = await remembering(t, dialect)
  const laptop = await rememberedBrowser(ada)
  const thief = withCookieOf(laptop, server)
  const { username, password } = ada
  for (const browser of [laptop, thief]) {
    browser.cookies.delete('session')
    await browser.page('/sign-in')
  }
  assert.equal((await laptop.submit('/sign-in', { username, password })).headers.location, '/account')
  assert.equal((await thief.submit('/sign-in', { username, password })).headers.location, STEP)
  assert.equal((await eventsOf(server, 'device.replayed')).length, 1)
})

onEitherDatabase(
  'a replay is told to the user by one mail, with the link for those who did not do it',
  async (t, dialect) => {
    const people = await startWithMail(t, { dialect })
    const { server, ada } = people
    await letDevicesBeRemembered(server, days(30))
    const laptop = await rememberedBrowser(ada)
    const [thief, another] = [withCookieOf(laptop, server), withCookieOf(laptop, server)]
    assert.deepEqual(await newMails(people, ADA_EMAIL, () => skipsSecondStep(laptop, ada)), [])
    const mails = await newMails(people, ADA_EMAIL, async () => {
      assert.equal(await skipsSecondStep(thief, ada), false)
      assert.equal(await skipsSecondStep(another, ada), false)
    })
    assert.deepEqual(
      mails.map(({ subject }) => subject),
      ['Doorward: Trusted device removed'],
    )
    const { text = '' } = mails[0] ?? {}
    assert.match(text, /old copy of a trusted device’s cookie/)
    assert.ok(!text.includes('dwr_'))
    const link = /\/not-me\/dwl_[\w-]+/.exec(text)?.[0] ?? assert.fail(text)
    assert.equal((await laptop.open('/account')).statusCode, 200)
    assert.equal((await new Visitor(server).submit(link, {})).statusCode, 200)
    assert.equal((await laptop.open('/account')).statusCode, 303, 'the session of who signed in first is not over')
  },
)

onEitherDatabase(
  'no other value of the cookie is accepted: those of other cookies, forged and cut ones',
  async (t, dialect) => {
    const { server, ada } = await remembering(t, dialect)
    const laptop = await rememberedBrowser(ada)
    const value = laptop.cookies.get(COOKIE) ?? ''
    const [id = '', token = ''] = value.split('.')
    const { token_hash: hash } = await server.doorward.db
      .selectFrom('remembered_device')
      .select('token_hash')
      .executeTakeFirstOrThrow()
    const session = laptop.cookies.get('session') ?? ''
    const others = [
      session,
      laptop.cookies.get('device') ?? '',
      token,
      id,
      `${id}.`,
      `${id}.${hash}`,
      `${id}.${session}`,
    ]
    for (const other of others) {
      const visitor = new Visitor(server)
      visitor.cookies.set(COOKIE, other)
      assert.equal(await skipsSecondStep(visitor, ada), false, other)
    }
    assert.ok(await skipsSecondStep(laptop, ada))
    const limiter = new Visitor(server)
    limiter.cookies.set('device', laptop.cookies.get(COOKIE) ?? '')
    assert.equal(await skipsSecondStep(limiter, ada), false)
    const kept = limiter.cookies.get('device')
    assert.equal(kept, laptop.cookies.get(COOKIE), 'the cookie was taken for that of the limiter')
  },
)

/** What ends the devices of a user, by what is done in the name of. */
const ENDS: Readonly<Record<string, (scene: { root: Person; ada: Person; server: Server }) => Promise<unknown>>> = {
  'the own password is changed': async ({ ada }) => {
    const next = 'four rather calm words'
    await succeeds(ada.asks('PUT', '/users/me/password', { current: ada.password, new: next }))
    ada.password = next
  },
  'an authenticator app is added': async ({ ada, server }) => {
    const begun = await ada.asks('POST', '/users/me/totp', { name: 'Second' })
    const code = new Authenticator(String(begun.body['secret'])).code(server.clock.now())
    await succeeds(ada.asks('POST', `/users/me/totp/${String(begun.body['id'])}/confirm`, { code }))
  },
  'recovery codes are made': ({ ada }) => succeeds(ada.asks('POST', '/users/me/recovery-codes')),
  'the user signs other devices out': ({ ada }) => succeeds(ada.asks('DELETE', '/users/me/sessions')),
  'an admin signs the user out': async ({ root, ada }) =>
    succeeds(root.asks('POST', `/users/${(await rowOf(ada)).id}/sign-out`)),
  'an admin disables and enables the user': async ({ root, ada }) => {
    const { id } = await rowOf(ada)
    await succeeds(root.asks('POST', `/users/${id}/disable`))
    await succeeds(root.asks('POST', `/users/${id}/enable`))
  },
  'an admin forgets the devices': async ({ root, ada }) =>
    succeeds(root.asks('DELETE', `/users/${(await rowOf(ada)).id}/remembered-devices`)),
  'the credential epoch is raised, as by a report that it was not the user': async ({ ada, server }) => {
    const user = await rowOf(ada)
    await inTransaction(server.operator(), (tx) => updateUser(tx, user, {}, { bumpEpoch: true }))
  },
}

async function succeeds(reply: Promise<{ status: number; raw: { body: string } }>): Promise<void> {
  const { status, raw } = await reply
  assert.ok(status < 300, raw.body)
}

onEitherDatabase('a device ends with each change of credentials and each sign-out everywhere', async (t, dialect) => {
  const { server, root, ada } = await remembering(t, dialect)
  for (const [what, end] of Object.entries(ENDS)) {
    const laptop = await rememberedBrowser(ada)
    assert.ok(await skipsSecondStep(laptop, ada), `before: ${what}`)
    await ada.signsIn()
    await root.signsIn()
    await end({ server, root, ada })
    assert.equal(await skipsSecondStep(laptop, ada), false, what)
  }
  const laptop = await rememberedBrowser(ada)
  await succeeds(root.asks('POST', `/users/${(await rowOf(ada)).id}/reset-second-factor`, { reason: 'lost the phone' }))
  assert.equal(await afterPassword(laptop, ada), '/enrolment')
})

onEitherDatabase('a device and a mailed link end when a policy has led to another factor', async (t, dialect) => {
  const { server, ada } = await remembering(t, dialect)
  const { db } = server.doorward
  const laptop = await rememberedBrowser(ada)
  const before = await rowOf(ada)
  const asking = { id: 'passkeys', scope: 'role', scopeRef: 'user', from: server.clock.now() } as const
  await storePolicyVersion(db, { ...asking, secondFactor: 'phishing-resistant' })
  server.clock.pass(minutes(1))
  const stopped = await provesSecondStep(server, await opensAttempt(ada), ['totp', ada.code()])
  assert.equal(stopped.body['stage'], 'enrolment', stopped.raw.body)
  const enrolled = await confirmsPasskey({ server }, String(stopped.body['attempt']))
  assert.equal(enrolled.body['stage'], 'complete', enrolled.raw.body)
  await storePolicyVersion(db, { ...asking, version: 2, isEnd: true, from: server.clock.now() })
  assert.equal(await skipsSecondStep(laptop, ada), false)
  assert.ok((await rowOf(ada)).credentialEpoch > before.credentialEpoch, 'links of the epoch before are valid')
})

onEitherDatabase('a policy that is shortened, ended or tightened is judged at the next use', async (t, dialect) => {
  const { server, ada } = await remembering(t, dialect)
  const laptop = await rememberedBrowser(ada)
  server.clock.pass(days(8))
  assert.ok(await skipsSecondStep(laptop, ada))
  await letDevicesBeRemembered(server, days(7))
  assert.equal(await skipsSecondStep(laptop, ada), false, 'the device is older than the policy allows now')
  for (const [rememberFor, terms] of [
    [0, {}],
    [days(30), { factors: ['passkey'] }],
    [days(30), { isEnd: true }],
  ] as const) {
    server.clock.pass(minutes(1))
    await letDevicesBeRemembered(server, days(30))
    const next = await rememberedBrowser(ada)
    server.clock.pass(minutes(1))
    await letDevicesBeRemembered(server, rememberFor, terms)
    assert.equal(await skipsSecondStep(next, ada), false)
  }
})

onEitherDatabase(
  'a device of before a stricter policy stays forgotten when the policy is loosened again, used meanwhile or not',
  async (t, dialect) => {
    const { server, ada } = await remembering(t, dialect)
    const stricter = [
      [0, {}],
      [days(30), { factors: ['passkey'] }],
      [days(30), { secondFactor: 'phishing-resistant' }],
      [days(30), { isEnd: true }],
      [hours(1), {}],
    ] as const
    for (const [rememberFor, terms] of stricter) {
      const laptop = await rememberedBrowser(ada)
      server.clock.pass(hours(2))
      assert.ok(await skipsSecondStep(laptop, ada))
      await letDevicesBeRemembered(server, rememberFor, terms)
      server.clock.pass(minutes(1))
      await letDevicesBeRemembered(server, days(30))
      const what = JSON.stringify([rememberFor, terms])
      await ada.signsIn()
      assert.deepEqual((await ada.asks('GET', '/users/me/remembered-devices')).body, { items: [] }, what)
      assert.equal(await skipsSecondStep(laptop, ada), false, what)
      assert.deepEqual(await eventsOf(server, 'device.replayed'), [], what)
    }
    assert.ok(await skipsSecondStep(await rememberedBrowser(ada), ada))
  },
)

onEitherDatabase('no device of a user with a permission is remembered, nor after a promotion', async (t, dialect) => {
  const { server, root, ada } = await remembering(t, dialect)
  const desk = new Visitor(server)
  await afterPassword(desk, root)
  assert.doesNotMatch((await desk.page(STEP)).text, /Skip this step/)
  await desk.submit(STEP, { code: root.code(), remember: 'yes' })
  assert.deepEqual([desk.cookies.has('session'), desk.cookies.has(COOKIE)], [true, false])
  const laptop = await rememberedBrowser(ada)
  await root.signsIn()
  await succeeds(root.asks('PATCH', `/users/${(await rowOf(ada)).id}`, { role: 'admin' }))
  assert.equal(await skipsSecondStep(laptop, ada), false)
  // The same without the change of the epoch, as a row that another program has written.
  const { db } = server.doorward
  const { subject, credentialEpoch } = await rowOf(ada)
  await db
    .updateTable('remembered_device')
    .set({ epoch: credentialEpoch, revoked_at: null })
    .where('subject', '=', subject)
    .execute()
  assert.equal(await skipsSecondStep(laptop, ada), false)
})

onEitherDatabase(
  'a user who is shut out or must review the account gets the second step as any other',
  async (t, dialect) => {
    const { server, ada } = await remembering(t, dialect)
    const { db } = server.doorward
    const shutOut = [{ disabled: 1 }, { expires_at: server.clock.now() }, { review_required_at: server.clock.now() }]
    for (const change of shutOut) {
      const laptop = await rememberedBrowser(ada)
      const { subject } = await rowOf(ada)
      await db.updateTable('users').set(change).where('subject', '=', subject).execute()
      assert.equal(await skipsSecondStep(laptop, ada), false, Object.keys(change).join())
      const back = { disabled: 0, expires_at: null, review_required_at: null }
      await db.updateTable('users').set(back).where('subject', '=', subject).execute()
      assert.ok(await skipsSecondStep(laptop, ada), 'the device did not outlive what was not its end')
    }
  },
)

onEitherDatabase('no JSON route and no bearer token is given or accepts a remembered device', async (t, dialect) => {
  const { server, ada } = await remembering(t, dialect)
  const laptop = await rememberedBrowser(ada)
  const headers = { cookie: `${COOKIE}=${laptop.cookies.get(COOKIE)}` }
  const payload = { username: 'ada', password: PASSWORD }
  const begun = await ask(server, 'POST', '/attempts', { payload, headers })
  assert.deepEqual([begun.status, begun.body['stage']], [200, 'second-factor'])
  const proof = { attempt: begun.body['attempt'], kind: 'totp', proof: ada.code(), remember: true }
  const proven = await ask(server, 'POST', '/attempts/second-factor', { payload: proof })
  assert.equal(proven.raw.headers['set-cookie'], undefined)
  assert.equal((await postForm(server, '/token', payload, headers)).status, 401)
  const token = laptop.cookies.get(COOKIE) ?? ''
  for (const given of [token, token.split('.')[1] ?? ''])
    assert.equal((await ask(server, 'GET', '/users/me', { headers: { authorization: `Bearer ${given}` } })).status, 401)
  assert.ok(await skipsSecondStep(laptop, ada))
  assert.equal((await server.doorward.db.selectFrom('remembered_device').selectAll().execute()).length, 1)
})

onEitherDatabase('a session on a remembered device is not enough for any sensitive action', async (t, dialect) => {
  const { server, ada } = await remembering(t, dialect)
  const laptop = await rememberedBrowser(ada)
  assert.ok(await skipsSecondStep(laptop, ada))
  const cookie = `session=${laptop.cookies.get('session')}`
  let asked = 0
  for (const route of await guardedRoutes(server)) {
    const { access, authentication, page } = route.config
    if (authentication !== 'recent') continue
    const answer = await callRoute(server, route, { cookie })
    const where = `${route.method} ${route.url}`
    if (access !== 'signed-in') {
      assert.equal(answer.statusCode, 403, where)
    } else if (page === true) {
      assert.match(String(answer.headers.location), /^\/confirm\?/, where)
    } else {
      const { code } = answer.json<{ code: string }>()
      assert.deepEqual([answer.statusCode, code], [401, 'access.stronger_authentication_required'], where)
    }
    asked += 1
  }
  assert.ok(asked > 20, `only ${asked} routes were asked`)
  const change = { current: PASSWORD, new: 'four rather calm words' }
  const headers = { cookie, 'sec-fetch-site': 'same-origin' }
  const refused = await ask(server, 'PUT', '/users/me/password', { payload: change, headers })
  assert.equal(refused.body['code'], 'access.stronger_authentication_required')
  const whole = { username: 'ada', email: null, full_name: null, password: 'four rather calm words' }
  const replaced = await ask(server, 'PUT', '/users/me', { payload: whole, headers })
  assert.equal(replaced.body['code'], 'access.stronger_authentication_required')
  assert.ok(await skipsSecondStep(laptop, ada), 'the password was changed')
})

onEitherDatabase(
  'a recovery code and a passkey are not weakened: their budget and their level stay',
  async (t, dialect) => {
    const { server, ada } = await remembering(t, dialect)
    await givePasskey(ada)
    const laptop = await rememberedBrowser(ada)
    assert.ok(await skipsSecondStep(laptop, ada))
    const token = laptop.cookies.get('session') ?? ''
    const ctx = server.operator()
    const found = await resolveSession(ctx, { token, transport: 'cookie' }, sessionRules(ctx))
    assert.deepEqual(found?.session.methods, ['password', 'remembered-device'])
    const page = await laptop.page('/confirm?next=%2Faccount%2Fdelete')
    assert.match(page.text, /passkey/i, 'less than the strongest factor is asked for')
  },
)

onEitherDatabase('a sign-in that is remembered resets no count of wrong codes', async (t, dialect) => {
  const { server, ada } = await remembering(t, dialect)
  const laptop = await rememberedBrowser(ada)
  const thief = new Visitor(server)
  await afterPassword(thief, ada)
  for (let guessed = 0; guessed < 3; guessed++) await thief.submit(STEP, { code: 'abcdef' })
  const failures = async (): Promise<number[]> => {
    const rows = await server.doorward.db
      .selectFrom('throttle_bucket')
      .select('failures')
      .where('key', 'like', 'user:%:code')
      .execute()
    return rows.map((row) => row.failures)
  }
  const before = await failures()
  assert.deepEqual(before, [3])
  assert.ok(await skipsSecondStep(laptop, ada))
  assert.deepEqual(await failures(), before)
})

onEitherDatabase('the secret is stored as a hash, and expired devices are deleted', async (t, dialect) => {
  const { server, ada } = await remembering(t, dialect)
  const laptop = await rememberedBrowser(ada)
  const { db } = server.doorward
  const [row] = await db.selectFrom('remembered_device').selectAll().execute()
  const secret = (laptop.cookies.get(COOKIE) ?? '').split('.')[1] ?? ''
  assert.match(secret, /^dwr_[\w-]{43}$/)
  assert.ok(!JSON.stringify(row).includes(secret))
  assert.equal(row?.expires_at, row && row.created_at + days(30))
  server.clock.pass(days(30) + hours(1) + minutes(1))
  await runJobsAtAnyTime(server.doorward)
  assert.equal((await db.selectFrom('remembered_device').selectAll().execute()).length, 0)
})

onEitherDatabase(
  'a user who is deleted leaves no device, and a user of the same name inherits none',
  async (t, dialect) => {
    const { server, root, ada } = await remembering(t, dialect)
    const laptop = await rememberedBrowser(ada)
    await root.signsIn()
    await succeeds(root.asks('DELETE', `/users/${(await rowOf(ada)).id}`))
    assert.equal((await server.doorward.db.selectFrom('remembered_device').selectAll().execute()).length, 0)
    const again = await newcomer(root, 'ada')
    assert.ok(await findUserByName(server.operator(), 'ada'))
    assert.equal(await skipsSecondStep(laptop, again), false)
    assert.ok(await signedInBrowser(again))
  },
)
