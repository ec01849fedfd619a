import { createTable } from './make-table.ts'
import type { Migration } from './migration.ts'

/** Stored policies: whom they concern, their versions, exemptions, and the progress until they are met. */
export const policies: Migration = {
  version: 20,
  name: 'policies',
  oldestProgram: 9,
  async up(trx) {
    // Two changes of policies exclude each other, so that both together cannot leave a user without an allowed factor (write skew).
    await trx.insertInto('named_lock').values({ name: 'policies' }).execute()
    await createTable(trx, {
      name: 'policy',
      key: 'id',
      columns: {
        id: 'text',
        name: 'text',
        scope: 'text',
        scope_ref: 'text?',
        scope_key: 'text',
        revision: 'integer',
        created_at: 'bigint',
      },
      unique: ['scope_key'],
    })
    await createTable(trx, {
      name: 'policy_version',
      key: 'id',
      columns: {
        id: 'text',
        policy_id: 'text',
        version: 'integer',
        second_factor: 'text?',
        factors: 'text?',
        session_idle: 'bigint?',
        session_absolute: 'bigint?',
        reauthentication: 'bigint?',
        remember_for: 'bigint?',
        is_end: 'integer',
        in_force_from: 'bigint',
        created_at: 'bigint',
        created_by: 'text?',
        cancelled_at: 'bigint?',
        reminder: 'integer?',
        reminder_position: 'bigint?',
      },
      indexes: [['policy_id', 'version']],
    })
    await createTable(trx, {
      name: 'policy_exemption',
      key: ['policy_id', 'subject'],
      columns: {
        policy_id: 'text',
        subject: 'text',
        reason: 'text',
        ends_at: 'bigint',
        created_at: 'bigint',
        created_by: 'text?',
      },
      ofUser: 'subject',
      indexes: [['subject']],
    })
    await createTable(trx, {
      name: 'policy_progress',
      key: ['policy_id', 'day'],
      columns: { policy_id: 'text', day: 'integer', concerned: 'integer', missing: 'integer' },
    })
  },
}
