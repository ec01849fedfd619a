// Whoever guesses waits ever longer, at whichever door, and nobody else waits with them.
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'

import { acceptInvitation } from '../../src/onboarding/invitation.service.ts'
import { beginEnrolment } from '../../src/attempts/enrolment.service.ts'
import { Secret } from '../../src/kernel/secret.ts'
import { minutes, seconds } from '../../src/kernel/time.ts'
import { onEachDatabase } from '../support/each-database.ts'
import { ask, firstAdmin, newcomer, PASSWORD, Person, type Reply } from '../support/people.ts'
import { start, type Server, type StartOptions } from '../support/start.ts'

const WRONG = 'not the password'
const FREE = 5

interface From {
  readonly address?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** A wrong guess at `POST /token`. */
function guess(server: Server, username: string, { address, headers = {} }: From = {}): Promise<Reply> {
  return ask(server, 'POST', '/token', {
    payload: Buffer.from(new URLSearchParams({ username, password: WRONG, totp: '123456' }).toString()),
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    ...(address !== undefined && { remoteAddress: address }),
  })
}

async function guessInVain(server: Server, username: string, times: number, from: From = {}): Promise<void> {
  for (let guessed = 0; guessed < times; guessed++) {
    const { status, raw } = await guess(server, username, from)
    assert.equal(status, 401, raw.body)
  }
}

/** Refused for guessing; in how many seconds another try is allowed. */
function assertWait({ status, body, raw }: Reply): number {
  assert.deepEqual([status, body['code']], [429, 'throttle.wait'], raw.body)
  const wait = String(raw.headers['retry-after'])
  assert.match(wait, /^[1-9]\d*$/)
  return Number(wait)
}

/** A server with `ada` and `bob`, each of whom can sign in. */
async function peopled(t: TestContext, options: StartOptions = {}): Promise<{ server: Server; ada: Person; bob: Person }> {
  const server = await start(t, options)
  const admin = await (await firstAdmin(server)).signsIn()
  const [ada, bob] = [await newcomer(admin, 'ada'), await newcomer(admin, 'bob')]
  return { server, ada: await ada.signsIn(), bob: await bob.signsIn() }
}

onEachDatabase('five guesses are free; the waits after them begin at 30 seconds and double up to an hour', async (t, dialect) => {
  const { server } = await peopled(t, { dialect })
  for (const name of ['ada', 'nobody']) {
    await guessInVain(server, name, FREE)
    for (const wait of [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]) {
      assert.equal(assertWait(await guess(server, name)), wait)
      server.clock.pass(seconds(wait) - 1)
      assert.equal(assertWait(await guess(server, name)), 1)
      server.clock.pass(1)
      await guessInVain(server, name, 1)
    }
  }
})

onEachDatabase('a person is closed to strangers after a hundred guesses, for good', async (t, dialect) => {
  const { server, ada } = await peopled(t, { dialect })
  let guessed = 0
  for (; guessed < 1000; guessed++) {
    // Every guess from another network, so that none of them waits for itself.
    const { status } = await guess(server, 'ada', { address: `198.51.100.${guessed % 250}` })
    if (status === 429) break
    server.clock.pass(minutes(60))
  }
  assert.equal(guessed, 100)
  server.clock.pass(minutes(60 * 24 * 365))
  const code = ada.code()
  assert.equal(assertWait(await ask(server, 'POST', '/attempts', { payload: { username: 'ada', password: PASSWORD, code } })), 3600)
})

onEachDatabase('a name that nobody has waits as a user does, in the same bytes', async (t, dialect) => {
  const { server } = await peopled(t, { dialect })
  const seen = async (name: string): Promise<object> => {
    await guessInVain(server, name, FREE, { address: `192.0.2.${name.length}` })
    const { raw } = await guess(server, name, { address: `192.0.2.${name.length}` })
    const { date: _, 'x-request-id': id, ...headers } = raw.headers
    return { status: raw.statusCode, headers, body: raw.body.replaceAll(String(id), 'ID') }
  }
  assert.deepEqual(await seen('nobody'), await seen('ada'))
})

interface Holding {
  readonly server: Server
  readonly ada: Person
  /** Of a sign-in at its second step, for each guess. */
  readonly attempts: readonly string[]
  /** An authenticator app that waits for its first code. */
  readonly pending: string
}

/** Everything that lets one guess at ada's password or code, with what a wrong guess is answered. */
const DOORS: Readonly<Record<string, { guesses: 'password' | 'code' | 'both'; refused: number; guess: (held: Holding, number: number) => Promise<Reply> }>> = {
  'POST /token': { guesses: 'both', refused: 401, guess: ({ server }) => guess(server, 'ada') },
  'POST /attempts': {
    guesses: 'password',
    refused: 401,
    guess: ({ server }) => ask(server, 'POST', '/attempts', { payload: { username: 'ada', password: WRONG } }),
  },
  'PUT /users/me/password': {
    guesses: 'password',
    refused: 403,
    guess: ({ ada }) => ada.asks('PUT', '/users/me/password', { current: WRONG, new: 'four rather calm words' }),
  },
  'PUT /users/me': {
    guesses: 'password',
    refused: 401,
    guess: ({ ada }) => ada.asks('PUT', '/users/me', { username: 'ada', email: null, full_name: null, password: WRONG }),
  },
  'POST /session/proof with a wrong password': {
    guesses: 'password',
    refused: 403,
    guess: ({ ada }) => ada.asks('POST', '/session/proof', { password: WRONG, code: '123456' }),
  },
  'POST /session/proof with a wrong code': {
    guesses: 'code',
    refused: 403,
    guess: ({ ada }) => ada.asks('POST', '/session/proof', { password: PASSWORD, code: 'abcdef' }),
  },
  'POST /attempts/second-factor': {
    guesses: 'code',
    refused: 401,
    guess: ({ server, attempts }, number) =>
      ask(server, 'POST', '/attempts/second-factor', { payload: { attempt: attempts[number], kind: 'totp', proof: 'abcdef' } }),
  },
  'POST /users/me/totp/{id}/confirm': {
    guesses: 'code',
    refused: 403,
    guess: ({ ada, pending }) => ada.asks('POST', `/users/me/totp/${pending}/confirm`, { code: 'abcdef' }),
  },
}

async function holding(t: TestContext): Promise<Holding> {
  const { server, ada } = await peopled(t)
  const { body } = await ada.asks('POST', '/users/me/totp', { name: 'Second phone' })
  const attempts: string[] = []
  for (let opened = 0; opened < FREE + 1; opened++) {
    const { body: step } = await ask(server, 'POST', '/attempts', { payload: { username: 'ada', password: PASSWORD } })
    attempts.push(String(step['attempt']))
  }
  // The last full sign-in is no recent proof any more, and the attempts still run.
  server.clock.pass(minutes(11))
  return { server, ada, attempts, pending: String(body['id']) }
}

for (const [door, { guesses, refused, guess: guessAt }] of Object.entries(DOORS)) {
  test(`${door} lets one guess five times, and closes what it guessed at every door`, async (t) => {
    const held = await holding(t)
    for (let number = 0; number < FREE; number++) {
      const { status, raw } = await guessAt(held, number)
      assert.equal(status, refused, raw.body)
    }
    for (const [other, { guesses: shared, guess: guessThere }] of Object.entries(DOORS)) {
      const reply = await guessThere(held, FREE)
      const closed = shared === guesses || shared === 'both' || (guesses === 'both' && shared === 'password') || drawsBoth(other)
      if (closed) assert.equal(assertWait(reply), 30, other)
      else assert.notEqual(reply.status, 429, other)
    }
  })
}

/** A proof is of password and code together, so it waits for either. */
function drawsBoth(door: string): boolean {
  return door.startsWith('POST /session/proof')
}

onEachDatabase('an enrolment lets one guess five codes', async (t, dialect) => {
  const server = await start(t, { dialect })
  const admin = await (await firstAdmin(server)).signsIn()
  const { body } = await admin.asks('POST', '/users', { username: 'carol' })
  const token = Secret.of((body['invitation'] as { url: string }).url.split('/').at(-1) ?? '')
  const { attempt } = await acceptInvitation(server.operator(), { token, password: Secret.of(PASSWORD) })
  await beginEnrolment(server.operator(), attempt)
  const confirm = (): Promise<Reply> =>
    ask(server, 'POST', '/attempts/totp/confirm', { payload: { attempt: attempt.reveal(), code: 'abcdef' } })
  for (let number = 0; number < FREE; number++) assert.equal((await confirm()).body['code'], 'attempt.code_wrong')
  assert.equal(assertWait(await confirm()), 30)
})

onEachDatabase('a hundred guesses close a network, whomever they were at', async (t, dialect) => {
  const { server } = await peopled(t, { dialect })
  const address = '203.0.113.9'
  for (let number = 0; number < 100; number++) await guessInVain(server, `nobody-${number}`, 1, { address })
  assert.equal(assertWait(await guess(server, 'one-more', { address })), 30)
  await guessInVain(server, 'one-more', 1, { address: '203.0.113.10' })
})

test('the addresses of one IPv6 network, and both spellings of an IPv4 address, are one', async (t) => {
  const { server } = await peopled(t)
  const spellings: readonly ((number: number) => string)[] = [
    (number) => `2001:db8:0:7:${number.toString(16)}::1`,
    (number) => (number % 2 === 0 ? '203.0.113.9' : '::ffff:203.0.113.9'),
  ]
  for (const [place, spell] of spellings.entries()) {
    for (let number = 0; number < 100; number++) await guessInVain(server, `nobody-${place}-${number}`, 1, { address: spell(number) })
    assertWait(await guess(server, `one-more-${place}`, { address: spell(101) }))
    assertWait(await guess(server, `one-more-${place}`, { address: spell(102) }))
  }
  await guessInVain(server, 'elsewhere', 1, { address: '2001:db8:0:8::1' })
})

test('X-Forwarded-For counts from a trusted proxy only', async (t) => {
  const { server } = await peopled(t, { settings: { trusted_proxies: '10.0.0.1' } })
  const through = (peer: string, number: number): From => ({ address: peer, headers: { 'x-forwarded-for': `198.51.100.${number}` } })
  for (let number = 0; number < 100; number++) await guessInVain(server, `nobody-${number}`, 1, through('203.0.113.9', number))
  assertWait(await guess(server, 'one-more', through('203.0.113.9', 200)))
  for (let number = 0; number < 100; number++) await guessInVain(server, `nobody-${number}`, 1, through('10.0.0.1', number))
  await guessInVain(server, 'one-more', 1, through('10.0.0.1', 200))
})

test('nobody is a proxy until the operator says so', async (t) => {
  const { server } = await peopled(t)
  for (let number = 0; number < 100; number++) {
    await guessInVain(server, `nobody-${number}`, 1, { headers: { 'x-forwarded-for': `198.51.100.${number}`, forwarded: `for=198.51.100.${number}` } })
  }
  assertWait(await guess(server, 'one-more', { headers: { 'x-forwarded-for': '198.51.100.200' } }))
})

onEachDatabase('a success makes the next five guesses free again', async (t, dialect) => {
  const { server, ada } = await peopled(t, { dialect })
  for (let round = 0; round < 3; round++) {
    await guessInVain(server, 'ada', FREE - 1)
    await ada.signsIn()
  }
  await guessInVain(server, 'ada', FREE)
  assertWait(await guess(server, 'ada'))
})

onEachDatabase('whoever has an account does not win back guesses at others by signing in', async (t, dialect) => {
  const { server, bob } = await peopled(t, { dialect })
  for (let number = 0; number < 99; number++) {
    await guessInVain(server, `nobody-${number}`, 1)
    if (number % 10 === 0) await bob.signsIn()
  }
  await guessInVain(server, 'the-hundredth', 1)
  assertWait(await guess(server, 'one-more'))
})

onEachDatabase('while somebody guesses at one person, another one in the same network signs in', async (t, dialect) => {
  const { server, bob, ada } = await peopled(t, { dialect })
  await guessInVain(server, 'ada', FREE)
  assertWait(await guess(server, 'ada'))
  await bob.signsIn()
  assert.equal((await ada.asks('GET', '/users/me')).status, 200, 'who was in already is out')
})

test('a sign-in for which there was no room is no failed guess', async (t) => {
  const { server, ada } = await peopled(t, { settings: { hash_queue: '1' } })
  // As many at once as are free: one is hashed, one waits for the thread, the others find no room.
  let refused = 0
  for (let round = 0; round < 20 && refused < 2 * FREE; round++) {
    const replies = await Promise.all(
      Array.from({ length: FREE }, () => ask(server, 'POST', '/attempts', { payload: { username: 'ada', password: PASSWORD } })),
    )
    const full = replies.filter(({ status }) => status === 503)
    for (const { raw } of full) assert.match(String(raw.headers['retry-after']), /^[1-9]\d*$/)
    assert.deepEqual(replies.filter(({ status }) => status !== 503 && status !== 200).map(({ raw }) => raw.body), [])
    refused += full.length
  }
  assert.ok(refused >= 2 * FREE, `only ${refused} found no room`)
  const buckets = await server.doorward.db.selectFrom('throttle_bucket').select(['key', 'failures']).execute()
  assert.deepEqual(buckets.filter(({ failures }) => failures > 0), [])
  await ada.signsIn()
})
