import { sql } from 'kysely'

import { createTable } from './make-table.ts'
import type { Migration } from './migration.ts'

/**
 * Which policies let the help desk exempt users, and whom it exempted last. Roles and API tokens with `users:read` get `server:read`, which
 * now opens the outbox, requests for a second admin and the check-up, so that none of them loses anything. An older program ignores the
 * column, the table and the permission.
 */
export const help: Migration = {
  version: 28,
  name: 'help',
  oldestProgram: 9,
  async up(trx) {
    await trx.schema.alterTable('policy_version').addColumn('helpers_may_exempt', 'integer').execute()
    await createTable(trx, {
      name: 'help_exemption',
      key: 'subject',
      columns: { subject: 'text', exempted_at: 'bigint' },
      ofUser: 'subject',
    })
    await sql`update role set permissions = permissions || ' server:read'
      where ' ' || permissions || ' ' like '% users:read %'`.execute(trx)
    await sql`update api_token set scopes = scopes || ' server:read'
      where ' ' || scopes || ' ' like '% users:read %'`.execute(trx)
  },
}
