import { sql } from 'kysely'
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'

import { Secret } from '#foundation/kernel/secret.ts'
import { hours } from '#foundation/kernel/time.ts'
import { ownDatabaseUrl } from '#foundation/platform/config/database-url.ts'
import { type Database, withEngine } from '#foundation/platform/database/database.ts'
import { lockFor } from '#foundation/platform/database/lock.ts'
import { contextOn, newStore, onBothEngines } from '#test/support/databases/stores.ts'
import { temporaryFolder } from '#test/support/databases/temporary.ts'
import { recordEvent } from './audit.service.ts'
import { chainPending, newChainWriter, newTamperMonitor } from './chain-writer.service.ts'
import { verifyAudit } from './verify.service.ts'

async function writerDeps(t: TestContext, db: Database) {
  const ctx = contextOn(db)
  const said: string[] = []
  const clock = { time: ctx.now, now: () => clock.time }
  const log = {
    info: (_facts: unknown, sentence?: string) => void said.push(`info: ${sentence}`),
    error: (_facts: unknown, sentence?: string) => void said.push(`error: ${sentence}`),
  }
  const dataDir = await temporaryFolder(t)
  const databaseUrl = Secret.of(ownDatabaseUrl(dataDir))
  const config = { dataDir, databaseUrl, auditCheckpointInterval: hours(1) }
  return { ...ctx, said, clock, log, config }
}

async function unchained(db: Database): Promise<number> {
  const rows = await db.selectFrom('audit_event').select('id').where('position', 'is', null).execute()
  return rows.length
}

async function checkpointsIn(folder: string): Promise<number[]> {
  const text = await readFile(join(folder, 'audit-checkpoints'), 'utf8').catch(() => '')
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line).position)
}

/** Removes the third event, and unchains the events after it, so that they are chained again. */
async function removeThird(db: Database): Promise<void> {
  await db.deleteFrom('audit_event').where('position', '=', 3).execute()
  await db
    .updateTable('audit_event')
    .set({ position: null, previous_mac: null, chain_mac: null })
    .where('position', '>', 3)
    .execute()
}

onBothEngines(
  'a run chains what is pending and writes the first checkpoint, and the last run writes another',
  async (t, db) => {
    const deps = await writerDeps(t, db)
    const writer = newChainWriter(deps)
    for (const [stopping, positions] of [
      [false, [1]],
      [false, [1]],
      [true, [1, 3]],
    ] as const) {
      await recordEvent(deps, { action: 'user.created' })
      await writer.write(stopping)
      assert.equal(await unchained(db), 0)
      assert.deepEqual(await checkpointsIn(deps.config.dataDir), positions)
    }
    assert.deepEqual(deps.said, ['info: audit checkpoint written', 'info: audit checkpoint written'])
  },
)

onBothEngines(
  'a checkpoint is written with the first chained event, then once per interval, and never twice for one event',
  async (t, db) => {
    const deps = await writerDeps(t, db)
    const monitor = newTamperMonitor(deps)
    await monitor.writeCheckpoint(false)
    assert.deepEqual(await checkpointsIn(deps.config.dataDir), [])
    await recordEvent(deps, { action: 'user.created' })
    await chainPending(deps)
    await monitor.writeCheckpoint(false)
    assert.deepEqual(await checkpointsIn(deps.config.dataDir), [1])
    deps.clock.time += hours(1)
    await monitor.writeCheckpoint(false)
    await monitor.writeCheckpoint(true)
    assert.deepEqual(await checkpointsIn(deps.config.dataDir), [1])
    await recordEvent(deps, { action: 'user.created' })
    await chainPending(deps)
    deps.clock.time += hours(1) - 1
    await monitor.writeCheckpoint(false)
    await newTamperMonitor(deps).writeCheckpoint(false)
    assert.deepEqual(await checkpointsIn(deps.config.dataDir), [1])
    deps.clock.time += 1
    await monitor.writeCheckpoint(false)
    assert.deepEqual(await checkpointsIn(deps.config.dataDir), [1, 2])
  },
)

onBothEngines('a clock that was ahead does not keep checkpoints from being written', async (t, db) => {
  const deps = await writerDeps(t, db)
  const monitor = newTamperMonitor(deps)
  const chainOne = async (): Promise<number[]> => {
    await recordEvent(deps, { action: 'user.created' })
    await chainPending(deps)
    await monitor.writeCheckpoint(false)
    return checkpointsIn(deps.config.dataDir)
  }
  deps.clock.time += hours(24)
  assert.deepEqual(await chainOne(), [1])
  deps.clock.time -= hours(24)
  assert.deepEqual(await chainOne(), [1, 2])
  assert.deepEqual(await chainOne(), [1, 2])
})

onBothEngines(
  'the removal of rows while the server runs is detected, also if the rest is chained again',
  async (t, db) => {
    const deps = await writerDeps(t, db)
    const monitor = newTamperMonitor(deps)
    for (let event = 0; event < 6; event++) await recordEvent(deps, { action: 'user.created' })
    await chainPending(deps)
    await monitor.check()
    await removeThird(db)
    assert.equal((await verifyAudit(deps)).ok, true)
    await monitor.check()
    assert.match(deps.said[0] ?? '', /^error: audit log was modified/)
    const { problems } = await verifyAudit(deps)
    assert.deepEqual(
      problems.map(({ kind }) => kind),
      ['cut-off'],
    )
  },
)

onBothEngines(
  'a running chain writer detects the removal of rows before the end that it has written',
  async (t, db) => {
    const quiet = await writerDeps(t, db)
    const deps = { ...quiet, config: { ...quiet.config, auditCheckpointInterval: 0 } }
    for (let event = 0; event < 6; event++) await recordEvent(deps, { action: 'user.created' })
    const writer = newChainWriter(deps)
    await writer.write(false)
    await removeThird(db)
    await writer.write(true)
    assert.deepEqual(
      deps.said.filter((sentence) => sentence.startsWith('error: ')),
      ['error: audit log was modified while this server ran; run audit verify'],
    )
    assert.deepEqual(await checkpointsIn(deps.config.dataDir), [6, 6, 5])
  },
)

test('while another node chains events, this one waits (postgres)', async (t) => {
  const store = await newStore(t, 'postgres')
  const deps = await writerDeps(t, store.db)
  await recordEvent(deps, { action: 'user.created' })
  const other = withEngine(await (await store.open()).startTransaction().execute(), store.db)
  await lockFor(other, 'seal')
  let chained: number | undefined
  const chaining = chainPending(deps).then((count) => (chained = count))
  while (chained === undefined && !(await isAnyConnectionBlocked(other)));
  const whileBlocked = chained
  await other.commit().execute()
  assert.deepEqual([whileBlocked, await chaining], [undefined, 1])
})

/** Whether a connection to this PostgreSQL database waits for a lock. */
async function isAnyConnectionBlocked(db: Database): Promise<boolean> {
  const { rows } = await sql`select 1 from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`.execute(db)
  return rows.length > 0
}

onBothEngines('events that are committed while a batch is chained wait for the next one', async (t, _, store) => {
  const added: Promise<unknown>[] = []
  const db = await store.open({
    onStatement: (text) => {
      if (added.length < 5 && /^\s*update "?audit_event/.test(text))
        added.push(recordEvent(deps, { action: 'user.created' }))
    },
  })
  const deps = await writerDeps(t, db)
  await recordEvent(deps, { action: 'user.created' })
  assert.equal(await chainPending(deps), 1)
  await Promise.all(added)
  assert.equal(await unchained(db), added.length)
  assert.equal(added.length, 1)
})

test('SQLite finds the next batch by an index, and sorts nothing', async (t) => {
  const store = await newStore(t, 'sqlite')
  const statements: string[] = []
  const db = await store.open({ onStatement: (text) => statements.push(text) })
  const deps = await writerDeps(t, db)
  await recordEvent(deps, { action: 'user.created' })
  statements.length = 0
  await chainPending(deps)
  const plans = statements.filter((text) => /^(select|update)/.test(text)).map((text) => planOf(db, text))
  const details = (await Promise.all(plans)).flat()
  assert.equal(plans.length, 4)
  assert.deepEqual(
    details.filter((detail) => !detail.includes('USING')),
    [],
  )
  assert.equal(details.filter((detail) => detail.includes('audit_event_unsealed')).length, 2)
})

async function planOf(db: Database, text: string): Promise<string[]> {
  const { rows } = await sql.raw<{ detail: string }>(`explain query plan ${text}`).execute(db)
  return rows.map(({ detail }) => detail)
}

onBothEngines('an idle chain writer takes no write lock', async (t, _, store) => {
  const statements: string[] = []
  const db = await store.open({ onStatement: (text) => statements.push(text) })
  const deps = await writerDeps(t, db)
  await chainPending(deps)
  assert.equal(statements.length, 1)
  assert.match(statements[0] ?? '', /^select/)
})

onBothEngines('a run that fails rejects, and the next one chains what is pending', async (t, _, store) => {
  const db = await store.open()
  const deps = await writerDeps(t, db)
  await recordEvent(deps, { action: 'user.created' })
  const writer = newChainWriter(deps)
  await db.schema.alterTable('audit_event').renameTo('hidden').execute()
  await assert.rejects(writer.write(false))
  await db.schema.alterTable('hidden').renameTo('audit_event').execute()
  await writer.write(false)
  assert.equal(await unchained(db), 0)
})
