import assert from 'node:assert/strict'

import { listEvents, recordEvent } from '#domain/audit/audit.service.ts'
import { type Context, inTransaction } from '#foundation/context.ts'
import { LostUpdate } from '#foundation/kernel/optimistic-locking.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import { onBothEngines } from '#test/support/databases/stores.ts'
import { wholeContext } from '#test/support/people/principals.ts'
import { ApprovalRequired, auditedChange } from './audited-change.service.ts'

const CHANGE = { action: 'role.changed', details: { role: 'clerk' } } as const

/** What the events say, oldest first. */
async function recorded(ctx: Context): Promise<unknown[]> {
  const { items } = await listEvents(ctx, { limit: 50 })
  return items.toReversed().map(({ action, result, reason, target }) => [action, result, reason, target])
}

const refuse = (): Promise<never> => Promise.reject(new Refusal('role.in_use'))

onBothEngines('a refusal is recorded after the rollback, with what the work had read', async (t, db) => {
  const ctx = await wholeContext(t, db)
  const change = auditedChange(ctx, CHANGE, async (tx, facts) => {
    await recordEvent(tx, { action: 'role.created' })
    facts.target = 'abc'
    return refuse()
  })
  await assert.rejects(change, (error: Refusal) => error.code === 'role.in_use' && error.id !== undefined)
  assert.deepEqual(await recorded(ctx), [['role.changed', 'refused', 'in_use', 'abc']])
})

onBothEngines('after a lost update the facts are fresh, and one refusal is recorded', async (t, db) => {
  const ctx = await wholeContext(t, db)
  const change = auditedChange(ctx, CHANGE, async (_, facts, conflicts) => {
    if (conflicts === 2) return refuse()
    facts.target = 'abc'
    facts.details = { role: 'other' }
    throw new LostUpdate()
  })
  await assert.rejects(change, { code: 'role.in_use' })
  assert.deepEqual(await recorded(ctx), [['role.changed', 'refused', 'in_use', null]])
  const [event] = (await listEvents(ctx, { limit: 1 })).items
  assert.equal(event?.details?.['role'], 'clerk')
})

onBothEngines(
  'a change that needs a second admin becomes a request after the rollback, no refused event',
  async (t, db) => {
    const ctx = await wholeContext(t, db)
    const change = auditedChange(ctx, CHANGE, async (tx) => {
      await recordEvent(tx, { action: 'role.changed' })
      throw new ApprovalRequired(async (after) => {
        assert.equal(after.db.isTransaction, false)
        await recordEvent(after, { action: 'approval.requested' })
        return 'request-1'
      })
    })
    await assert.rejects(change, (error: Refusal) => {
      assert.deepEqual([error.code, error.facts.approval], ['approval.waiting', 'request-1'])
      return true
    })
    assert.deepEqual(await recorded(ctx), [['approval.requested', 'done', null, null]])
  },
)

onBothEngines('inside another change only the outer one repeats, asks and records', async (t, db) => {
  const ctx = await wholeContext(t, db)
  const outer = { action: 'approval.carried_out' } as const
  await assert.rejects(
    auditedChange(ctx, outer, (tx) => auditedChange(tx, CHANGE, refuse)),
    { code: 'role.in_use' },
  )
  assert.deepEqual(await recorded(ctx), [['approval.carried_out', 'refused', 'in_use', null]])
  let runs = 0
  const nested = auditedChange(ctx, outer, async (tx) => {
    runs += 1
    return auditedChange(tx, CHANGE, () => (runs === 1 ? Promise.reject(new LostUpdate()) : Promise.resolve('done')))
  })
  assert.equal(await nested, 'done')
  assert.equal(runs, 2)
  const asking = new ApprovalRequired(() => Promise.resolve('request-2'))
  await assert.rejects(
    inTransaction(ctx, (tx) => auditedChange(tx, CHANGE, () => Promise.reject(asking))),
    asking,
  )
})

onBothEngines('without an action a refusal is no event', async (t, db) => {
  const ctx = await wholeContext(t, db)
  await assert.rejects(auditedChange(ctx, {}, refuse), { code: 'role.in_use' })
  assert.deepEqual(await recorded(ctx), [])
})
