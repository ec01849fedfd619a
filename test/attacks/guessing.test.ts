// Threat: online guessing. The backoff of the guessing client grows, and other clients are not blocked. Headers of a client do not
// change which network its guesses count for.
import assert from 'node:assert/strict'

import { minutes, seconds } from '#foundation/kernel/time.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import {
  ALLOWED_FAILURES,
  assertWait,
  type From,
  guess,
  guessInVain,
  peopled,
  seen,
} from '../support/people/password-guesses.ts'
import { ask, PASSWORD } from '../support/people/people.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { newInstallation, start } from '../support/server/start.ts'

onEitherDatabase(
  'five guesses are allowed; the backoff after them begins at 30 seconds and doubles up to an hour',
  async (t, dialect) => {
    const { server } = await peopled(t, { dialect })
    for (const name of ['ada', 'nobody']) {
      await guessInVain(server, name, ALLOWED_FAILURES)
      for (const wait of [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]) {
        assert.equal(assertWait(await guess(server, name)), wait)
        server.clock.pass(seconds(wait) - 1)
        assert.equal(assertWait(await guess(server, name)), 1)
        server.clock.pass(1)
        await guessInVain(server, name, 1)
      }
    }
  },
)

leaveToTestAll()

onEitherDatabase(
  'a user is locked out for untrusted clients after a hundred guesses, indefinitely',
  async (t, dialect) => {
    const { server, ada } = await peopled(t, { dialect })
    let guessed = 0
    for (; guessed < 1000; guessed++) {
      // Every guess comes from another network, so that the network's bucket does not block.
      const { status } = await guess(server, 'ada', { ipAddress: `198.51.100.${guessed % 250}` })
      if (status === 429) break
      server.clock.pass(minutes(60))
    }
    assert.equal(guessed, 100)
    server.clock.pass(minutes(60 * 24 * 365))
    const payload = { username: 'ada', password: PASSWORD, code: ada.code() }
    assert.equal(assertWait(await ask(server, 'POST', '/attempts', { payload })), 3600)
  },
)

onEitherDatabase('guesses at one node count at the other, and after a restart', async (t, dialect) => {
  const installation = await newInstallation(t, dialect)
  await t.test('before', async (inner) => {
    const { server } = await peopled(inner, installation)
    const other = await start(inner, installation)
    await guessInVain(server, 'ada', ALLOWED_FAILURES - 2)
    await guessInVain(other, 'ada', 2)
    assert.equal(assertWait(await guess(server, 'ada')), 30)
  })
  assert.equal(assertWait(await guess(await start(t, installation), 'ada')), 30)
})

onEitherDatabase('an unknown username is blocked as a user is, in the same bytes', async (t, dialect) => {
  const { server } = await peopled(t, { dialect })
  const waiting = async (name: string): Promise<object> => {
    const from = { ipAddress: `192.0.2.${name.length}` }
    await guessInVain(server, name, ALLOWED_FAILURES, from)
    return seen(await guess(server, name, from))
  }
  assert.deepEqual(await waiting('nobody'), await waiting('ada'))
})

onEitherDatabase('a success resets the five allowed guesses', async (t, dialect) => {
  const { server, ada } = await peopled(t, { dialect })
  for (let round = 0; round < 3; round++) {
    await guessInVain(server, 'ada', ALLOWED_FAILURES - 1)
    await ada.signsIn()
  }
  await guessInVain(server, 'ada', ALLOWED_FAILURES)
  assertWait(await guess(server, 'ada'))
})

onEitherDatabase('signing in to one account does not refund guesses at others', async (t, dialect) => {
  const { server, bob } = await peopled(t, { dialect })
  for (let number = 0; number < 99; number++) {
    await guessInVain(server, `nobody-${number}`, 1)
    if (number % 10 === 0) await bob.signsIn()
  }
  await guessInVain(server, 'the-hundredth', 1)
  assertWait(await guess(server, 'one-more'))
})

onEitherDatabase(
  'guesses at one user do not stop another user of the same network from signing in',
  async (t, dialect) => {
    const { server, bob, ada } = await peopled(t, { dialect })
    await guessInVain(server, 'ada', ALLOWED_FAILURES)
    assertWait(await guess(server, 'ada'))
    await bob.signsIn()
    assert.equal((await ada.asks('GET', '/users/me')).status, 200, 'who was in already is out')
  },
)

test('a sign-in that the hash queue rejects is not counted as a guess', async (t) => {
  const { server, ada } = await peopled(t, { settings: { hash_queue: '1' } })
  // As many at once as are allowed: one is hashed, one waits for the worker, the queue rejects the others.
  let refused = 0
  for (let round = 0; round < 20 && refused < 2 * ALLOWED_FAILURES; round++) {
    const payload = { username: 'ada', password: PASSWORD }
    const asked = Array.from({ length: ALLOWED_FAILURES }, () => ask(server, 'POST', '/attempts', { payload }))
    const replies = await Promise.all(asked)
    const full = replies.filter(({ status }) => status === 503)
    for (const { raw } of full) assert.match(String(raw.headers['retry-after']), /^[1-9]\d*$/)
    const odd = replies.filter(({ status }) => status !== 503 && status !== 200).map(({ raw }) => raw.body)
    assert.deepEqual(odd, [])
    refused += full.length
  }
  assert.ok(refused >= 2 * ALLOWED_FAILURES, `only ${refused} found no room`)
  const counted = server.doorward.db.selectFrom('throttle_bucket').selectAll().where('failures', '>', 0)
  assert.deepEqual(await counted.execute(), [])
  await ada.signsIn()
})

onEitherDatabase('a hundred guesses block a network, whichever users they were at', async (t, dialect) => {
  const { server } = await peopled(t, { dialect })
  const ipAddress = '203.0.113.9'
  for (let number = 0; number < 100; number++) await guessInVain(server, `nobody-${number}`, 1, { ipAddress })
  assert.equal(assertWait(await guess(server, 'one-more', { ipAddress })), 30)
  await guessInVain(server, 'one-more', 1, { ipAddress: '203.0.113.10' })
})

test('X-Forwarded-For counts from a trusted proxy only', async (t) => {
  const { server } = await peopled(t, { settings: { trusted_proxies: '10.0.0.1' } })
  for (let number = 0; number < 100; number++)
    await guessInVain(server, `nobody-${number}`, 1, claiming(number, '203.0.113.9'))
  assertWait(await guess(server, 'one-more', claiming(200, '203.0.113.9')))
  for (let number = 0; number < 100; number++)
    await guessInVain(server, `nobody-${number}`, 1, claiming(number, '10.0.0.1'))
  await guessInVain(server, 'one-more', 1, claiming(200, '10.0.0.1'))
})

/** A guess of a peer that claims to forward it for another IP address each time. */
function claiming(number: number, ipAddress = '127.0.0.1'): From {
  const claimed = `198.51.100.${number}`
  return { ipAddress, headers: { 'x-forwarded-for': claimed, 'x-real-ip': claimed, forwarded: `for=${claimed}` } }
}

test('no peer is a trusted proxy until the configuration names it', async (t) => {
  const { server } = await peopled(t)
  for (let number = 0; number < 100; number++) await guessInVain(server, `nobody-${number}`, 1, claiming(number))
  assertWait(await guess(server, 'one-more', claiming(200)))
})
