import { sql } from 'kysely'

import type { Migration } from './migration.ts'

/**
 * A bucket counts guesses without an outcome apart from the failures; a program that does not know the two columns does not change them.
 * An authenticator app whose secret could not be opened stores when. The last index finds the challenges of one session or attempt.
 */
export const pendingGuesses: Migration = {
  version: 4,
  name: 'pending guesses',
  oldestProgram: 1,
  async up(trx) {
    for (const [name, type] of [
      ['pending', 'integer'],
      ['pending_since', 'bigint'],
    ] as const) {
      const column = trx.schema.alterTable('throttle_bucket').addColumn(name, type, (to) => to.notNull().defaultTo(0))
      await column.execute()
    }
    await trx.schema.alterTable('totp_factor').addColumn('unreadable_at', 'bigint').execute()
    const unreadable = trx.schema.createIndex('totp_factor_unreadable').on('totp_factor').column('unreadable_at')
    await unreadable.where(sql.ref('unreadable_at'), 'is not', null).execute()
    const byBinding = trx.schema.createIndex('passkey_challenge_bound_to').on('passkey_challenge')
    await byBinding.columns(['bound_to', 'purpose']).where(sql.ref('bound_to'), 'is not', null).execute()
  },
}
