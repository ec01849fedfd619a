import { createTable, textType } from './make-table.ts'
import type { Migration } from './migration.ts'

/** Fields of the profile that an operator declares, their values, and the answers of people who are joining. An older program ignores them. */
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
    for (const table of ['attempt', 'registration'])
      await trx.schema.alterTable(table).addColumn('attributes', textType(trx)).execute()
  },
}
