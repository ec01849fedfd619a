// A program that still runs while a newer one has changed the tables under it.
import { sql } from 'kysely'
import assert from 'node:assert/strict'

import { onEachDatabase } from '../support/databases/each-database.ts'
import { ask, startWithAdmin } from '../support/people/people.ts'

/** A version that no program of today knows. */
const LATER = 9999

onEachDatabase(
  'a program beside a database whose schema it does not know answers 503 with a sentence',
  async (t, dialect) => {
    const statements: string[] = []
    const { server, root } = await startWithAdmin(t, {
      dialect,
      onStatement: (text) => statements.push(text),
      expectedErrors: /unhandled error/,
    })
    const { db } = server.doorward
    await sql`alter table user_group rename column description to remark`.execute(db)
    assert.equal((await root.asks('GET', '/groups')).status, 500, 'its own schema with another column is a fault')

    await db.updateTable('schema_version').set({ version: LATER, oldest_program: LATER }).execute()
    statements.length = 0
    assert.equal((await root.asks('GET', '/users/me')).status, 200, 'what still works is answered')
    assert.equal(statements.filter((text) => text.includes('schema_version')).length, 0)

    const refused = await root.asks('GET', '/groups')
    assert.equal(refused.status, 503)
    assert.equal(refused.raw.headers['retry-after'], '1')
    const ready = await ask(server, 'GET', '/readyz')
    assert.deepEqual([ready.status, ready.body['code']], [503, 'service.unavailable'])
    for (const said of ['code', 'title', 'detail'] as const) assert.equal(refused.body[said], ready.body[said])
    const written = await root.asks('POST', '/groups', { name: 'Staff', description: '' })
    assert.equal(written.status, 503)
    const logged = server.logLines.filter(({ msg = '' }) => /schema that this program does not know/.test(msg))
    assert.equal(logged.length, 2)

    await db.updateTable('schema_version').set({ oldest_program: 1 }).execute()
    assert.equal((await root.asks('GET', '/groups')).status, 500, 'a newer schema that this program may use')
  },
)
