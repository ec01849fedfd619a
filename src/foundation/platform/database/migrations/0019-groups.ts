import { createTable } from './make-table.ts'
import type { Migration } from './migration.ts'

/** Groups of users, with their members and managers. An older program never asks for them. */
export const groups: Migration = {
  version: 19,
  name: 'groups',
  oldestProgram: 9,
  async up(trx) {
    await createTable(trx, {
      name: 'user_group',
      key: 'id',
      columns: {
        id: 'text',
        name: 'text',
        name_key: 'text',
        description: 'text',
        revision: 'integer',
        created_at: 'bigint',
      },
      unique: ['name_key'],
    })
    await createTable(trx, {
      name: 'group_member',
      key: ['group_id', 'subject'],
      columns: { group_id: 'text', subject: 'text', added_at: 'bigint' },
      ofUser: 'subject',
      indexes: [['subject']],
    })
    await createTable(trx, {
      name: 'group_manager',
      key: ['group_id', 'subject'],
      columns: { group_id: 'text', subject: 'text', added_at: 'bigint' },
      ofUser: 'subject',
      indexes: [['subject']],
    })
  },
}
