import { createTable, textType } from './make-table.ts'
import type { Migration } from './migration.ts'

/**
 * Protected hosts, whose requests a reverse proxy lets this server authorize. An older program beside this one has none of the routes, so it answers
 * 404 to the proxy, which then refuses the request; it does not read for which host an API token was made, but such a token has no scopes, so
 * it opens nothing there.
 */
export const protectedHosts: Migration = {
  version: 37,
  name: 'protected hosts',
  oldestProgram: 9,
  async up(trx) {
    await createTable(trx, {
      name: 'protected_host',
      key: 'id',
      columns: {
        id: 'text',
        name: 'text',
        rules: 'text',
        shared_groups: 'text',
        needs_groups: 'integer',
        api_tokens: 'integer',
        preflights: 'integer',
        created_at: 'bigint',
        created_by: 'text?',
        revision: 'integer',
      },
      unique: ['name'],
    })
    await createTable(trx, {
      name: 'host_session',
      key: 'hash',
      columns: { hash: 'text', host_id: 'text', session_id: 'text', subject: 'text', created_at: 'bigint' },
      ofUser: 'subject',
      indexes: [['subject'], ['host_id']],
    })
    await createTable(trx, {
      name: 'host_code',
      key: 'id',
      columns: {
        id: 'text',
        host_id: 'text',
        session_id: 'text',
        subject: 'text',
        leaving: 'text',
        created_at: 'bigint',
        consumed_at: 'bigint?',
      },
      ofUser: 'subject',
      indexes: [['subject'], ['host_id'], ['created_at']],
    })
    await trx.schema.alterTable('api_token').addColumn('host_id', textType(trx)).execute()
  },
}
