import { createTable } from './make-table.ts'
import type { Migration } from './migration.ts'

/** Fields of the profile that an operator declares, and their values. */
export const attributes: Migration = {
  version: 22,
  name: 'attributes',
  oldestProgram: 9,
  async up(trx) {
    await createTable(trx, {
      name: 'attribute',
      key: 'key',
      columns: {
        key: 'text',
        label: 'text',
        type: 'text',
        choices: 'text',
        visible_to: 'text',
        changed_by: 'text',
        at_joining: 'integer',
        position: 'integer',
        revision: 'integer',
        created_at: 'bigint',
      },
    })
    await createTable(trx, {
      name: 'user_attribute',
      key: ['subject', 'key'],
      columns: { subject: 'text', key: 'text', value: 'text', changed_at: 'bigint' },
      ofUser: 'subject',
      indexes: [['key']],
    })
  },
}
