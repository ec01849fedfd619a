import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { Principal } from '#foundation/kernel/principal.ts'
import { contextOn, newStore, onBothEngines, STRANGER } from '#test/support/databases/stores.ts'
import { type EventPage, listEvents, type NewEvent, recordEvent } from './audit.service.ts'
import type { EventCursor } from './event-filter.ts'
import { actionSentence, EVENTS } from './event.ts'

onBothEngines('an event stores actor, action, target, request source and reason', async (_, db) => {
  const ctx = contextOn(db)
  await recordEvent(ctx, {
    action: 'sign_in.refused',
    target: 's1',
    result: 'refused',
    reason: 'wrong_password',
    details: { name: 'ada' },
  })
  const { items } = await listEvents(ctx, { limit: 10 })
  const { id, ...said } = items[0]!
  assert.ok(id)
  assert.deepEqual(said, {
    at: ctx.now,
    action: 'sign_in.refused',
    actor: null,
    target: 's1',
    result: 'refused',
    reason: 'wrong_password',
    details: { name: 'ada', address: '192.0.2.1', network: '192.0.2.1', agent: 'test', door: 'http' },
    position: null,
  })
})

onBothEngines(
  'details with any text are stored unchanged, and the operator is recorded as entry point cli',
  async (_, db) => {
    const operator: Principal = { kind: 'operator', source: STRANGER.source }
    const ctx = contextOn(db, { principal: operator })
    await recordEvent(ctx, {
      action: 'user.created',
      actor: 's9',
      details: { name: 'a\0b\ud800"\u2028', salt2: 1, more: null },
    })
    const { items } = await listEvents(ctx, { limit: 1 })
    assert.equal(items[0]?.details?.['name'], 'a\0b\ud800"\u2028')
    assert.equal(items[0]?.details?.['door'], 'cli')
    assert.equal(items[0]?.actor, 's9')
  },
)

onBothEngines('pages of events are newest first, complete and without repetition', async (_, db) => {
  const ctx = contextOn(db)
  for (let event = 0; event < 25; event++) {
    const at = { ...ctx, now: ctx.now + Math.floor(event / 3) }
    await recordEvent(at, {
      action: event % 2 ? 'user.changed' : 'user.created',
      actor: `s${event % 4}`,
      target: `s${event % 3}`,
    })
  }
  const seen: string[] = []
  let cursor = null
  do {
    const page = await listEvents(ctx, { limit: 10, cursor })
    seen.push(...page.items.map(({ id }) => id))
    cursor = page.next
  } while (cursor)
  assert.equal(new Set(seen).size, 25)
  const all = await db.selectFrom('audit_event').select('id').orderBy('at', 'desc').orderBy('id', 'desc').execute()
  assert.deepEqual(
    seen,
    all.map(({ id }) => id),
  )
  const counts = await Promise.all(
    [
      { actor: 's1' },
      { target: 's0' },
      { about: 's3' },
      { action: 'user.created' },
      { result: 'refused' as const },
      { since: ctx.now + 8 },
      { until: ctx.now + 1 },
      { actor: "' or 1=1 --" },
    ].map(async (filter) => (await listEvents(ctx, { ...filter, limit: 100 })).items.length),
  )
  assert.deepEqual(counts, [6, 9, 6, 13, 0, 1, 3, 0])
})

onBothEngines('events stored under a former name are shown and found under the present one', async (_, db) => {
  const ctx = contextOn(db)
  const stored = { ...ctx, now: ctx.now + 1 }
  const former = { action: 'throttle.closed', target: 's1', reason: 'shut' } as unknown as NewEvent
  await recordEvent(ctx, former)
  await recordEvent(stored, { action: 'throttle.blocked', target: 's1', reason: 'backoff' })
  for (const filter of [{ action: 'throttle.blocked' }, { action: 'throttle.blocked', about: 's1' }, {}]) {
    const { items } = await listEvents(ctx, { ...filter, limit: 10 })
    assert.deepEqual(
      items.map(({ action, reason }) => [action, reason]),
      [
        ['throttle.blocked', 'backoff'],
        ['throttle.blocked', 'lockout'],
      ],
    )
  }
  const row = await db.selectFrom('audit_event').select('action').orderBy('at').executeTakeFirst()
  assert.equal(row?.action, 'throttle.closed')
})

test('recording an event is one statement', async (t) => {
  for (const engine of ['sqlite', 'postgres'] as const) {
    const statements: string[] = []
    const ctx = contextOn(await (await newStore(t, engine)).open({ onStatement: (text) => statements.push(text) }))
    await recordEvent(ctx, { action: 'user.created' })
    statements.length = 0
    await recordEvent(ctx, { action: 'user.created' })
    // On SQLite a transaction of its own counts the commit.
    assert.equal(statements.filter((text) => !/^(begin|commit)/.test(text)).length, 1)
  }
})

test('every action has a sentence, also when refused, and an unknown action is shown by its name', () => {
  for (const action of Object.keys(EVENTS)) {
    assert.match(actionSentence(action, 'done'), /^“?[A-Z]/)
    assert.match(actionSentence(action, 'refused'), /refused|failed|rejected|not /i)
  }
  assert.equal(actionSentence('passkey.added', 'done'), 'passkey.added')
  assert.equal(actionSentence('toString', 'done'), 'toString')
})

onBothEngines('the events of a network with more than a thousand are paged like those of any other', async (_t, db) => {
  const count = 1200
  const rows = Array.from({ length: count }, (_, number) => ({
    id: String(number).padStart(6, '0'),
    at: number,
    action: 'user.changed',
    result: 'done' as const,
    details_digest: '',
    address_key: number % 10 === 0 ? '4c6336407' : `4c00002${(number % 256).toString(16).padStart(2, '0')}`,
    key_id: '',
    mac: '',
  }))
  for (let from = 0; from < count; from += 400)
    await db
      .insertInto('audit_event')
      .values(rows.slice(from, from + 400))
      .execute()
  const network = { from: '4c0000200', to: '4c00002ff' }
  const ids: string[] = []
  let cursor: EventCursor | null = null
  do {
    const page: EventPage = await listEvents({ db }, { address: network, limit: 500, cursor })
    ids.push(...page.items.map(({ id }) => id))
    cursor = page.next
  } while (cursor !== null)
  const wanted = rows.filter(({ address_key: key }) => key.startsWith('4c00002')).map(({ id }) => id)
  assert.ok(wanted.length > 1000)
  assert.deepEqual(ids, wanted.toReversed())
})
