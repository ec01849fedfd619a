import fc from 'fast-check'
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { inTransaction } from '#foundation/context.ts'
import { contextOn, newKeyring, newStore, onBothEngines } from '#test/support/databases/stores.ts'
import { anyText } from '#test/support/generators/any-text.ts'
import { failuresIn, GUESS, guessWrong, outcomeOf, PASSWORD, pendingIn } from '#test/support/people/guess-buckets.ts'
import { nameBucket } from './guess.service.ts'
import { consumeGuess, type Guess, recordSuccess, resetGuessesAt, userBuckets } from './throttle.service.ts'
import { deviceBuckets, sessionBuckets } from './throttle.ts'

onBothEngines('a guess without a network counts in its own buckets only', async (_, db) => {
  const ctx = contextOn(db)
  const own: Guess = { network: null, buckets: deviceBuckets('s1', ['password', 'code'], 'b1') }
  for (let guess = 0; guess < 5; guess++) await guessWrong(ctx, own)
  assert.equal(await outcomeOf(consumeGuess(ctx, own)), 30)
  assert.equal(await outcomeOf(guessWrong(ctx, GUESS)), 'counted')
  const keys = (await db.selectFrom('throttle_bucket').select('key').orderBy('key').execute()).map(({ key }) => key)
  assert.deepEqual(keys, ['network:192.0.2.1', 'user:s1:code:b1', PASSWORD, `${PASSWORD}:b1`])
  await inTransaction(ctx, (inside) => recordSuccess(inside, own))
  assert.equal(await failuresIn(db, PASSWORD), 1)
  assert.equal(await failuresIn(db, `${PASSWORD}:b1`), undefined)
})

onBothEngines(
  'each of many parallel device cookies and the untrusted clients get their five guesses, and no more',
  async (_, db, store) => {
    const nodes = [contextOn(db), contextOn(await store.open())] as const
    const guesses: Guess[] = [
      GUESS,
      { network: null, buckets: deviceBuckets('s1', ['password'], 'b1') },
      { network: null, buckets: deviceBuckets('s1', ['password'], 'b2') },
      { network: null, buckets: sessionBuckets('s1', ['password']) },
    ]
    const outcomes = await Promise.all(
      Array.from({ length: 80 }, (_unused, index) =>
        outcomeOf(consumeGuess(nodes[index % 2 === 0 ? 0 : 1], guesses[Math.trunc(index / 2) % 4] ?? GUESS)),
      ),
    )
    assert.equal(outcomes.filter((outcome) => outcome === 'counted').length, 20)
    for (const [key = ''] of guesses.map(({ buckets }) => buckets)) assert.equal(await pendingIn(db, key), 5, key)
  },
)

onBothEngines('replacing a factor resets the guesses at it, of all clients, and at nothing else', async (_, db) => {
  const ctx = contextOn(db)
  const kinds = ['password', 'code', 'recovery'] as const
  const keys = ['s1', 's2'].flatMap((subject) => [
    ...userBuckets(subject, kinds),
    ...deviceBuckets(subject, kinds, 'b1'),
    ...sessionBuckets(subject, kinds),
  ])
  await consumeGuess(ctx, { network: null, buckets: keys })
  assert.equal(await resetGuessesAt(ctx, 's1', 'code'), 3)
  const left = (await db.selectFrom('throttle_bucket').select('key').orderBy('key').execute()).map(({ key }) => key)
  assert.deepEqual(left, keys.filter((key) => !key.startsWith('user:s1:code')).toSorted())
})

test('unknown usernames share at most a million buckets', () => {
  const ctx = { keyring: newKeyring() }
  fc.assert(
    fc.property(anyText(), (name) => {
      const [, number = ''] = /^name:(\d+):password$/.exec(nameBucket(ctx, name)[0] ?? '') ?? []
      assert.ok(Number(number) >= 0 && Number(number) < 1_048_576)
      assert.deepEqual(nameBucket(ctx, name.toUpperCase()), nameBucket(ctx, name))
      assert.equal(nameBucket(ctx, name, ['password', 'code']).length, 2)
    }),
  )
  const buckets = new Set(Array.from({ length: 20_000 }, (_unused, index) => nameBucket(ctx, `name ${index}`)[0]))
  assert.ok(buckets.size > 19_700, `${buckets.size} for 20,000 names`)
})

test('buckets of unknown names depend on the key', () => {
  const one = { keyring: newKeyring() }
  const other = { keyring: newKeyring() }
  const names = ['a', 'b', 'c', 'd']
  assert.notDeepEqual(
    names.flatMap((name) => nameBucket(one, name)),
    names.flatMap((name) => nameBucket(other, name)),
  )
})

test('a guess is consumed in one transaction of two upserts, the same for a known and an unknown name', async (t) => {
  for (const engine of ['sqlite', 'postgres'] as const) {
    const statements: string[] = []
    const ctx = contextOn(await (await newStore(t, engine)).open({ onStatement: (text) => statements.push(text) }))
    const statementsFor = async (buckets: readonly string[]): Promise<string[]> => {
      statements.length = 0
      await consumeGuess(ctx, { network: '192.0.2.9', buckets })
      return [...statements]
    }
    const known = await statementsFor(userBuckets('s1', ['password']))
    assert.equal(known.length, 4, known.join('\n'))
    assert.deepEqual(await statementsFor(nameBucket(ctx, 'unknown')), known)
  }
})
