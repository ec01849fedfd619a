import { createTable } from './make-table.ts'
import type { Migration } from './migration.ts'

/** Notices of changes to an account, reviews, and changes of an email. A program of version 12 notifies no user and holds no sign-in. */
export const notices: Migration = {
  version: 13,
  name: 'notices',
  oldestProgram: 9,
  async up(trx) {
    for (const column of ['review_required_at', 'new_device_notices_off_at'])
      await trx.schema.alterTable('users').addColumn(column, 'bigint').execute()
    await createTable(trx, {
      name: 'notice',
      key: 'id',
      columns: {
        id: 'text',
        subject: 'text',
        kind: 'text',
        position: 'bigint',
        once: 'text?',
        created_at: 'bigint',
        expires_at: 'bigint',
        reported_at: 'bigint?',
      },
      ofUser: 'subject',
      unique: ['once'],
      indexes: [['subject', 'position'], ['expires_at']],
    })
    await createTable(trx, {
      name: 'email_change',
      key: 'id',
      columns: {
        id: 'text',
        subject: 'text',
        position: 'bigint',
        email: 'text?',
        former_email: 'text?',
        former_verified_at: 'bigint?',
        created_at: 'bigint',
        expires_at: 'bigint',
        confirmed_at: 'bigint?',
      },
      ofUser: 'subject',
      indexes: [['subject', 'position'], ['expires_at']],
    })
  },
}
