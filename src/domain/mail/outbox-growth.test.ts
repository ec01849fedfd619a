// Queries of a large outbox: what they read, and how many rows one statement changes.
import { sql } from 'kysely'
import assert from 'node:assert/strict'

import type { Database } from '#foundation/platform/database/database.ts'
import { MAIL, SUBJECT } from '#test/sql/values.ts'
import { onEachDatabase } from '#test/support/databases/each-database.ts'
import { newStore } from '#test/support/databases/stores.ts'
import { selectInvitationMail } from '#use-cases/administration/invitations/invitations.view.ts'
import { deleteEndedMailRows, expireMailRows, leaseMail } from './delivery.queries.ts'
import { dropMailsOf, selectExpiredMails } from './outbox.queries.ts'

const NOW = 1_800_000_000_000
const MAILS = 1200

async function insertMails(db: Database): Promise<void> {
  for (let from = 0; from < MAILS; from += 300) {
    const rows = Array.from({ length: 300 }, (_, index) => {
      const id = `mail-${from + index}`
      return { ...MAIL, id, subject: `user-${id}`, link_id: `link-${id}`, expires_at: NOW, next_attempt_at: NOW + 1 }
    })
    await db.insertInto('outbox').values(rows).execute()
  }
  if (db.dialect === 'postgres') await sql`analyze outbox`.execute(db)
}

/** The plans of the statements that `work` runs. */
async function planOf(db: Database, heard: string[], work: () => Promise<unknown>): Promise<string> {
  heard.length = 0
  await work()
  const statements = heard.filter((text) => /^(select|update|delete)/.test(text))
  const explain = db.dialect === 'postgres' ? 'explain (generic_plan)' : 'explain query plan'
  const plans: string[] = []
  for (const text of statements) {
    const { rows } = await sql<Record<string, unknown>>`${sql.raw(`${explain} ${text}`)}`.execute(db)
    plans.push(...rows.map((row) => String(row['QUERY PLAN'] ?? row['detail'])))
  }
  return plans.join('\n')
}

onEachDatabase('mails are found by user, link and end without a scan, and expire in batches', async (t, dialect) => {
  const heard: string[] = []
  const db = await (await newStore(t, dialect)).open({ onStatement: (text) => void heard.push(text) })
  await insertMails(db)
  const plan = (work: () => Promise<unknown>) => planOf(db, heard, work)
  const byUser = await plan(() => dropMailsOf(db, { templates: ['invitation'], subject: SUBJECT }, NOW))
  assert.match(byUser, /outbox_subject/)
  const byLink = await plan(() => selectInvitationMail(db, { subject: SUBJECT, epoch: 0 }))
  assert.match(byLink, /outbox_link_id/)
  const byEnd = await plan(() => deleteEndedMailRows(db, NOW))
  assert.match(byEnd, /outbox_ended_at/)
  for (const one of [byUser, byLink, byEnd]) assert.doesNotMatch(one, /SCAN outbox(?! USING)|Seq Scan on outbox/)
  assert.equal(await leaseMail(db, { owner: 'node', now: NOW, order: 'oldest' }), undefined)

  heard.length = 0
  assert.equal(await expireMailRows(db, NOW), MAILS)
  assert.equal(heard.filter((text) => text.startsWith('update')).length, 3)
  assert.equal((await selectExpiredMails(db)).count, MAILS)
})
