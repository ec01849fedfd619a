import { createTable, textType } from './make-table.ts'
import type { Migration } from './migration.ts'

/** Mails that wait for their delivery, and what a mailed link is about. A program of version 11 never asks for either. */
export const mail: Migration = {
  version: 12,
  name: 'mail',
  oldestProgram: 9,
  async up(trx) {
    await createTable(trx, {
      name: 'outbox',
      key: 'id',
      columns: {
        id: 'text',
        template: 'text',
        recipient: 'text',
        subject: 'text?',
        locale: 'text?',
        facts: 'text',
        link_id: 'text?',
        link_path: 'text?',
        sealed_link_token: 'text?',
        message_id: 'text',
        state: 'text',
        attempts: 'integer',
        next_attempt_at: 'bigint',
        lease_owner: 'text?',
        lease_until: 'bigint?',
        created_at: 'bigint',
        expires_at: 'bigint',
        ended_at: 'bigint?',
        last_error: 'text?',
      },
      indexes: [
        ['state', 'next_attempt_at'],
        ['state', 'expires_at'],
        ['state', 'id'],
      ],
    })
    await trx.schema.alterTable('link').addColumn('about', textType(trx)).execute()
  },
}
