// Threat: a credential that was issued before a change is used after it: an older invitation, a session of a disabled user, an
// unfinished enrolment, the cookie of an earlier sign-in. None of them grants access.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'

import { createUser } from '../../src/use-cases/administration/invitations/new-user.service.ts'
import { listEvents } from '../../src/domain/audit/audit.service.ts'
import { setPassword } from '../../src/use-cases/administration/credentials/credentials.service.ts'
import { openAttempt } from '../../src/domain/attempts/attempt.service.ts'
import { beginEnrolment, confirmEnrolment } from '../../src/domain/attempts/enrolment.service.ts'
import { Refusal } from '../../src/foundation/kernel/refusal.ts'
import { Secret } from '../../src/foundation/kernel/secret.ts'
import { readSetupLink } from '../../src/use-cases/onboarding/setup.service.ts'
import { Authenticator } from '../support/people/authenticator.ts'
import { onEachDatabase, onEitherDatabase } from '../support/databases/each-database.ts'
import { assertLeadsTo, assertSignedOut, signedInBrowser, signsIn } from '../support/pages/page-answers.ts'
import { ask, firstAdmin, newcomer, PASSWORD } from '../support/people/people.ts'
import type { Person } from '../support/people/people.ts'
import { refusalIn } from '../support/requests/replies.ts'
import { rowOf } from '../support/people/second-factors.ts'
import { start } from '../support/server/start.ts'
import type { Server, StartOptions } from '../support/server/start.ts'
import { Visitor } from '../support/pages/visitor.ts'

async function rootOn(t: TestContext, options: StartOptions = {}): Promise<Person> {
  return (await firstAdmin(await start(t, options))).signsIn()
}

function refusedWith(code: string) {
  return (error: unknown) => error instanceof Refusal && error.code === code
}

interface Invited {
  readonly id: number
  readonly token: string
}

async function invites(root: Person, username: string): Promise<Invited> {
  const { body } = await root.asks('POST', '/users', { username })
  const { url } = body['invitation'] as { url: string }
  return { id: Number(body['id']), token: url.split('/').at(-1) ?? '' }
}

async function follows({ server }: Person, token: string): Promise<readonly [status: number, code: unknown]> {
  return refusalIn(await ask(server, 'POST', '/invitations/accept', { payload: { token, password: PASSWORD } }))
}

const CHANGES: Readonly<Record<string, readonly [make: (root: Person, id: number) => Promise<unknown>, code: string]>> =
  {
    'became an admin': [(root, id) => does(root, 'PATCH', `/users/${id}`, { role: 'admin' }), 'link.used'],
    'was given a password': [
      ({ server }, id) => setPassword(server.operator(), { id }, Secret.of('a kettle full of stars')),
      'link.used',
    ],
    'was disabled and enabled': [
      async (root, id) => {
        await does(root, 'POST', `/users/${id}/disable`)
        await does(root, 'POST', `/users/${id}/enable`)
      },
      'link.unknown',
    ],
  }

async function does(root: Person, method: 'POST' | 'PATCH', path: string, payload?: object): Promise<void> {
  const { status, raw } = await root.asks(method, path, payload)
  assert.ok(status < 300, raw.body)
}

for (const [change, [make, code]] of Object.entries(CHANGES)) {
  test(`an invitation from before its owner ${change} opens nothing`, async (t) => {
    const root = await rootOn(t)
    const { id, token } = await invites(root, 'ada')
    await make(root, id)
    assert.deepEqual(await follows(root, token), [404, code])
  })
}

test('an invitation of a user who was disabled in the database is unknown', async (t) => {
  const root = await rootOn(t)
  const { token } = await invites(root, 'ada')
  await disableByHand(root.server, 'ada')
  assert.deepEqual(await follows(root, token), [404, 'link.unknown'])
})

function disableByHand({ doorward: { db } }: Server, username: string) {
  return db.updateTable('users').set({ disabled: 1 }).where('username', '=', username).execute()
}

test('an invitation does not pass the set-up, even where there is no admin yet', async (t) => {
  const server = await start(t)
  const { invitation } = await createUser(server.operator(), { username: 'ada' })
  assert.ok(invitation)
  await assert.rejects(readSetupLink(server.operator(), invitation.token), refusedWith('link.unknown'))
})

onEitherDatabase(
  'a user who is disabled in the database loses cookie and token sessions at once',
  async (t, dialect) => {
    const root = await rootOn(t, { dialect })
    const ada = await (await newcomer(root, 'ada')).signsIn()
    const browser = await signedInBrowser(ada)
    await disableByHand(root.server, 'ada')
    assert.equal((await ada.asks('GET', '/users/me')).status, 401)
    assertSignedOut(await browser.open('/account'))
  },
)

const MEANWHILE: Readonly<Record<string, (root: Person, path: string) => Promise<void>>> = {
  disabled: (root, path) => does(root, 'POST', `${path}/disable`),
  'reset with their password': (root, path) =>
    does(root, 'POST', `${path}/reset-second-factor`, { reason: 'Lost bag', reset_password: true }),
}

for (const [change, make] of Object.entries(MEANWHILE)) {
  onEachDatabase(`a user who is ${change} while their recovery codes are hashed enrols nothing`, async (t, dialect) => {
    const root = await rootOn(t, { dialect })
    const { server } = root
    const { body } = await root.asks('POST', '/users', { username: 'ada', password: PASSWORD })
    const { subject, credentialEpoch: epoch } = await rowOf({ server, username: 'ada' })
    const ctx = server.operator()
    const begins = { purpose: 'sign-in', stage: 'enrolment', subject, epoch, methods: ['password'] } as const
    const { attempt } = await openAttempt(ctx, begins)
    const app = new Authenticator((await beginEnrolment(ctx, attempt)).secret.reveal())
    const [hashing, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const hash = async (secret: Secret): Promise<string> => {
      hashing.resolve()
      await goOn.promise
      return ctx.hasher.hash(secret)
    }
    const code = app.code(server.clock.now())
    const enrolment = confirmEnrolment(
      { ...ctx, hasher: { ...ctx.hasher, hash } },
      { attempt, code, transport: 'bearer' },
    )
    const refused = assert.rejects(enrolment, refusedWith('attempt.ended'))
    await hashing.promise
    await make(root, `/users/${String(body['id'])}`)
    goOn.resolve()
    await refused
    for (const table of ['totp_factor', 'recovery_code', 'session'] as const) {
      const rows = server.doorward.db.selectFrom(table).select('id').where('subject', '=', subject)
      assert.deepEqual(await rows.execute(), [], table)
    }
  })
}

onEitherDatabase('a new sign-in in a browser ends the session that it had', async (t, dialect) => {
  const root = await rootOn(t, { dialect })
  const { server } = root
  const ada = await newcomer(root, 'ada')
  const browser = await signedInBrowser(ada)
  const older = new Visitor(server)
  for (const [name, value] of browser.cookies) older.cookies.set(name, value)
  await signsIn(browser, ada)
  assertSignedOut(await older.open('/account'))
  const { items } = await listEvents(server.operator(), { action: 'session.ended', limit: 9 })
  assert.deepEqual(
    items.map(({ details }) => details?.['by']),
    ['new sign-in'],
  )
})

test('enrolling at a first sign-in revokes the open invitation', async (t) => {
  const root = await rootOn(t)
  const { server } = root
  await root.asks('POST', '/users', { username: 'ada', password: PASSWORD })
  const { body } = await ask(server, 'POST', '/attempts', { payload: { username: 'ada', password: PASSWORD } })
  const attempt = Secret.of(String(body['attempt']))
  const app = new Authenticator((await beginEnrolment(server.operator(), attempt)).secret.reveal())
  const links = () => server.doorward.db.selectFrom('link').select('id').where('consumed_at', 'is', null).execute()
  assert.equal((await links()).length, 1)
  const code = app.code(server.clock.now())
  await confirmEnrolment(server.operator(), { attempt, code, transport: 'bearer' })
  assert.deepEqual(await links(), [])
})

test('signing out also ends a sign-in under way in the same browser', async (t) => {
  const root = await rootOn(t)
  const browser = await signedInBrowser(root)
  assertLeadsTo(await browser.submit('/sign-in', { username: 'root', password: PASSWORD }), '/sign-in/second-step')
  assert.ok(browser.cookies.has('attempt'))
  await browser.submit('/sign-out', {})
  assert.deepEqual([browser.cookies.has('attempt'), browser.cookies.has('session')], [false, false])
})
