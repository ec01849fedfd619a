import { sql } from 'kysely'
import assert from 'node:assert/strict'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'

import { inTransaction } from '#foundation/context.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { toRfc3339 } from '#foundation/kernel/time.ts'
import { ownDatabaseUrl } from '#foundation/platform/config/database-url.ts'
import type { Keyring } from '#foundation/platform/crypto/keyring.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import { contextOn, newKeyring, onBothEngines } from '#test/support/databases/stores.ts'
import { temporaryFolder } from '#test/support/databases/temporary.ts'
import { OPERATOR } from '#test/support/people/principals.ts'
import { lastLink } from './audit.queries.ts'
import { recordEvent } from './audit.service.ts'
import { startVerification } from './chain-verification.ts'
import { chainPending } from './chain-writer.service.ts'
import { type ChainedEvent, EMPTY_CHAIN, linksAfter } from './chain.ts'
import { appendCheckpoint, checkpointPaths, newCheckpoint } from './checkpoint.service.ts'
import { endingsAfter } from './ending-list.service.ts'
import { coreText } from './event.ts'
import { verifyAudit } from './verify.service.ts'

const EVENTS = 12
const NO_ENDING = { ends: null, ending_mac: null }

async function newFolder(t: TestContext) {
  const dataDir = await temporaryFolder(t)
  return { dataDir, databaseUrl: Secret.of(ownDatabaseUrl(dataDir)) }
}

async function writtenLog(t: TestContext, db: Database) {
  const ctx = { ...contextOn(db), config: await newFolder(t) }
  for (let event = 1; event <= EVENTS; event++) {
    const later = { ...ctx, now: ctx.now + event }
    await recordEvent(later, {
      action: 'user.changed',
      actor: 's1',
      target: `s${event}`,
      details: { name: `n${event}` },
    })
  }
  await chainPending(ctx)
  return {
    ctx,
    /** Returns the problems, as `kind position`. */
    async found(): Promise<string[]> {
      const { problems, ok } = await verifyAudit(ctx)
      assert.equal(ok, problems.length === 0)
      return problems.map(({ kind, position }) => `${kind} ${position}`)
    },
    async writeCheckpoint() {
      const end = (await lastLink(db)) ?? EMPTY_CHAIN
      await appendCheckpoint(ctx.config, newCheckpoint(end, ctx.now, ctx.keyring))
    },
  }
}

async function chainOf(db: Database): Promise<ChainedEvent[]> {
  return db.selectFrom('audit_event').selectAll().orderBy('position').execute()
}

/** Recomputes every MAC over the current rows, as an attacker with a key and the database can. */
async function recompute(db: Database, keyring: Keyring, keyId?: string): Promise<void> {
  const keys = keyring
  const rows = (await chainOf(db)).map((row) => {
    const { mac, keyId: own } = keys.mac('audit', coreText({ ...row, detailsDigest: row.details_digest }))
    return { id: row.id, mac, key_id: keyId ?? own }
  })
  for (const [index, link] of linksAfter(EMPTY_CHAIN, rows, keys).entries()) {
    const chainMac = keyId === undefined ? link.chainMac : `${keyId}.${link.chainMac.split('.')[1]}`
    const { id, ...columns } = rows[index]!
    await db
      .updateTable('audit_event')
      .set({ ...columns, previous_mac: link.previousMac, chain_mac: chainMac })
      .where('id', '=', id)
      .execute()
  }
}

onBothEngines('an untouched log verifies, before and after more events', async (t, db) => {
  const log = await writtenLog(t, db)
  await log.writeCheckpoint()
  await recordEvent(log.ctx, { action: 'user.deleted', target: 's3' })
  const { ok, checked, checkpoints, problems } = await verifyAudit(log.ctx)
  const wanted = { ok: true, checked: EVENTS + 1, checkpoints: 1, problems: [] }
  assert.deepEqual({ ok, checked, checkpoints, problems }, wanted)
})

onBothEngines('an empty log verifies', async (t, db) => {
  const ctx = { ...contextOn(db), config: await newFolder(t) }
  const checkpointPath = join(ctx.config.dataDir, 'audit-checkpoints')
  const wanted = { ok: true, checked: 0, checkpoints: 0, checkpointPath, problems: [] }
  assert.deepEqual(await verifyAudit(ctx), wanted)
})

onBothEngines('erased details are no problem, altered ones are', async (t, db) => {
  const log = await writtenLog(t, db)
  await sql`update audit_event set details = null, address_key = null where target = 's4'`.execute(db)
  assert.deepEqual(await log.found(), [])
  await sql`update audit_event set details = replace(details, 'n7', 'nX') where position = 7`.execute(db)
  await sql`update audit_event set details = '{}' where position = 8`.execute(db)
  assert.deepEqual(await log.found(), ['details-altered 7', 'details-altered 8'])
})

onBothEngines('an event whose address key is not that of its IP address is reported', async (t, db) => {
  const log = await writtenLog(t, db)
  const principal = { ...OPERATOR, source: { ...OPERATOR.source, ipAddress: 'local' } }
  await recordEvent({ ...log.ctx, principal, now: log.ctx.now + EVENTS + 1 }, { action: 'key.forgotten' })
  assert.deepEqual(await log.found(), [])
  await sql`update audit_event set address_key = '4c0000202' where position = 4`.execute(db)
  await sql`update audit_event set address_key = null where position = 5`.execute(db)
  await sql`update audit_event set details = null where position = 6`.execute(db)
  await sql`update audit_event set address_key = '4c0000201' where action = 'key.forgotten'`.execute(db)
  const positions = [4, 5, 6, EVENTS + 1]
  assert.deepEqual(
    await log.found(),
    positions.map((position) => `details-altered ${position}`),
  )
})

for (const [column, value] of [
  ['actor', 's2'],
  ['actor', null],
  ['at', 5],
  ['action', 'user.deleted'],
  ['target', 's9'],
  ['result', 'refused'],
  ['reason', 'x'],
  ['details_digest', '00'],
] as const) {
  onBothEngines(`an event whose ${column} became ${value} is reported as edited`, async (t, db) => {
    const log = await writtenLog(t, db)
    await sql`update audit_event set ${sql.ref(column)} = ${value} where position = 5`.execute(db)
    assert.deepEqual(await log.found(), ['edited 5'])
  })
}

for (const [what, changed] of [
  ['a copy of an event', { id: 'copy' }],
  ['a copy of an event with another target', { id: 'forged', target: 's5' }],
] as const) {
  onBothEngines(`${what} is reported as edited`, async (t, db) => {
    const log = await writtenLog(t, db)
    const [first] = await chainOf(db)
    await db
      .insertInto('audit_event')
      .values({ ...first!, ...changed, position: null, previous_mac: null, chain_mac: null })
      .execute()
    assert.deepEqual(await log.found(), [`edited ${EVENTS + 1}`])
  })
}

/** Inserts a row with forged MACs, as an attacker without the key can. */
async function forge(db: Database, id: string, position: unknown): Promise<void> {
  const [first] = await chainOf(db)
  const garbage = { mac: 'x', previous_mac: 'x', chain_mac: 'x.x' }
  await db
    .insertInto('audit_event')
    .values({ ...first!, ...garbage, id, position: position as number })
    .execute()
}

const INVALID_POSITIONS = [0, -1, -9_007_199_254_740_991, -9_223_372_036_854_775_808n, 9_223_372_036_854_775_807n]
const INVALID_ON_SQLITE = [-1e300, -2e300, 1e300, 0.5, 3.5, 'nowhere', '7x', Buffer.from('7'), Infinity, -Infinity]

onBothEngines('an event that was inserted without the key is reported at any position', async (t, db, { engine }) => {
  const log = await writtenLog(t, db)
  const positions = engine === 'sqlite' ? [...INVALID_POSITIONS, ...INVALID_ON_SQLITE] : INVALID_POSITIONS
  for (const position of positions) {
    await forge(db, 'forged', position)
    const { ok, checked, problems } = await verifyAudit(log.ctx)
    const found = problems.map(({ kind, id }) => `${kind} ${id}`)
    assert.deepEqual([ok, checked, found], [false, EVENTS + 1, ['misplaced forged']], String(position))
    await db.deleteFrom('audit_event').where('id', '=', 'forged').execute()
  }
  assert.deepEqual(await log.found(), [])
})

onBothEngines('events outside the chain do not keep later ones from being chained', async (t, db, { engine }) => {
  const log = await writtenLog(t, db)
  await forge(db, 'forged', engine === 'sqlite' ? '7x' : 9_223_372_036_854_775_807n)
  await recordEvent(log.ctx, { action: 'user.deleted', target: 's3' })
  const { checked, problems } = await verifyAudit(log.ctx)
  assert.deepEqual([checked, problems.map(({ kind }) => kind)], [EVENTS + 2, ['misplaced']])
  assert.equal((await lastLink(db))?.position, EVENTS + 1)
})

onBothEngines(
  'an event at the last possible position is reported, although no event can be chained after it',
  async (t, db) => {
    const log = await writtenLog(t, db)
    await forge(db, 'forged', Number.MAX_SAFE_INTEGER)
    for (let event = 0; event < 2; event++) await recordEvent(log.ctx, { action: 'user.created' })
    const found = await log.found()
    assert.ok(found.includes(`unknown-key ${Number.MAX_SAFE_INTEGER}`), found.join())
  },
)

for (const twin of ['a-forged', 'z-forged']) {
  onBothEngines(`two events at one position are both verified, also at the end of a page (${twin})`, async (t, db) => {
    const log = await writtenLog(t, db)
    for (let event = EVENTS; event < 600; event++) await recordEvent(log.ctx, { action: 'user.created' })
    assert.deepEqual(await log.found(), [])
    await sql`drop index audit_event_position_unique`.execute(db)
    for (const position of [500, 501]) await forge(db, `${twin}-${position}`, position)
    const { checked, problems } = await verifyAudit(log.ctx)
    assert.equal(checked, 602)
    for (const position of [500, 501]) {
      assert.ok(problems.some((problem) => problem.kind === 'misplaced' && problem.position === position))
    }
  })
}

onBothEngines('a removed event leaves a gap, at the beginning too', async (t, db) => {
  const log = await writtenLog(t, db)
  await db.deleteFrom('audit_event').where('position', 'in', [1, 6, 7]).execute()
  assert.deepEqual(await log.found(), ['removed 1', 'removed 6'])
})

onBothEngines('a removed event is detected although the later ones were renumbered', async (t, db) => {
  const log = await writtenLog(t, db)
  await db.deleteFrom('audit_event').where('position', '=', 6).execute()
  for (let position = 7; position <= EVENTS; position++) {
    await db
      .updateTable('audit_event')
      .set({ position: position - 1 })
      .where('position', '=', position)
      .execute()
  }
  const found = await log.found()
  assert.equal(found[0], 'reordered 6')
  assert.equal(found.length, EVENTS - 6)
})

onBothEngines('a former event that was put back into a chain without it is detected', async (t, db) => {
  const log = await writtenLog(t, db)
  const old = (await chainOf(db))[5]!
  await db.deleteFrom('audit_event').where('position', '>', 5).execute()
  for (let event = 0; event < 3; event++) await recordEvent(log.ctx, { action: 'user.created' })
  await chainPending(log.ctx)
  await db.deleteFrom('audit_event').where('position', '=', 6).execute()
  await db.insertInto('audit_event').values(old).execute()
  assert.deepEqual(await log.found(), ['recomputed 7'])
})

onBothEngines('two events that were swapped are both reported as reordered', async (t, db) => {
  const log = await writtenLog(t, db)
  for (const [from, to] of [
    [4, 100],
    [5, 4],
    [100, 5],
  ] as const) {
    await db.updateTable('audit_event').set({ position: to }).where('position', '=', from).execute()
  }
  assert.deepEqual(await log.found(), ['reordered 4', 'reordered 5'])
})

onBothEngines('events that were swapped under the former chain MACs are both reported as reordered', async (t, db) => {
  const log = await writtenLog(t, db)
  const rows = await chainOf(db)
  const [four, five] = [rows[3]!, rows[4]!]
  const links = ({ position, previous_mac, chain_mac }: ChainedEvent) => ({ position, previous_mac, chain_mac })
  await db.updateTable('audit_event').set({ position: 100 }).where('id', '=', four.id).execute()
  await db.updateTable('audit_event').set(links(four)).where('id', '=', five.id).execute()
  await db.updateTable('audit_event').set(links(five)).where('id', '=', four.id).execute()
  assert.deepEqual(await log.found(), ['reordered 4', 'reordered 5'])
})

onBothEngines(
  'a chain that was recomputed with another key is reported, under the id of the former key or another',
  async (t, db) => {
    const log = await writtenLog(t, db)
    await sql`update audit_event set target = 's1' where position = 5`.execute(db)
    const own = newKeyring()
    await recompute(db, own, log.ctx.keyring.mac('audit', '').keyId)
    const found = await log.found()
    assert.equal(found[0], 'recomputed 1')
    assert.equal(found.length, EVENTS)
    await recompute(db, own)
    assert.deepEqual(await log.found(), ['unknown-key 1'])
  },
)

onBothEngines('a chain that was recomputed with the right key is detected by a checkpoint', async (t, db) => {
  const log = await writtenLog(t, db)
  await log.writeCheckpoint()
  await sql`update audit_event set target = 's1' where position = 5`.execute(db)
  await recompute(db, log.ctx.keyring)
  assert.deepEqual(await log.found(), [`recomputed ${EVENTS}`])
})

onBothEngines('a newer checkpoint does not hide that an older one does not match', async (t, db) => {
  const log = await writtenLog(t, db)
  await log.writeCheckpoint()
  await sql`update audit_event set target = 's1' where position = 5`.execute(db)
  await recompute(db, log.ctx.keyring)
  await recordEvent(log.ctx, { action: 'user.created' })
  await chainPending(log.ctx)
  await log.writeCheckpoint()
  assert.deepEqual(await log.found(), [`recomputed ${EVENTS}`])
})

onBothEngines('a checkpoint after a half-written line is read', async (t, db) => {
  const log = await writtenLog(t, db)
  await writeFile(join(log.ctx.config.dataDir, 'audit-checkpoints'), '{"position":11,"se')
  await log.writeCheckpoint()
  await db.deleteFrom('audit_event').where('position', '=', EVENTS).execute()
  assert.deepEqual(await log.found(), [`cut-off ${EVENTS}`])
})

onBothEngines('a checkpoint whose chain MAC was changed is forged', async (t, db) => {
  const log = await writtenLog(t, db)
  await log.writeCheckpoint()
  const path = join(log.ctx.config.dataDir, 'audit-checkpoints')
  const line = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>
  await writeFile(path, JSON.stringify({ ...line, seal: `${String(line['seal'])}0` }))
  assert.deepEqual(await log.found(), ['edited 0'])
})

onBothEngines('a truncated log is detected by a checkpoint, also when new events follow', async (t, db) => {
  const log = await writtenLog(t, db)
  await log.writeCheckpoint()
  await db
    .deleteFrom('audit_event')
    .where('position', '>', EVENTS - 2)
    .execute()
  assert.deepEqual(await log.found(), [`cut-off ${EVENTS - 1}`])
  for (let event = 0; event < 3; event++) await recordEvent(log.ctx, { action: 'user.created' })
  assert.deepEqual(await log.found(), [`recomputed ${EVENTS}`])
})

onBothEngines('a forged checkpoint is reported, and a half-written line is ignored', async (t, db) => {
  const log = await writtenLog(t, db)
  await log.writeCheckpoint()
  const { path } = await checkpointPaths(log.ctx.config)
  assert.equal((await stat(path)).mode & 0o777, 0o600)
  const text = await readFile(path, 'utf8')
  await writeFile(path, `${text}{"position":13,"se`)
  assert.deepEqual(await log.found(), [])
  await writeFile(path, text.replace(`"position":${EVENTS}`, '"position":3'))
  assert.deepEqual(await log.found(), ['edited 0'])
  await writeFile(path, '{"version":1,"keys":[]}\n[]\n12\n')
  const { ok, checkpoints } = await verifyAudit(log.ctx)
  assert.deepEqual([ok, checkpoints], [true, 0], 'lines of another form are ignored')
})

onBothEngines('a problem that a checkpoint shows names its file and its time', async (t, db) => {
  const log = await writtenLog(t, db)
  await log.writeCheckpoint()
  const reported = async () => {
    const { problems, checkpointPath } = await verifyAudit(log.ctx)
    return problems.map(({ checkpointAt, sentence }) => [
      checkpointAt,
      sentence.includes(`the checkpoint of ${toRfc3339(log.ctx.now)} in ${checkpointPath}`),
    ])
  }
  await db.deleteFrom('audit_event').where('position', '=', EVENTS).execute()
  assert.deepEqual(await reported(), [[log.ctx.now, true]])
  await recordEvent(log.ctx, { action: 'user.created' })
  assert.deepEqual(await reported(), [[log.ctx.now, true]])
  await sql`update audit_event set target = 's1' where position = 5`.execute(db)
  assert.deepEqual(await reported(), [
    [null, false],
    [log.ctx.now, true],
  ])
})

onBothEngines('a checkpoint is compared although another chain has a later one at the same position', async (t, db) => {
  const log = await writtenLog(t, db)
  await log.writeCheckpoint()
  await db.deleteFrom('audit_event').where('position', '=', EVENTS).execute()
  await recordEvent(log.ctx, { action: 'user.created' })
  await chainPending(log.ctx)
  await log.writeCheckpoint()
  assert.deepEqual(await log.found(), [`recomputed ${EVENTS}`])
})

onBothEngines(
  'a change of what an event ends is found, and so is a version before that wrote nothing of it',
  async (t, db) => {
    const log = await writtenLog(t, db)
    await recordEvent(log.ctx, { action: 'session.ended', target: 's1', ending: { sessionId: 'first' } })
    await chainPending(log.ctx)
    const last = db.updateTable('audit_event').where('position', '=', EVENTS + 1)
    assert.deepEqual(await log.found(), [])
    for (const change of [
      { session_id: 'other' },
      { ends: 'nothing' },
      { kept_session_id: 'kept' },
      { client_id: 'app' },
    ] as const) {
      await last.set(change).execute()
      assert.deepEqual(await log.found(), [`edited ${EVENTS + 1}`], JSON.stringify(change))
      await last.set({ session_id: 'first', ends: 'session', kept_session_id: null, client_id: null }).execute()
    }
    await last.set({ ending_mac: null }).execute()
    assert.deepEqual(await log.found(), [`edited ${EVENTS + 1}`])
    // An older program writes such an event, which then counts as an end of everything of its target.
    await last.set({ ends: null, session_id: null }).execute()
    assert.deepEqual(await log.found(), [])
    const { endings } = await endingsAfter(log.ctx, 0, 100)
    assert.deepEqual(
      endings.map(({ kind, position, sessionId }) => ({ kind, position, sessionId })),
      [{ kind: 'user', position: EVENTS + 1, sessionId: null }],
    )
  },
)

onBothEngines('an event that commits late is chained after the others', async (t, db, store) => {
  const log = await writtenLog(t, db)
  await inTransaction(log.ctx, async (inside) => {
    await recordEvent({ ...inside, now: 1 }, { action: 'user.created', target: 'late' })
    if (store.engine === 'postgres') assert.equal(await chainPending({ ...log.ctx, db: await store.open() }), 0)
  })
  await recordEvent(log.ctx, { action: 'user.created', target: 'after' })
  assert.equal(await chainPending(log.ctx), 2)
  assert.deepEqual(
    (await chainOf(db)).slice(-2).map(({ target }) => target),
    ['late', 'after'],
  )
  assert.deepEqual(await log.found(), [])
})

onBothEngines(
  'parallel chain writers make one chain without gaps, over more events than one batch',
  async (t, db, store) => {
    const log = await writtenLog(t, db)
    const row = (await chainOf(db))[0]!
    const { keyring } = log.ctx
    const rows = Array.from({ length: 1100 }, (_, index) => {
      const fresh = { ...row, id: `more-${index}`, position: null, previous_mac: null, chain_mac: null, ...NO_ENDING }
      return { ...fresh, mac: keyring.mac('audit', coreText({ ...fresh, detailsDigest: fresh.details_digest })).mac }
    })
    await db.insertInto('audit_event').values(rows).execute()
    const other = { ...log.ctx, db: await store.open() }
    const counts = await Promise.all([log.ctx, other, log.ctx, other].map((ctx) => chainPending(ctx)))
    assert.equal(
      counts.reduce((sum, count) => sum + count, 0),
      1100,
    )
    assert.deepEqual(await log.found(), [])
  },
)

test('a hundred thousand checkpoints are compared like one', () => {
  const checkpoints = Array.from({ length: 130_000 }, (_, index) => ({
    position: index + 1,
    chainMac: '',
    at: 0,
    mac: '',
  }))
  const compared = { path: 'audit-checkpoints', checkpoints, forged: 0 }
  const { problems } = startVerification(newKeyring(), compared).finish()
  assert.deepEqual(
    problems.map(({ kind, position }) => `${kind} ${position}`),
    ['cut-off 1'],
  )
  assert.match(problems[0]?.sentence ?? '', /event 130000\b/)
})
