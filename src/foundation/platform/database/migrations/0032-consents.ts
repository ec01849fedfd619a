import { createTable, textType } from './make-table.ts'
import type { Migration } from './migration.ts'

/**
 * Consents to apps, who may use an app and how they must have authenticated, and what the start page shows. Apps that exist are trusted, as
 * all apps were. An older program beside this one lets everyone use every app, so apps are restricted after the last one has stopped.
 */
export const consents: Migration = {
  version: 32,
  name: 'consents and requirements of apps',
  oldestProgram: 9,
  async up(trx) {
    const columns = [
      ['trusted', 'integer', 1],
      ['allowed_roles', 'text'],
      ['allowed_groups', 'text'],
      ['least_assurance', 'text'],
      ['max_age', 'integer'],
      ['start_url', 'text'],
      ['hidden', 'integer', 0],
      ['preset', 'text'],
    ] as const
    for (const [name, type, value] of columns) {
      await trx.schema
        .alterTable('client')
        .addColumn(name, type === 'text' ? textType(trx) : type, (column) =>
          value === undefined ? column : column.notNull().defaultTo(value),
        )
        .execute()
    }
    await createTable(trx, {
      name: 'client_icon',
      key: 'client_id',
      columns: { client_id: 'text', type: 'text', content: 'text', digest: 'text' },
    })
    await createTable(trx, {
      name: 'client_consent',
      key: ['subject', 'client_id', 'resource'],
      columns: { client_id: 'text', subject: 'text', resource: 'text', items: 'text', given_at: 'bigint' },
      ofUser: 'subject',
      indexes: [['client_id']],
    })
  },
}
