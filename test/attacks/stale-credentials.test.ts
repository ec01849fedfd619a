// Threat: a credential that was issued before a change is used after it: an older invitation, a session of a disabled user, an
// unfinished enrolment, the cookie of an earlier sign-in. None of them grants access.
import { sql } from 'kysely'
import assert from 'node:assert/strict'

import { openAttempt } from '#domain/attempts/attempt.service.ts'
import { listEvents } from '#domain/audit/audit.service.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { setPassword } from '#use-cases/administration/credentials/credentials.service.ts'
import { createUser } from '#use-cases/administration/invitations/new-user.service.ts'
import { beginEnrolment, confirmEnrolment } from '#use-cases/enrolment/enrolment.service.ts'
import { readSetupLink } from '#use-cases/onboarding/setup.service.ts'
import { Authenticator } from '../../clients/test/src/codes.ts'
import { onEachDatabase, onEitherDatabase } from '../support/databases/each-database.ts'
import { assertLeadsTo, assertSignedOut, signedInBrowser, signsIn } from '../support/pages/page-answers.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { peopled } from '../support/people/password-guesses.ts'
import { ask, PASSWORD, type Person, startWithAdmin } from '../support/people/people.ts'
import { beginsEnrolment, opensAttempt, rowOf } from '../support/people/second-factors.ts'
import { invitationIn, refusalIn } from '../support/requests/replies.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { start } from '../support/server/start.ts'

async function invites(root: Person, username: string): Promise<{ id: number; token: string }> {
  const reply = await root.asks('POST', '/users', { username })
  return { id: Number(reply.body['id']), token: invitationIn(reply) }
}

async function follows({ server }: Person, token: string): Promise<readonly [status: number, code: unknown]> {
  return refusalIn(await ask(server, 'POST', '/invitations/accept', { payload: { token, password: PASSWORD } }))
}

type Change = readonly [code: string, make: (root: Person, id: number) => Promise<unknown>]

const CHANGES: Readonly<Record<string, Change>> = {
  'became an admin': ['link.used', (root, id) => does(root, 'PATCH', `/users/${id}`, { role: 'admin' })],
  'was given a password': [
    'link.used',
    ({ server }, id) => setPassword(server.operator(), { id }, Secret.of('a kettle full of stars')),
  ],
  'was disabled and enabled': [
    'link.unknown',
    async (root, id) => {
      for (const change of ['disable', 'enable']) await does(root, 'POST', `/users/${id}/${change}`)
    },
  ],
  'was disabled in the database': [
    'link.unknown',
    ({ server }, id) => sql`update users set disabled = '1' where id = ${id}`.execute(server.doorward.db),
  ],
}

async function does(root: Person, method: 'POST' | 'PATCH', path: string, payload?: object): Promise<void> {
  const { status, raw } = await root.asks(method, path, payload)
  assert.ok(status < 300, raw.body)
}

for (const [change, [code, make]] of Object.entries(CHANGES)) {
  test(`an invitation from before its owner ${change} opens nothing`, async (t) => {
    const { root } = await startWithAdmin(t)
    const { id, token } = await invites(root, 'ada')
    await make(root, id)
    assert.deepEqual(await follows(root, token), [404, code])
  })

  leaveToTestAll()
}

test('an invitation does not pass the set-up, even where there is no admin yet', async (t) => {
  const server = await start(t)
  const { invitation } = await createUser(server.operator(), { username: 'ada' })
  assert.ok(invitation)
  await assert.rejects(readSetupLink(server.operator(), invitation.token), { code: 'link.unknown' })
})

const MEANWHILE: Readonly<Record<string, (root: Person, path: string) => Promise<void>>> = {
  disabled: (root, path) => does(root, 'POST', `${path}/disable`),
  'reset with their password': (root, path) =>
    does(root, 'POST', `${path}/reset-second-factor`, { reason: 'Lost bag', reset_password: true }),
}

for (const [change, make] of Object.entries(MEANWHILE)) {
  onEachDatabase(`a user who is ${change} while their recovery codes are hashed enrols nothing`, async (t, dialect) => {
    const { server, root } = await startWithAdmin(t, { dialect })
    const { body } = await root.asks('POST', '/users', { username: 'ada', password: PASSWORD })
    // A reset is refused for a user who waits for an invitation to be accepted.
    const users = server.doorward.db.updateTable('users').set({ invited_at: null })
    await users.where('username', '=', 'ada').execute()
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
    const confirmation = { attempt, code: app.code(ctx.now), transport: 'bearer' } as const
    const enrolment = confirmEnrolment({ ...ctx, hasher: { ...ctx.hasher, hash } }, confirmation)
    const refused = assert.rejects(enrolment, { code: 'attempt.ended' })
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
  const { server, ada } = await peopled(t, { dialect })
  const browser = await signedInBrowser(ada)
  const older = new Visitor(server)
  for (const [name, value] of browser.cookies) older.cookies.set(name, value)
  await signsIn(browser, ada)
  assertSignedOut(await older.open('/account'))
  const { items } = await listEvents(server.operator(), { action: 'session.ended', limit: 9 })
  const reasons = items.map(({ details }) => details?.['by'])
  assert.deepEqual(reasons, ['new sign-in'])
})

test('enrolling at a first sign-in revokes the open invitation', async (t) => {
  const { server, root } = await startWithAdmin(t)
  await root.asks('POST', '/users', { username: 'ada', password: PASSWORD })
  const payload = await beginsEnrolment(server, await opensAttempt({ server, username: 'ada', password: PASSWORD }))
  const links = () => server.doorward.db.selectFrom('link').select('id').where('consumed_at', 'is', null).execute()
  assert.equal((await links()).length, 1)
  assert.equal((await ask(server, 'POST', '/attempts/totp/confirm', { payload })).status, 200)
  assert.deepEqual(await links(), [])
})

test('signing out also ends a sign-in under way in the same browser', async (t) => {
  const browser = await signedInBrowser((await startWithAdmin(t)).root)
  assertLeadsTo(await browser.submit('/sign-in', { username: 'root', password: PASSWORD }), '/sign-in/second-step')
  assert.ok(browser.cookies.has('attempt'))
  await browser.submit('/sign-out', {})
  assert.deepEqual([browser.cookies.has('attempt'), browser.cookies.has('session')], [false, false])
})
