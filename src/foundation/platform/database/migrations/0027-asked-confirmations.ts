import type { Migration } from './migration.ts'

/**
 * When an admin last asked a user to confirm the email, so that each is asked once a week at most. An older program leaves the column as it
 * is, and asks no one.
 */
export const askedConfirmations: Migration = {
  version: 27,
  name: 'asked confirmations',
  oldestProgram: 9,
  async up(trx) {
    await trx.schema.alterTable('users').addColumn('email_confirmation_asked_at', 'bigint').execute()
  },
}
