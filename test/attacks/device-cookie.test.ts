// The device cookie gives its owner's guesses a budget of their own, and grants nothing else.
import { sql } from 'kysely'
import assert from 'node:assert/strict'

import { userBuckets } from '#domain/throttle/throttle.ts'
import { hours } from '#foundation/kernel/time.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { assertLeadsTo, signedInBrowser, signsIn } from '../support/pages/page-answers.ts'
import { Visitor } from '../support/pages/visitor.ts'
import {
  ALLOWED_FAILURES,
  assertWait,
  blockBuckets,
  guess,
  guessInVain,
  peopled,
  WRONG,
} from '../support/people/password-guesses.ts'
import { PASSWORD, postToken } from '../support/people/people.ts'
import { beginsApp, opensAttempt, provesSecondStep, rowOf } from '../support/people/second-factors.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import type { Server } from '../support/server/start.ts'

/** Another browser that has this device cookie. */
function keeping(server: Server, browser: string): Visitor {
  const visitor = new Visitor(server)
  visitor.cookies.set('device', browser)
  return visitor
}

async function guessesOnPage(visitor: Visitor, username: string): Promise<number> {
  return (await visitor.submit('/sign-in', { username, password: WRONG })).statusCode
}

onEitherDatabase('no device cookie is set before a sign-in is finished, or by a JSON route', async (t, dialect) => {
  const { server, ada } = await peopled(t, { dialect })
  const visitor = new Visitor(server)
  await visitor.open('/sign-in')
  await guessesOnPage(visitor, 'ada')
  await visitor.submit('/sign-in', { username: 'ada', password: PASSWORD })
  await visitor.submit('/sign-in/second-step', { code: 'abcdef' })
  assert.deepEqual([...visitor.cookies.keys()].toSorted(), ['attempt', 'refused'])
  const reply = await postToken(server, { username: 'ada', password: PASSWORD + ada.code() })
  assert.equal(reply.status, 200)
  assert.equal(reply.raw.headers['set-cookie'], undefined)
  await signsIn(visitor, ada)
  assert.deepEqual([...visitor.cookies.keys()].toSorted(), ['device', 'session'])
})

leaveToTestAll()

onEitherDatabase(
  'a browser with a device cookie has its own guesses while untrusted clients are blocked, and neither unblocks the other',
  async (t, dialect) => {
    const { server, ada } = await peopled(t, { dialect })
    const laptop = await signedInBrowser(ada)
    await laptop.submit('/sign-out', {})
    await guessInVain(server, 'ada', ALLOWED_FAILURES)
    assertWait(await guess(server, 'ada'))
    for (let number = 0; number < ALLOWED_FAILURES; number++) assert.notEqual(await guessesOnPage(laptop, 'ada'), 429)
    assert.equal(await guessesOnPage(laptop, 'ada'), 429)
    server.clock.pass(hours(1))
    await signsIn(laptop, ada)
    const buckets = await server.doorward.db.selectFrom('throttle_bucket').select(['key', 'failures']).execute()
    const counted = buckets.filter(({ key, failures }) => key.startsWith('user:') && failures > 0)
    const untrusted = counted.map(({ key, failures }) => [key.replace(/^user:[^:]+:/, ''), failures])
    const why = 'a success with a device cookie reset another bucket'
    assert.deepEqual(untrusted, [['password', ALLOWED_FAILURES]], why)
  },
)

test('the device cookie counts for the second factor as for the password', async (t) => {
  const { server, ada } = await peopled(t)
  const laptop = await signedInBrowser(ada)
  await laptop.submit('/sign-out', {})
  const attempts: string[] = []
  for (let number = 0; number <= ALLOWED_FAILURES; number++) attempts.push(await opensAttempt(ada))
  const refused = []
  for (const attempt of attempts) refused.push((await provesSecondStep(server, attempt, ['totp', 'abcdef'])).status)
  assert.deepEqual(refused, [401, 401, 401, 401, 401, 429])
  await blockBuckets(server, userBuckets((await rowOf(ada)).subject, ['code']))
  await signsIn(laptop, ada)
})

onEitherDatabase(
  'a device cookie that is forged, of another user or older than the credentials is ignored',
  async (t, dialect) => {
    const { server, ada, bob } = await peopled(t, { dialect })
    const laptop = await signedInBrowser(ada)
    const own = laptop.cookies.get('device') ?? ''
    const bobs = (await signedInBrowser(bob)).cookies.get('device') ?? ''
    const [id = '', epoch = '', mac = ''] = own.split('.')
    await guessInVain(server, 'ada', ALLOWED_FAILURES)
    const worthless = {
      'of another user': bobs,
      'with the id of another browser': ['A'.repeat(22), epoch, mac].join('.'),
      'with another epoch': [id, Number(epoch) + 1, mac].join('.'),
      'with another code': [id, epoch, 'A'.repeat(43)].join('.'),
      'without a code': `${id}.${epoch}.`,
      'of nonsense': 'x'.repeat(4000),
      'of no more than separators': '~~~...~',
    }
    for (const [name, cookie] of Object.entries(worthless))
      assert.equal(await guessesOnPage(keeping(server, cookie), 'ada'), 429, `a cookie ${name} counts`)
    assert.notEqual(await guessesOnPage(keeping(server, own), 'ada'), 429, 'the right one does not')
    await sql`update users set credential_epoch = credential_epoch + 1 where username = 'ada'`.execute(
      server.doorward.db,
    )
    assert.equal(await guessesOnPage(keeping(server, own), 'ada'), 429, 'an older one counts')
  },
)

onEitherDatabase(
  'changing a password keeps the device cookie of that browser and invalidates all others',
  async (t, dialect) => {
    const { server, ada } = await peopled(t, { dialect })
    const [laptop, phone] = [await signedInBrowser(ada), await signedInBrowser(ada)]
    const before = laptop.cookies.get('device') ?? ''
    const next = 'five even calmer plain words'
    const changed = await laptop.submit('/account/security/password', { current: PASSWORD, new: next })
    assertLeadsTo(changed, '/account/security?done=password')
    ada.password = next
    const after = laptop.cookies.get('device') ?? ''
    assert.notEqual(after, before)
    assert.equal(after.split('.')[0], before.split('.')[0], 'the same browser has another id')
    await laptop.submit('/sign-out', {})
    await guessInVain(server, 'ada', ALLOWED_FAILURES)
    assert.equal(await guessesOnPage(phone, 'ada'), 429)
    assert.equal(await guessesOnPage(keeping(server, before), 'ada'), 429)
    await signsIn(laptop, ada)
  },
)

onEitherDatabase(
  'untrusted clients do not block re-authentication, and a stolen session has a hundred guesses',
  async (t, dialect) => {
    const { server, ada } = await peopled(t, { dialect, settings: { session_absolute: '30d', session_idle: '30d' } })
    await guessInVain(server, 'ada', ALLOWED_FAILURES)
    assertWait(await guess(server, 'ada'))
    let verified = 0
    for (let tried = 0; tried < 150; tried++) {
      const { status } = await ada.asks('POST', '/session/proof', { password: WRONG, code: 'abcdef' })
      if (status === 403) verified += 1
      else assert.ok(status === 429 && tried > 0, `try ${tried} is answered ${status}`)
      server.clock.pass(hours(1))
    }
    assert.equal(verified, 100)
    assert.equal(assertWait(await ada.asks('POST', '/session/proof', { password: PASSWORD, code: ada.code() })), 3600)
  },
)

test('replacing a factor unblocks its guesses for all clients: a new password for passwords, a new app for codes', async (t) => {
  const { server, ada } = await peopled(t)
  const keys = userBuckets((await rowOf(ada)).subject, ['password', 'code'])
  const left = server.doorward.db.selectFrom('throttle_bucket').select('key').where('failures', '=', 100)
  await blockBuckets(server, keys)
  const change = { current: PASSWORD, new: 'five even calmer plain words' }
  assert.equal((await ada.asks('PUT', '/users/me/password', change)).status, 200)
  assert.deepEqual(await left.execute(), [{ key: keys[1] }])
  await blockBuckets(server, keys)
  const { url, code } = await beginsApp(ada)
  assert.equal((await ada.asks('POST', url, { code })).status, 200)
  assert.deepEqual(await left.execute(), [{ key: keys[0] }])
})
