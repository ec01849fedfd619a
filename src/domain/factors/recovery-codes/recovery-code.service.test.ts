import assert from 'node:assert/strict'

import { insertUser } from '#domain/users/user.service.ts'
import { inTransaction } from '#foundation/context.ts'
import { onBothEngines } from '#test/support/databases/stores.ts'
import { wholeContext } from '#test/support/people/principals.ts'
import { checkRecoveryCode, makeRecoveryCodes, replaceRecoveryCodes } from './recovery-code.service.ts'

onBothEngines('a verification costs one hash, whether the selector of the code exists or not', async (t, db) => {
  const ctx = await wholeContext(t, db)
  const { subject } = await insertUser(ctx, { username: 'ada', role: 'user' })
  const made = await makeRecoveryCodes(ctx)
  await inTransaction(ctx, (tx) => replaceRecoveryCodes(tx, subject, made))
  const [good = ''] = made.shown.map((code) => code.reveal())
  const selectors = new Set(made.stored.map(({ selector }) => selector))
  const unknown = ['000', '111', '222', '333', '444', '555', '666', '777', '888', '999', 'aaa'].find(
    (selector) => !selectors.has(selector),
  )
  const guesses = {
    good,
    wrong: `${good.slice(0, -1)}${good.endsWith('0') ? '1' : '0'}`,
    unknown: `${unknown}${good.slice(3)}`,
  }
  for (const [guess, typed] of Object.entries(guesses)) {
    const before = ctx.hasher.stats().hashes
    const { outcome } = await checkRecoveryCode(ctx, subject, typed)
    assert.deepEqual([outcome, ctx.hasher.stats().hashes - before], [guess === 'good' ? 'matched' : 'wrong', 1], guess)
  }
})

onBothEngines('each code is stored as argon2id of its secret half, under a salt of its own', async (t, db) => {
  const ctx = await wholeContext(t, db)
  const { subject } = await insertUser(ctx, { username: 'ada', role: 'user' })
  const made = await makeRecoveryCodes(ctx)
  await inTransaction(ctx, (tx) => replaceRecoveryCodes(tx, subject, made))
  const rows = await db.selectFrom('recovery_code').selectAll().execute()
  assert.equal(rows.length, made.shown.length)
  const salts = rows.map(({ code_hash: hash }) => /^\$argon2id\$v=19\$[^$]+\$([\w+/]{22})\$/.exec(hash)?.[1])
  assert.equal(new Set(salts).size, rows.length)
  assert.ok(!salts.includes(undefined))
  const stored = JSON.stringify(rows)
  for (const code of made.shown) assert.ok(!stored.includes(code.reveal().replaceAll('-', '').slice(3)))
})
