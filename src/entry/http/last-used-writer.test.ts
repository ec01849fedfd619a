import assert from 'node:assert/strict'
import { test } from 'node:test'

import { noteUses, startSession } from '#domain/sessions/session.service.ts'
import { insertUser } from '#domain/users/user.service.ts'
import { contextFor } from '#foundation/context.ts'
import { start } from '#test/support/server/start.ts'
import { LastUsedWriter } from './last-used-writer.ts'

const SESSIONS = 250

test('many uses at once take few commits, and closing waits for the last commit', async (t) => {
  const statements: string[] = []
  const server = await start(t, { onStatement: (text) => statements.push(text) })
  const ctx = contextFor(server.doorward, server.operator().principal)
  const user = await insertUser(ctx, { username: 'ada', role: 'user', hashedPassword: null })
  const ids: string[] = []
  for (let one = 0; one < SESSIONS; one++) {
    const { session } = await startSession(ctx, { user, methods: ['password'], transport: 'bearer' })
    ids.push(session.id)
  }
  statements.length = 0
  const later = ctx.now + 1000
  const uses = new LastUsedWriter(server.doorward, noteUses)
  for (const id of ids) uses.note(id, later)
  await uses.close()
  const commits = statements.filter((text) => text === 'commit').length
  assert.ok(commits <= 4, `${commits} commits`)
  const rows = await ctx.db.selectFrom('session').select('last_seen_at').execute()
  assert.deepEqual(new Set(rows.map((row) => row.last_seen_at)), new Set([later]))
})

test('a failed write is logged, and nothing else fails because of it', async (t) => {
  const server = await start(t)
  const { db, log } = server.doorward
  const uses = new LastUsedWriter({ db, log }, noteUses)
  await db.schema.alterTable('session').renameTo('elsewhere').execute()
  uses.note('one', 1)
  await uses.close()
  assert.ok(
    server.logLines.some(({ msg }) => msg === 'last uses of sessions or API tokens were not written; they are lost'),
  )
  await db.schema.alterTable('elsewhere').renameTo('session').execute()
})
