import { sql } from 'kysely'

import { createTable } from './make-table.ts'
import type { Migration } from './migration.ts'

/** Requests that wait for a second admin, and the last known setting of the two-person rule. A program of version 9 never asks for them. */
export const approvals: Migration = {
  version: 15,
  name: 'approvals',
  oldestProgram: 9,
  async up(trx) {
    await createTable(trx, {
      name: 'approval_request',
      key: 'id',
      columns: {
        id: 'text',
        kind: 'text',
        actor: 'text',
        actor_epoch: 'integer',
        target: 'text?',
        target_name: 'text',
        target_state: 'text?',
        wish_key: 'text',
        parameters: 'text',
        password_hash: 'text?',
        reason: 'text?',
        state: 'text',
        created_at: 'bigint',
        ready_at: 'bigint',
        expires_at: 'bigint',
        decided_by: 'text?',
        decided_at: 'bigint?',
        end_reason: 'text?',
      },
      indexes: [['state', 'ready_at'], ['target']],
    })
    // The same wish waits at most once, also where two requests arrive at the same time.
    const waiting = trx.schema
      .createIndex('approval_request_waiting')
      .on('approval_request')
      .column('wish_key')
      .unique()
    await waiting.where(sql.ref('state'), '=', sql.lit('waiting')).execute()
    await createTable(trx, {
      name: 'approval_policy',
      key: 'id',
      columns: { id: 'integer', is_on: 'integer', wait: 'bigint' },
    })
  },
}
