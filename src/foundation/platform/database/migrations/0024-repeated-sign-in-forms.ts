import { textType } from './make-table.ts'
import type { Migration } from './migration.ts'

/**
 * What distinguishes a repeated form from a replay of a remembered device: a hash of the form that replaced the secret last, and the
 * session that it began. An older program writes neither and takes every repetition for a replay.
 */
export const repeatedSignInForms: Migration = {
  version: 24,
  name: 'repeated sign-in forms',
  oldestProgram: 9,
  async up(trx) {
    for (const column of ['replaced_by', 'session_id'])
      await trx.schema.alterTable('remembered_device').addColumn(column, textType(trx)).execute()
  },
}
