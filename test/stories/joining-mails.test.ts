// What newcomers are notified of by mail: one welcome for all that happens inside a joining, calm words for their next device, alarms for
// the rest.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import { Secret } from '#foundation/kernel/secret.ts'
import { days, hours, minutes } from '#foundation/kernel/time.ts'
import { resetSecondFactor } from '#use-cases/administration/credentials/credentials.service.ts'
import {
  beginEnrolmentFor,
  confirmEnrolmentFor,
} from '#use-cases/administration/invitations/in-person-enrolment.service.ts'
import { beginSetup, issueSetupLink } from '#use-cases/onboarding/setup.service.ts'
import { Authenticator } from '../../clients/test/src/codes.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { runJobsAtAnyTime } from '../support/jobs.ts'
import { linkTo, newMails, reportsNotMe } from '../support/mail/mailed-people.ts'
import { startSmtpServer } from '../support/mail/smtp-server.ts'
import { ask, newcomer, PASSWORD, Person, type Reply, startWithAdmin } from '../support/people/people.ts'
import {
  APPROVAL,
  mailedToken,
  OPEN,
  outboxOf,
  submitsAccount,
  waitingPerson,
} from '../support/people/registrations.ts'
import { verifyEmail } from '../support/people/reset-links.ts'
import { newPhone, opensAttempt, provesSecondStep, rowOf } from '../support/people/second-factors.ts'
import { refusalIn } from '../support/requests/replies.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'
import { type Server, start, type StartOptions } from '../support/server/start.ts'

const BOB = 'bob@example.org'

/** The templates of the mails to an email, oldest first. */
async function templatesTo(server: Server, email = BOB): Promise<string[]> {
  return (await outboxOf(server)).filter(({ recipient }) => recipient === email).map(({ template }) => template)
}

async function scene(t: TestContext, options: StartOptions = {}) {
  return startWithAdmin(t, { ...options, settings: { ...APPROVAL, ...options.settings } })
}

/** Signs in with password and app in another network. */
async function signsInFrom(remoteAddress: string, person: Person): Promise<Reply> {
  const { server, username, password } = person
  const attempt = await opensAttempt({ server, username, password })
  const reply = await provesSecondStep(server, attempt, ['totp', person.code()], { remoteAddress })
  assert.equal(reply.status, 200, reply.raw.body)
  return reply
}

/** Sets up an app in an attempt; returns its user, who is signed in. */
async function enrols(server: Server, attempt: unknown, username: string): Promise<Person> {
  const begun = await ask(server, 'POST', '/attempts/totp', { payload: { attempt } })
  const app = new Authenticator(String(begun.body['secret']))
  const payload = { attempt, code: app.code(server.clock.now()) }
  const done = await ask(server, 'POST', '/attempts/totp/confirm', { payload })
  assert.equal(done.body['stage'], 'complete', done.raw.body)
  server.clock.pass(minutes(1))
  return new Person(server, username, PASSWORD, app)
}

onEitherDatabase(
  'an accepted invitation is told in one welcome, the next device in calm words, and each further one as an alarm',
  async (t, dialect) => {
    const { server, root } = await scene(t, { dialect })
    const bob = await newcomer(root, 'bob', { email: BOB })
    assert.deepEqual(await templatesTo(server), ['notice-joined'])
    const [welcome] = (await outboxOf(server)).filter(({ recipient }) => recipient === BOB)
    assert.match(welcome?.link ?? '', /\/not-me\/dwl_/)
    assert.equal(welcome?.facts['recovery_codes'], '10')
    const phone = await signsInFrom('192.0.2.7', bob)
    assert.equal(phone.body['stage'], 'complete')
    await signsInFrom('192.0.2.7', bob)
    await signsInFrom('198.51.100.7', bob)
    const later = ['notice-first-device', 'notice-new-device']
    assert.deepEqual(await templatesTo(server), ['notice-joined', ...later])
    const links = (await outboxOf(server)).filter(({ recipient }) => recipient === BOB).map(({ link }) => link)
    assert.ok(links.every((link) => link?.includes('/not-me/dwl_')))
  },
)

leaveToTestAll()

onEitherDatabase('the first other device a day after joining is told as an alarm', async (t, dialect) => {
  const { server, root } = await scene(t, { dialect })
  const bob = await newcomer(root, 'bob', { email: BOB })
  server.clock.pass(days(1))
  await signsInFrom('192.0.2.7', bob)
  assert.deepEqual(await templatesTo(server), ['notice-joined', 'notice-new-device'])
})

onEitherDatabase('an invitation that is accepted with a passkey is told in one welcome', async (t, dialect) => {
  const { server, root } = await scene(t, { dialect })
  const { body } = await root.asks('POST', '/users', { username: 'bob', email: BOB })
  const token = new URL((body['invitation'] as { url: string }).url).pathname.split('/').at(-1)
  const accepted = await ask(server, 'POST', '/invitations/accept', { payload: { token, password: PASSWORD } })
  const { attempt } = accepted.body
  const options = await ask(server, 'POST', '/attempts/passkeys/options', { payload: { attempt } })
  const response = newPhone(server).register(options.body as never)
  const done = await ask(server, 'POST', '/attempts/passkeys', { payload: { attempt, response } })
  assert.equal(done.body['stage'], 'complete', done.raw.body)
  assert.deepEqual(await templatesTo(server), ['notice-joined'])
})

onEitherDatabase('a registration is told in one welcome', async (t, dialect) => {
  const server = await start(t, { dialect, settings: OPEN })
  const email = 'grace@example.org'
  const { body } = await submitsAccount(server, await mailedToken(server, email))
  const grace = await enrols(server, body['attempt'], 'grace')
  assert.deepEqual(await templatesTo(server, email), ['registration', 'notice-joined'])
  await signsInFrom('192.0.2.7', grace)
  assert.deepEqual((await templatesTo(server, email)).slice(2), ['notice-first-device'])
})

for (const second_factor of ['required', 'optional'] as const) {
  onEitherDatabase(
    `the first sign-in after an approved registration is told in one welcome (second step ${second_factor})`,
    async (t, dialect) => {
      const { server, root } = await scene(t, { dialect, settings: { second_factor } })
      const email = 'grace@example.org'
      const id = await waitingPerson(server, 'grace', email)
      server.clock.pass(hours(2))
      await root.signsIn()
      assert.equal((await root.asks('POST', `/registrations/${id}/approve`)).status, 200)
      const payload = { username: 'grace', password: PASSWORD }
      const first = await ask(server, 'POST', '/attempts', { payload })
      if (second_factor === 'required') await enrols(server, first.body['attempt'], 'grace')
      else assert.equal(first.body['stage'], 'complete', first.raw.body)
      const sent = (await templatesTo(server, email)).filter((template) => template.startsWith('notice-'))
      assert.deepEqual(sent, ['notice-joined'])
    },
  )
}

onEitherDatabase('the set-up of the server is told in one welcome', async (t, dialect) => {
  const server = await start(t, { dialect, settings: APPROVAL })
  const issued = await issueSetupLink(server.operator())
  assert.ok(issued)
  const names = { username: 'root', email: 'root@example.org', fullName: null }
  const begun = await beginSetup(server.operator(), { ...names, token: issued.token, password: Secret.of(PASSWORD) })
  await enrols(server, begun.attempt.reveal(), 'root')
  assert.deepEqual(await templatesTo(server, 'root@example.org'), ['notice-joined'])
})

onEitherDatabase('an app that the operator sets up in person is told in one welcome', async (t, dialect) => {
  const { server, root } = await scene(t, { dialect })
  assert.equal((await root.asks('POST', '/users', { username: 'bob', email: BOB, password: PASSWORD })).status, 200)
  const user = await rowOf({ server, username: 'bob' })
  const { id, secret } = await beginEnrolmentFor(server.operator(), user)
  const app = new Authenticator(secret.reveal())
  const confirmation = { user, id, code: app.code(server.clock.now()) }
  assert.equal(await confirmEnrolmentFor(server.operator(), confirmation), 'confirmed')
  assert.deepEqual(await templatesTo(server), ['notice-joined'])
  server.clock.pass(minutes(1))
  const attempt = await opensAttempt({ server, username: 'bob', password: PASSWORD })
  await provesSecondStep(server, attempt, ['totp', app.code(server.clock.now())])
  assert.deepEqual(await templatesTo(server), ['notice-joined', 'notice-first-device'])
})

/** What leads to an enrolment that is no joining; returns the attempt. */
const ALARMS: Readonly<Record<string, (server: Server, root: Person) => Promise<[attempt: unknown, sent: string[]]>>> =
  {
    'a policy, at the first sign-in with a password that an admin has set': async (server, root) => {
      await root.asks('POST', '/users', { username: 'bob', email: BOB, password: PASSWORD })
      const { body } = await ask(server, 'POST', '/attempts', { payload: { username: 'bob', password: PASSWORD } })
      return [body['attempt'], []]
    },
    'a policy, at the first sign-in of an imported user whose email was verified before': async (server) => {
      const { db } = server.doorward
      const { hashedPassword } = await rowOf({ server, username: 'root' })
      const [created_at, hashed_password] = [server.clock.now(), hashedPassword?.reveal() ?? '']
      const imported = { username: 'bob', email: BOB, disabled: 0, hashed_password, created_at, email_verified_at: 1 }
      await db.insertInto('users').values(imported).execute()
      const { body } = await ask(server, 'POST', '/attempts', { payload: { username: 'bob', password: PASSWORD } })
      return [body['attempt'], []]
    },
    'a reset of the second step by an admin': async (server, root) => {
      const bob = await newcomer(root, 'bob', { email: BOB })
      await resetSecondFactor(server.operator(), await rowOf(bob), { reason: 'Lost phone.' })
      const { body } = await ask(server, 'POST', '/attempts', { payload: { username: 'bob', password: PASSWORD } })
      return [body['attempt'], ['notice-joined', 'notice-factors-reset']]
    },
    'a reset of both by an admin, whose invitation is accepted': async (server, root) => {
      const bob = await newcomer(root, 'bob', { email: BOB })
      const wish = { reason: 'Lost bag.', resetPassword: true }
      const { invitation } = await resetSecondFactor(server.operator(), await rowOf(bob), wish)
      const payload = { token: invitation?.token.reveal(), password: PASSWORD }
      const { body } = await ask(server, 'POST', '/invitations/accept', { payload })
      return [body['attempt'], ['notice-joined', 'notice-factors-reset']]
    },
    'a forgotten password of an approved registration, before the first sign-in': async (server, root) => {
      const id = await waitingPerson(server, 'bob', BOB)
      server.clock.pass(hours(2))
      await root.signsIn()
      await root.asks('POST', `/registrations/${id}/approve`)
      await ask(server, 'POST', '/password-resets', { payload: { login: 'bob' } })
      const mail = (await outboxOf(server)).findLast(({ template }) => template === 'password-reset')
      const token = mail?.link?.split('/').at(-1)
      const { body } = await ask(server, 'POST', '/password-resets/complete', {
        payload: { token, password: PASSWORD },
      })
      return [body['attempt'], ['notice-password-reset']]
    },
    'a forgotten password of an approved registration, when its notice is deleted': async (server, root) => {
      const id = await waitingPerson(server, 'bob', BOB)
      server.clock.pass(hours(2))
      await root.signsIn()
      await root.asks('POST', `/registrations/${id}/approve`)
      await ask(server, 'POST', '/password-resets', { payload: { login: 'bob' } })
      const mail = (await outboxOf(server)).findLast(({ template }) => template === 'password-reset')
      const password = 'a kettle full of stars'
      const payload = { token: mail?.link?.split('/').at(-1), password }
      assert.equal((await ask(server, 'POST', '/password-resets/complete', { payload })).status, 200)
      server.clock.pass(days(8))
      await runJobsAtAnyTime(server.doorward)
      assert.deepEqual(await server.doorward.db.selectFrom('notice').select('id').execute(), [])
      const { body } = await ask(server, 'POST', '/attempts', { payload: { username: 'bob', password } })
      return [body['attempt'], (await templatesTo(server)).filter((template) => template.startsWith('notice-'))]
    },
  }

for (const [what, leads] of Object.entries(ALARMS)) {
  onEitherDatabase(`an enrolment is told as an added app: ${what}`, async (t, dialect) => {
    const { server, root } = await scene(t, { dialect })
    const [attempt, sent] = await leads(server, root)
    await enrols(server, attempt, 'bob')
    const notices = (await templatesTo(server)).filter((template) => template.startsWith('notice-'))
    assert.deepEqual(notices, [...sent, 'notice-app-added'])
  })
}

onEitherDatabase('a joining that is reported is held for an admin, whatever signs in', async (t, dialect) => {
  const smtp = await startSmtpServer(t)
  const { server, root } = await startWithAdmin(t, { dialect, settings: smtp.settings })
  const joined: Person[] = []
  const mails = await newMails({ server, smtp }, BOB, async () =>
    joined.push(await newcomer(root, 'bob', { email: BOB })),
  )
  assert.deepEqual(
    mails.map(({ subject }) => subject),
    ['Welcome to Doorward'],
  )
  assert.match(mails[0]?.text ?? '', /Sign in at localhost:8000 as bob\..*one of your 10 recovery codes/s)
  const link = linkTo('/not-me', mails)
  const read = await ask(server, 'POST', '/notices/read', { payload: { token: link.split('/').at(-1) } })
  assert.equal(read.body['notice'], 'joined')
  assert.deepEqual((await reportsNotMe(server, link)).body, { lifted_by: 'admin' })
  const [bob] = joined
  assert.ok(bob)
  const held = await signsInFrom('192.0.2.7', bob)
  assert.equal(held.body['stage'], 'review')
  const payload = { attempt: held.body['attempt'], password: 'a kettle full of stars' }
  const refused = await ask(server, 'POST', '/attempts/review', { payload })
  assert.deepEqual(refusalIn(refused), [403, 'account.review_by_admin'])
  await root.signsIn()
  assert.equal((await root.asks('POST', `/users/${(await rowOf(bob)).id}/review/lift`)).status, 200)
  assert.equal((await signsInFrom('192.0.2.7', bob)).body['stage'], 'complete')
})

onEitherDatabase('the report of the calm notice is reviewed by its user', async (t, dialect) => {
  const { server, root } = await scene(t, { dialect })
  const bob = await newcomer(root, 'bob', { email: BOB })
  await verifyEmail(server, 'bob')
  await signsInFrom('192.0.2.7', bob)
  const mail = (await outboxOf(server)).findLast(({ template }) => template === 'notice-first-device')
  const path = new URL(mail?.link ?? '').pathname
  assert.deepEqual((await reportsNotMe(server, path)).body, { lifted_by: 'user' })
  const held = await signsInFrom('192.0.2.7', bob)
  const payload = { attempt: held.body['attempt'], password: 'a kettle full of stars' }
  assert.equal((await ask(server, 'POST', '/attempts/review', { payload })).body['stage'], 'complete')
})
