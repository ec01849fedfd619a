// Every route that verifies a password or a code consumes a guess: those without a session from one bucket, those with one from another.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import { minutes } from '#foundation/kernel/time.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { ALLOWED_FAILURES, assertWait, guess, peopled, WRONG } from '../support/people/password-guesses.ts'
import { ask, firstAdmin, PASSWORD, type Person, type Reply } from '../support/people/people.ts'
import { beginsApp, beginsEnrolment, opensAttempt, provesSecondStep } from '../support/people/second-factors.ts'
import { invitationIn } from '../support/requests/replies.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { type Server, start } from '../support/server/start.ts'

interface GuessScene {
  readonly server: Server
  readonly ada: Person
  /** Sign-in attempts at their second step, one for each guess. */
  readonly attempts: readonly string[]
  /** Where an authenticator app waits for its first code. */
  readonly pending: string
}

type Route = readonly [
  guesses: 'password' | 'code' | 'both',
  who: 'client without a session' | 'session',
  refused: number,
  guess: (scene: GuessScene, number: number) => Promise<Reply>,
]

const CLIENT = 'client without a session'

/** Every route at which ada's password or code can be guessed, with the answer to a wrong guess. */
const ROUTES: Readonly<Record<string, Route>> = {
  'POST /token': ['both', CLIENT, 401, ({ server }) => guess(server, 'ada')],
  'POST /attempts': [
    'password',
    CLIENT,
    401,
    ({ server }) => ask(server, 'POST', '/attempts', { payload: { username: 'ada', password: WRONG } }),
  ],
  'PUT /users/me/password': [
    'password',
    'session',
    403,
    ({ ada }) => ada.asks('PUT', '/users/me/password', { current: WRONG, new: 'four rather calm words' }),
  ],
  'PUT /users/me': [
    'password',
    'session',
    401,
    ({ ada }) => ada.asks('PUT', '/users/me', { username: 'ada', email: null, full_name: null, password: WRONG }),
  ],
  'POST /session/proof with a wrong password': [
    'password',
    'session',
    403,
    ({ ada }) => ada.asks('POST', '/session/proof', { password: WRONG, code: '123456' }),
  ],
  'POST /session/proof with a wrong code': [
    'code',
    'session',
    403,
    ({ ada }) => ada.asks('POST', '/session/proof', { password: PASSWORD, code: 'abcdef' }),
  ],
  'POST /attempts/second-factor': [
    'code',
    CLIENT,
    401,
    ({ server, attempts }, number) => provesSecondStep(server, attempts[number] ?? '', ['totp', 'abcdef']),
  ],
  'POST /users/me/totp/{id}/confirm': [
    'code',
    'session',
    403,
    ({ ada, pending }) => ada.asks('POST', pending, { code: 'abcdef' }),
  ],
}

async function newScene(t: TestContext): Promise<GuessScene> {
  const { server, ada } = await peopled(t)
  const { url } = await beginsApp(ada)
  const attempts: string[] = []
  for (let opened = 0; opened <= ALLOWED_FAILURES; opened++) attempts.push(await opensAttempt(ada))
  // The sign-in is no recent authentication any more, and the attempts are still open.
  server.clock.pass(minutes(11))
  return { server, ada, attempts, pending: url }
}

for (const [route, [guesses, who, refused, guessAt]] of Object.entries(ROUTES)) {
  test(`${route} allows five guesses and then blocks the guessed factor on every route for a ${who}, and no other client`, async (t) => {
    const scene = await newScene(t)
    for (let number = 0; number < ALLOWED_FAILURES; number++) {
      const { status, raw } = await guessAt(scene, number)
      assert.equal(status, refused, raw.body)
    }
    for (const [other, [shared, whoElse, , guessThere]] of Object.entries(ROUTES)) {
      const reply = await guessThere(scene, ALLOWED_FAILURES)
      const isShared = shared === guesses || shared === 'both' || (guesses === 'both' && shared === 'password')
      // A re-authentication verifies password and code together, so a block of either blocks it.
      const closed = isShared || other.startsWith('POST /session/proof')
      if (closed && who === whoElse) assert.equal(assertWait(reply), 30, other)
      else assert.notEqual(reply.status, 429, other)
    }
  })

  leaveToTestAll()
}

const GIVEN = 'five words that were given'

/** Accepts carol's invitation, with a password that the admin has set or without. */
async function invited(server: Server, given?: string): Promise<(password: string) => Promise<Reply>> {
  const admin = await (await firstAdmin(server)).signsIn()
  const wanted = { username: 'carol', ...(given !== undefined && { password: given }) }
  const token = invitationIn(await admin.asks('POST', '/users', wanted))
  return (password) => ask(server, 'POST', '/invitations/accept', { payload: { token, password } })
}

/** Whether the newest attempt keeps the existing password. */
async function keepsPassword({ doorward: { db } }: Server): Promise<boolean> {
  const last = db.selectFrom('attempt').select('hashed_password').orderBy('id', 'desc').limit(1)
  return (await last.executeTakeFirstOrThrow()).hashed_password === null
}

onEitherDatabase('an invitation allows five guesses at the password it would keep', async (t, dialect) => {
  const server = await start(t, { dialect })
  const accept = await invited(server, GIVEN)
  for (let number = 1; number < ALLOWED_FAILURES; number++) {
    const { status, body } = await accept(number === 1 ? 'short' : `${number} other words of her own`)
    assert.deepEqual([status, body['stage']], number === 1 ? [422, undefined] : [200, 'enrolment'])
    assert.deepEqual(await failures(server), [number, number])
  }
  assert.equal((await accept(GIVEN)).status, 200)
  assert.ok(await keepsPassword(server))
  assert.deepEqual(await failures(server), [undefined, ALLOWED_FAILURES - 1])
  for (let number = 0; number < ALLOWED_FAILURES; number++) await accept(WRONG)
  assert.equal(assertWait(await guess(server, 'carol')), 30)
})

onEitherDatabase(
  'while guesses are blocked an invitation accepts a new password and compares none',
  async (t, dialect) => {
    const server = await start(t, { dialect })
    const accept = await invited(server, GIVEN)
    for (let number = 0; number < ALLOWED_FAILURES; number++) assert.equal((await guess(server, 'carol')).status, 401)
    const counted = await failures(server)
    for (const password of [GIVEN, 'other words of her own']) {
      assert.equal((await accept(password)).status, 200)
      assert.ok(!(await keepsPassword(server)), password)
    }
    assert.equal((await accept('short')).status, 422)
    assert.deepEqual(await failures(server), counted)
    server.clock.pass(minutes(1))
    assert.equal((await accept(GIVEN)).status, 200)
    assert.ok(await keepsPassword(server))
  },
)

onEitherDatabase('a password that an invitation keeps costs as many hashes as another one', async (t, dialect) => {
  const server = await start(t, { dialect })
  const accept = await invited(server, GIVEN)
  const hashesFor = async (password: string): Promise<number> => {
    const before = server.doorward.hasher.stats().hashes
    assert.equal((await accept(password)).status, 200)
    return server.doorward.hasher.stats().hashes - before
  }
  assert.deepEqual([await hashesFor('other words of her own'), await hashesFor(GIVEN)], [2, 2])
})

onEitherDatabase('an invitation without a password to keep has nothing to guess at', async (t, dialect) => {
  const server = await start(t, { dialect })
  const accept = await invited(server)
  for (let number = 0; number < ALLOWED_FAILURES + 1; number++) assert.equal((await accept('short')).status, 422)
  assert.deepEqual(await failures(server), [undefined, undefined])
})

/** The failures that untrusted clients have at the user beside the first admin, and those of their network. */
async function failures({ doorward: { db } }: Server): Promise<(number | undefined)[]> {
  const rows = await db.selectFrom('throttle_bucket').select(['key', 'failures']).where('failures', '>', 0).execute()
  const of = (pattern: RegExp): number | undefined => rows.find(({ key }) => pattern.test(key))?.failures
  return [of(/^user:[^:]+:password$/), of(/^network:/)]
}

onEitherDatabase('an enrolment allows five guesses at its code', async (t, dialect) => {
  const server = await start(t, { dialect })
  const { attempt } = (await (await invited(server))(PASSWORD)).body
  await beginsEnrolment(server, attempt)
  const confirm = (): Promise<Reply> =>
    ask(server, 'POST', '/attempts/totp/confirm', { payload: { attempt, code: 'abcdef' } })
  for (let number = 0; number < ALLOWED_FAILURES; number++)
    assert.equal((await confirm()).body['code'], 'attempt.code_wrong')
  assert.equal(assertWait(await confirm()), 30)
})
