import { createTable } from './make-table.ts'
import type { Migration } from './migration.ts'

/** Self-registration: who has asked for an account, and which challenges of the proof of work are spent. An older program never asks for them. */
export const registrations: Migration = {
  version: 16,
  name: 'registrations',
  oldestProgram: 9,
  async up(trx) {
    await createTable(trx, {
      name: 'registration',
      key: 'id',
      columns: {
        id: 'text',
        state: 'text',
        email: 'text',
        locale: 'text?',
        link_id: 'text?',
        claimed_email_key: 'text?',
        username: 'text?',
        username_key: 'text?',
        full_name: 'text?',
        hashed_password: 'text?',
        time_zone: 'text?',
        created_at: 'bigint',
        submitted_at: 'bigint?',
        told_at: 'bigint?',
        expires_at: 'bigint',
      },
      unique: ['link_id', 'claimed_email_key', 'username_key'],
      indexes: [['state', 'id'], ['expires_at'], ['told_at']],
    })
    await createTable(trx, {
      name: 'spent_challenge',
      key: 'id',
      columns: { id: 'text', expires_at: 'bigint' },
      indexes: [['expires_at']],
    })
  },
}
