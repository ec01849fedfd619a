import { createTable } from './make-table.ts'
import type { Migration } from './migration.ts'

/** Browsers that skip the second factor for some days. An older program asks for the second factor. */
export const rememberedDevices: Migration = {
  version: 21,
  name: 'remembered devices',
  oldestProgram: 9,
  async up(trx) {
    await createTable(trx, {
      name: 'remembered_device',
      key: 'id',
      columns: {
        id: 'text',
        token_hash: 'text',
        subject: 'text',
        epoch: 'integer',
        address: 'text',
        agent: 'text?',
        created_at: 'bigint',
        last_used_at: 'bigint',
        expires_at: 'bigint',
        revoked_at: 'bigint?',
      },
      ofUser: 'subject',
      unique: ['token_hash'],
      indexes: [['subject'], ['expires_at']],
    })
  },
}
