import { hashSync as bcryptHashSync } from '@node-rs/bcrypt'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

import { recordEvent } from '#domain/audit/audit.service.ts'
import { calibrateImportedHashes } from '#entry/boot.ts'
import { inTransaction } from '#foundation/context.ts'
import { start } from '#test/support/server/start.ts'

test('imported hashes are measured before the first sign-in', async (t) => {
  const { doorward } = await start(t)
  const row = { username: 'ada', hashed_password: bcryptHashSync('a', 4), disabled: 0 }
  await doorward.db.insertInto('users').values(row).execute()
  calibrateImportedHashes(doorward)
  const latest = performance.now() + 300_000
  while (doorward.hasher.stats().responseTimeFloor === 0 && performance.now() < latest) await sleep(5)
  assert.ok(doorward.hasher.stats().responseTimeFloor > 0)
})

test('transactions are committed in groups while the hash workers have a backlog, and only then', async (t) => {
  const statements: string[] = []
  const server = await start(t, { onStatement: (text) => statements.push(text) })
  let hasBacklog = false
  t.mock.method(server.doorward.hasher, 'hasBacklog', () => hasBacklog)
  const commits = async (): Promise<number> => {
    statements.length = 0
    const events = ['user.created', 'user.changed'] as const
    await Promise.all(
      events.map((action) => inTransaction(server.operator(), (inside) => recordEvent(inside, { action }))),
    )
    return statements.filter((text) => text === 'commit').length
  }
  assert.equal(await commits(), 2)
  hasBacklog = true
  assert.equal(await commits(), 1)
})
