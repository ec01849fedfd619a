import fc from 'fast-check'
import assert from 'node:assert/strict'

import { days } from '#foundation/kernel/time.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import { newStore, onBothEngines } from '#test/support/databases/stores.ts'
import { acceptStep, deletePassedSteps, markStepDisclosed, useUpCurrentSteps } from './consumed-steps.queries.ts'
import { insertTotp } from './totp.queries.ts'

const ID = 'app'
const NOW = 1_800_000_000_000
const DAY = days(1) / 30_000

async function newApp(db: Database, id = ID): Promise<void> {
  const users = db.insertInto('users').values({ subject: 'ada', username: 'ada', disabled: 0 })
  await users.onConflict((conflict) => conflict.doNothing()).execute()
  const unused = { lastUsedAt: null, lastUsedStep: null, replaces: null }
  const sealed = { sealedSecret: 'sealed', algorithm: 'SHA1', digits: 6, period: 30 } as const
  await insertTotp(db, 'ada', { id, name: 'Phone', createdAt: 0, confirmedAt: 0, ...unused, ...sealed })
}

function accept(db: Database, step: number, id = ID): Promise<boolean> {
  return db.transact((trx) => acceptStep(trx, id, step, NOW))
}

/** Accepts a step as the previous version does, which knows the last step only. */
async function acceptAsBefore(db: Database, step: number, id = ID): Promise<boolean> {
  const rows = await db
    .updateTable('totp_factor')
    .set({ last_used_step: step, last_used_at: NOW })
    .where('id', '=', id)
    .where((eb) => eb.or([eb('last_used_step', 'is', null), eb('last_used_step', '<', step)]))
    .returning('id')
    .execute()
  return rows.length > 0
}

onBothEngines(
  'steps used ahead of time leave those of the present, and stay used when their time comes',
  async (_t, db) => {
    await newApp(db)
    const steps = [10, 10 + DAY, 12 + DAY, 10, 11, 11, 9, 12, 10 + DAY, 11 + DAY, 12 + DAY, 13 + DAY]
    const accepted: number[] = []
    for (const step of steps) if (await accept(db, step)) accepted.push(step)
    assert.deepEqual(accepted, [10, 10 + DAY, 12 + DAY, 11, 12, 13 + DAY])
  },
)

onBothEngines(
  'of parallel uses of one step while the last used one is in the future, one is accepted',
  async (_t, db, store) => {
    const other = await store.open()
    await newApp(db)
    for (const step of [10, 10 + DAY]) assert.equal(await accept(db, step), true)
    for (const step of [11, 12, 20]) {
      const tries = Array.from({ length: 20 }, (_, number) => accept(number % 2 === 0 ? db : other, step))
      assert.equal((await Promise.all(tries)).filter(Boolean).length, 1)
    }
  },
)

onBothEngines(
  'a step that was disclosed by a clock ahead is replaced by the next one, and is never accepted',
  async (_t, db) => {
    await newApp(db)
    const at = (current: number) => ({ passed: current - 1, beyond: current + 120 })
    assert.equal(await markStepDisclosed(db, ID, DAY + 50, at(DAY)), true)
    assert.equal(await markStepDisclosed(db, ID, 60, at(10)), true)
    assert.equal(await markStepDisclosed(db, ID, 70, at(10)), false)
    const tries = [60, 61, DAY + 50, DAY + 51].map((step) => [step, () => accept(db, step)] as const)
    for (const [step, tried] of tries) assert.equal(await tried(), step === 61 || step === DAY + 51, String(step))
  },
)

onBothEngines('a used step is stored for as long as a clock may be set back, and no longer', async (_t, db) => {
  await newApp(db)
  await accept(db, 10)
  const left = async () => (await db.selectFrom('consumed_totp_step').select('step').execute()).length
  await deletePassedSteps(db, 12 * 30_000)
  assert.equal(await left(), 1)
  await deletePassedSteps(db, 12 * 30_000 + 1)
  assert.equal(await left(), 0)
})

/** A client sends the code of a step near the current one of one of several clocks, to this version of the program or the previous one. */
const uses = fc.array(
  fc.record({ clock: fc.constantFrom(0, 5, 40, 41), offset: fc.integer({ min: -1, max: 1 }), isOld: fc.boolean() }),
  { minLength: 1, maxLength: 30 },
)

onBothEngines('no step is accepted twice, with any clocks and either of two versions', async (t, _db, { engine }) => {
  const { db } = await newStore(t, engine)
  let apps = 0
  const property = fc.asyncProperty(uses, async (all) => {
    const id = `app-${apps++}`
    await newApp(db, id)
    const accepted: number[] = []
    for (const [time, { clock, offset, isOld }] of all.entries()) {
      const step = 100 + clock + Math.floor(time / 10) + offset
      if (await (isOld ? acceptAsBefore : accept)(db, step, id)) accepted.push(step)
    }
    assert.equal(new Set(accepted).size, accepted.length, String(accepted))
  })
  await fc.assert(property, { numRuns: 60 })
})

onBothEngines(
  'a step that the previous version consumed ahead of time blocks the present ones, as in that version',
  async (_t, db) => {
    await newApp(db)
    assert.equal(await accept(db, 10), true)
    assert.equal(await acceptAsBefore(db, 10 + DAY), true)
    assert.deepEqual([await accept(db, 11), await acceptAsBefore(db, 11)], [false, false])
    assert.equal(await accept(db, 11 + DAY), true)
    assert.equal(await accept(db, 12), false, 'the steps used before the last one are unknown')
  },
)

onBothEngines(
  'after a rollback of the database no step up to the present is accepted, also if a later one was used ahead of time',
  async (_t, db) => {
    await newApp(db)
    const current = Math.floor(NOW / 30_000)
    for (const step of [current - 100, current + DAY]) assert.equal(await accept(db, step), true)
    const [earlier] = await db.selectFrom('totp_factor').selectAll().execute()
    assert.ok(earlier)
    assert.equal(await accept(db, current), true)
    await db.deleteFrom('consumed_totp_step').where('step', '=', current).execute()
    await db.updateTable('totp_factor').set(earlier).execute()

    await useUpCurrentSteps(db, NOW / 1000)
    for (const step of [current - 1, current, current + 1]) assert.equal(await accept(db, step), false)
    assert.equal(await accept(db, current + 2), true)
  },
)
