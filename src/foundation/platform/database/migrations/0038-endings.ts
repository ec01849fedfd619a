import { sql } from 'kysely'

import { createTable, textType } from './make-table.ts'
import type { Migration } from './migration.ts'

/**
 * What an event ends, beside its details, which may be erased; and back-channel logout, by which apps are notified. An older program leaves the columns
 * NULL and verifies its events as before. It notes no app in `client_user`, where the rows of its sessions say the same until a week after their end.
 */
export const endings: Migration = {
  version: 38,
  name: 'endings',
  oldestProgram: 9,
  async up(trx) {
    for (const name of ['ends', 'session_id', 'kept_session_id', 'client_id', 'ending_mac'])
      await trx.schema.alterTable('audit_event').addColumn(name, textType(trx)).execute()
    await trx.schema.alterTable('client').addColumn('backchannel_uri', textType(trx)).execute()
    await trx.schema
      .alterTable('client')
      .addColumn('backchannel_session_required', 'integer', (column) => column.notNull().defaultTo(0))
      .execute()
    await trx.schema.alterTable('client_session').addColumn('told_at', 'bigint').execute()
    // An older program leaves it at 0, so that what time ends there is found too.
    await trx.schema
      .alterTable('client_session')
      .addColumn('check_at', 'bigint', (column) => column.notNull().defaultTo(0))
      .execute()
    await sql`create index client_session_check on client_session (check_at) where told_at is null`.execute(trx)
    await createTable(trx, {
      name: 'client_user',
      key: ['client_id', 'subject'],
      columns: { client_id: 'text', subject: 'text', sid: 'text' },
      indexes: [['subject']],
    })
    await sql`insert into client_user (client_id, subject, sid)
      select client_id, subject, max(sid) from client_session group by client_id, subject`.execute(trx)
    await createTable(trx, {
      name: 'client_delivery',
      key: 'id',
      columns: {
        id: 'text',
        client_id: 'text',
        event_id: 'text',
        subject: 'text',
        sid: 'text',
        jti: 'text',
        attempts: 'integer',
        next_attempt_at: 'bigint',
        lease_owner: 'text?',
        lease_until: 'bigint?',
        created_at: 'bigint',
        delivered_at: 'bigint?',
        failed_at: 'bigint?',
        last_error: 'text?',
      },
      indexes: [['client_id', 'id']],
    })
    // A transaction that is repeated, and a second node, queue nothing twice.
    await sql`create unique index client_delivery_once on client_delivery (event_id, client_id, subject, sid)`.execute(
      trx,
    )
    await sql`create index client_delivery_due on client_delivery (next_attempt_at)
      where delivered_at is null and failed_at is null`.execute(trx)
    await createTable(trx, {
      name: 'ending_cursor',
      key: 'name',
      columns: { name: 'text', position: 'bigint', resume: 'text?' },
    })
    // No app is notified of what ended before: none had a URL for it.
    await sql`insert into ending_cursor (name, position)
      select 'back-channel', coalesce(max(position), 0) from audit_event`.execute(trx)
    await sql`insert into ending_cursor (name, position) values ('policies', 0)`.execute(trx)
    await trx.insertInto('named_lock').values({ name: 'endings' }).execute()
  },
}
