import assert from 'node:assert/strict'
import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto'

import { listEvents } from '#domain/audit/audit.service.ts'
import { days, hours } from '#foundation/kernel/time.ts'
import { KeyringError } from '#foundation/platform/crypto/keyring-file.ts'
import type { Keyring } from '#foundation/platform/crypto/keyring.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import { contextOn, newKeyring, onBothEngines } from '#test/support/databases/stores.ts'
import { leaveToTestAll } from '#test/support/runner/scope.ts'
import { keptLog } from '#test/support/server/captured-log.ts'
import { inLock, insertMissing, newKeyPairs } from './new-key.service.ts'
import { rotateDueSigningKeys, rotateSigningKeys, withdrawSigningKeys } from './rotation.service.ts'
import { countUnreadableKeys, ensureSigningKeys, type PrivateJwk, readableKeys } from './signing-key.service.ts'
import { SIGNING_ALGORITHMS } from './signing-key.ts'

/** A process: with a log and, as others may have too, a keyring. */
function node(db: Database, keyring: Keyring = newKeyring()) {
  return { ...contextOn(db, { keyring }), ...keptLog() }
}

type Node = ReturnType<typeof node>

function later(ctx: Node, by: number): Node {
  return { ...ctx, now: ctx.now + by }
}

async function keysOf(ctx: Node): Promise<PrivateJwk[]> {
  return (await readableKeys(ctx, undefined))?.jwks().keys ?? []
}

/** The ids of the keys of one algorithm in the order of use. */
async function kidsOf(ctx: Node, alg = 'ES256'): Promise<string[]> {
  return (await keysOf(ctx)).filter((key) => key['alg'] === alg).map(({ kid }) => kid)
}

async function rotations(ctx: Node) {
  const { items } = await listEvents(ctx, { limit: 10, action: 'key.rotated' })
  return items.map(({ reason, details }) => ({
    reason,
    made: wordsOf(details?.['keys']),
    ended: wordsOf(details?.['ended']),
  }))
}

function wordsOf(text: unknown): string[] {
  return String(text).split(' ').toSorted()
}

onBothEngines(
  'two nodes make one pair of keys at the same time; each can sign, and is sealed',
  async (_, db, store) => {
    const one = node(db)
    const other = node(await store.open(), one.keyring)
    assert.equal(await readableKeys(one, undefined), undefined)
    assert.equal(await rotateSigningKeys(one, { now: true }), undefined)
    await Promise.all([ensureSigningKeys(one), ensureSigningKeys(other)])
    await ensureSigningKeys(one)
    const keys = await keysOf(other)
    assert.deepEqual(
      keys.map(({ alg, use, kty }) => [alg, use, kty]),
      [
        ['ES256', 'sig', 'EC'],
        ['RS256', 'sig', 'RSA'],
      ],
    )
    assert.deepEqual(await keysOf(one), keys)
    const rows = await db.selectFrom('signing_key').selectAll().execute()
    assert.equal(rows.length, 2)
    for (const { kid, sealed, public_jwk: known } of rows) {
      const key = keys.find((found) => found.kid === kid) ?? assert.fail()
      const publicJwk = JSON.parse(known) as JsonWebKey
      const [privateKey, publicKey] = [
        createPrivateKey({ key, format: 'jwk' }),
        createPublicKey({ key: publicJwk, format: 'jwk' }),
      ]
      assert.ok(verify('sha256', Buffer.from('x'), publicKey, sign('sha256', Buffer.from('x'), privateKey)))
      assert.ok(!('d' in publicJwk) && !sealed.includes(key.d ?? 'x') && known.includes(kid))
      if (key.kty === 'RSA') assert.equal(privateKey.asymmetricKeyDetails?.modulusLength, 3072)
    }
    assert.deepEqual(await rotations(one), [])
  },
)

onBothEngines('of nodes that have made pairs at the same time one stores its own', async (_, db, store) => {
  const pairs = await Promise.all([newKeyPairs(SIGNING_ALGORITHMS), newKeyPairs(SIGNING_ALGORITHMS)])
  const nodes = [node(db), node(await store.open())]
  const made = await Promise.all(nodes.map((ctx, index) => inLock(ctx, (tx) => insertMissing(tx, pairs[index] ?? []))))
  assert.deepEqual(
    made.map(({ length }) => length).toSorted((one, other) => one - other),
    [0, 2],
  )
})

onBothEngines('a key set that has not changed costs one statement, and no key is opened', async (_, db, store) => {
  const statements: string[] = []
  const ctx = node(await store.open({ onStatement: (text) => void statements.push(text) }))
  await ensureSigningKeys(ctx)
  const { version } = (await readableKeys(ctx, undefined)) ?? assert.fail()
  statements.length = 0
  const again = await readableKeys(ctx, version)
  assert.deepEqual([again?.version, statements.length], [version, 1])
  assert.throws(() => again?.jwks(), /no key was opened/)
  assert.equal(
    await db
      .selectFrom('signing_key')
      .select('kid')
      .execute()
      .then(({ length }) => length),
    2,
  )
})

onBothEngines(
  'a new key is published for an hour, signs for 90 days, and stays for two hours',
  async (_, db, store) => {
    const ctx = node(db)
    const other = node(await store.open(), ctx.keyring)
    await ensureSigningKeys(ctx)
    const [first = ''] = await kidsOf(ctx)
    const due = days(90)
    await rotateDueSigningKeys(later(ctx, due - 1))
    assert.deepEqual(await kidsOf(later(ctx, due)), [first])
    const before = await readableKeys(later(ctx, due), undefined)
    await Promise.all([rotateDueSigningKeys(later(ctx, due)), rotateDueSigningKeys(later(other, due))])
    const [, second = ''] = await kidsOf(later(ctx, due))
    const [, secondRsa = ''] = await kidsOf(later(ctx, due), 'RS256')
    assert.notEqual((await readableKeys(later(ctx, due), before?.version))?.version, before?.version)
    const sets = [
      [due + hours(1) - 1, [first, second]],
      [due + hours(1), [second, first]],
      [due + hours(3) - 1, [second, first]],
      [due + hours(3), [second]],
    ] as const
    for (const [at, kids] of sets) {
      await rotateDueSigningKeys(later(other, at))
      assert.equal(await rotateSigningKeys(later(ctx, due), { now: false }), undefined)
      assert.deepEqual(await kidsOf(later(other, at)), kids, String(at))
    }
    const rows = await db.selectFrom('signing_key').select('kid').execute()
    assert.deepEqual(rows.map(({ kid }) => kid).toSorted(), [second, secondRsa].toSorted())
    const [event, ...others] = await rotations(ctx)
    assert.deepEqual([event?.reason, event?.made, others], ['due', [second, secondRsa].toSorted(), []])
  },
)

leaveToTestAll()

onBothEngines('a rotation at once leaves no old key in the set, not one that was to follow either', async (_, db) => {
  const ctx = node(db)
  await ensureSigningKeys(ctx)
  const begun = (await rotateSigningKeys(ctx, { now: false })) ?? assert.fail()
  assert.deepEqual([begun.made.length, begun.ended.length, begun.signsFrom], [2, 2, ctx.now + hours(1)])
  const old = (await keysOf(ctx)).map(({ kid }) => kid)
  assert.equal(old.length, 4)
  const rotation = (await rotateSigningKeys(ctx, { now: true })) ?? assert.fail()
  assert.deepEqual(rotation.ended.toSorted(), old.toSorted())
  assert.deepEqual((await keysOf(ctx)).map(({ kid }) => kid).toSorted(), rotation.made.toSorted())
  const events = await rotations(ctx)
  assert.deepEqual(new Set(events.map(({ reason }) => reason)), new Set([null, 'at_once']))
})

onBothEngines(
  'keys that the keyring cannot open are replaced once, by two nodes at the same time',
  async (_, db, store) => {
    const lost = node(db)
    await ensureSigningKeys(lost)
    const [old = ''] = await kidsOf(lost)
    const one = node(db)
    const other = node(await store.open(), one.keyring)
    assert.deepEqual([await countUnreadableKeys(lost), await countUnreadableKeys(one)], [0, 2])
    const [found, same] = await Promise.all([keysOf(one), keysOf(other)])
    assert.equal(await countUnreadableKeys(one), 0)
    assert.deepEqual(found, same)
    assert.ok(found.length === 2 && !found.some(({ kid }) => kid === old))
    const [event, ...others] = await rotations(one)
    assert.deepEqual([event?.reason, event?.ended.includes(old), others], ['unreadable', true, []])
    const lines = [...one.lines, ...other.lines].filter(({ level }) => level === 'warn')
    assert.match(
      lines.map(({ msg }) => msg).join(),
      /^signing keys could not be opened or were missing; they were replaced$/,
    )
  },
)

onBothEngines('keys that were all withdrawn are followed by others before a job deletes them', async (_, db, store) => {
  const ctx = node(db)
  const other = node(await store.open(), ctx.keyring)
  await rotateDueSigningKeys(ctx)
  assert.deepEqual(await keysOf(ctx), [], 'keys are made where no app needs them')
  await ensureSigningKeys(ctx)
  const old = (await keysOf(ctx)).map(({ kid }) => kid)
  await withdrawSigningKeys(ctx)
  await Promise.all([rotateDueSigningKeys(ctx), rotateDueSigningKeys(other)])
  const kids = (await keysOf(ctx)).map(({ kid }) => kid)
  assert.ok(kids.length === 2 && !kids.some((kid) => old.includes(kid)))
  const [event, ...others] = await rotations(ctx)
  assert.deepEqual([event?.reason, event?.made.toSorted(), others], ['missing', kids.toSorted(), []])
})

onBothEngines(
  'a successor that cannot be opened is deleted, and the key that it was to follow signs on',
  async (_, db) => {
    const ctx = node(db)
    await ensureSigningKeys(ctx)
    const signing = (await keysOf(ctx)).map(({ kid }) => kid)
    const { made } = (await rotateSigningKeys(ctx, { now: false })) ?? assert.fail()
    await db.updateTable('signing_key').set({ sealed: 'v1.lost.AAAA' }).where('kid', 'in', made).execute()
    assert.deepEqual(
      (await keysOf(ctx)).map(({ kid }) => kid),
      signing,
    )
    assert.deepEqual(
      (await keysOf(later(ctx, days(1)))).map(({ kid }) => kid),
      signing,
    )
  },
)

onBothEngines('a process with an older keyring than the database replaces nothing', async (_, db) => {
  const [ctx, restarted] = [node(db), node(db)]
  await ensureSigningKeys(restarted)
  const rows = restarted.keyring.keys.map(({ createdAt, ...key }) => ({ ...key, created_at: createdAt }))
  await db.insertInto('keyring_key').values(rows).execute()
  await assert.rejects(readableKeys(ctx, undefined), KeyringError)
  assert.equal((await keysOf(restarted)).length, 2)
  assert.deepEqual(await rotations(restarted), [])
})
