import { createTable, textType } from './make-table.ts'
import type { Migration } from './migration.ts'

/**
 * Resources: APIs for which apps get access tokens, and the kind of app that an API is. An older program beside this one does not read which resource a request names, and issues
 * a token for its own server alone, which the API refuses: so resources are registered after the last one has stopped.
 */
export const resources: Migration = {
  version: 34,
  name: 'resources',
  oldestProgram: 9,
  async up(trx) {
    await createTable(trx, {
      name: 'resource',
      key: 'id',
      columns: {
        id: 'text',
        uri: 'text',
        name: 'text',
        client_id: 'text?',
        token_format: 'text',
        lifetime: 'integer?',
        scopes: 'text',
        allowed_clients: 'text',
        created_at: 'bigint',
        created_by: 'text?',
        revision: 'integer',
      },
      unique: ['uri'],
      indexes: [['client_id']],
    })
    await trx.schema.alterTable('client_grant').addColumn('resource_id', textType(trx)).execute()
  },
}
