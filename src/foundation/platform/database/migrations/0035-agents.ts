import { createTable, textType } from './make-table.ts'
import type { Migration } from './migration.ts'

/**
 * Agents: programs that come without registration, and which of them may. They are off until an admin turns them on. An older program beside this one
 * does not ask whether an agent is still allowed, so they are turned on after the last one has stopped.
 */
export const agents: Migration = {
  version: 35,
  name: 'agents',
  oldestProgram: 9,
  async up(trx) {
    await createTable(trx, {
      name: 'openid_setting',
      key: 'id',
      columns: { id: 'integer', agents: 'integer', allowed_documents: 'text', revision: 'integer' },
    })
    await trx.insertInto('openid_setting').values({ id: 1, agents: 0, allowed_documents: '[]', revision: 1 }).execute()
    await trx.schema.alterTable('client_consent').addColumn('document', textType(trx)).execute()
  },
}
