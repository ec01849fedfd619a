import { sql } from 'kysely'
import assert from 'node:assert/strict'

import { seconds } from '#foundation/kernel/time.ts'
import { newDatabase, onEachDatabase } from '#test/support/databases/each-database.ts'
import { TestTimers } from '#test/support/jobs.ts'
import { TestClock } from '#test/support/server/clock.ts'
import { WriteProbe } from './write-probe.ts'

onEachDatabase(
  'while nothing can be written, the probe looks every second, otherwise every ten',
  async (t, dialect) => {
    const { db } = await newDatabase(t, dialect)
    const timers = new TestTimers(new TestClock())
    const logged: string[] = []
    const note = (_: unknown, message = ''): void => void logged.push(message)
    const probe = new WriteProbe(
      { db, log: { info: (message: string) => void logged.push(message), error: note } as never },
      timers,
    )
    const next = async (): Promise<number | undefined> => {
      while (timers.delays().length === 0) await new Promise(setImmediate)
      return timers.delays()[0]
    }
    probe.start()
    assert.deepEqual([await next(), probe.isWritable], [seconds(10), true])

    await sql`alter table schema_version rename to schema_version_kept`.execute(db)
    for (const delay of [seconds(10), seconds(1), seconds(1)]) {
      timers.pass(delay)
      assert.deepEqual([await next(), probe.isWritable], [seconds(1), false])
    }

    await sql`alter table schema_version_kept rename to schema_version`.execute(db)
    timers.pass(seconds(1))
    assert.deepEqual([await next(), probe.isWritable], [seconds(10), true])
    await probe.stop()
    assert.deepEqual(timers.delays(), [])
    assert.equal(logged.length, 2, logged.join())
  },
)
