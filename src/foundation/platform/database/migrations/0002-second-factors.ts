import { sql } from 'kysely'

import type { Database } from '../database.ts'
import { fillAddressKeys } from './address-keys.ts'
import { createTable, type Table, textType } from './make-table.ts'
import type { Migration } from './migration.ts'

const TABLES: readonly Table[] = [
  {
    name: 'passkey',
    key: 'id',
    columns: {
      id: 'text',
      subject: 'text',
      credential_id: 'text',
      public_key: 'text',
      sign_count: 'bigint',
      transports: 'text',
      aaguid: 'text',
      device_type: 'text',
      backed_up_at: 'bigint?',
      name: 'text',
      created_at: 'bigint',
      last_used_at: 'bigint?',
    },
    ofUser: 'subject',
    unique: ['credential_id'],
    indexes: [['subject']],
  },
  {
    name: 'passkey_challenge',
    key: 'id',
    columns: {
      id: 'text',
      challenge_hash: 'text',
      purpose: 'text',
      // No foreign key to `users`: NULL at a sign-in without a username, and a user that does not exist yet at a set-up.
      subject: 'text?',
      bound_to: 'text?',
      created_at: 'bigint',
      expires_at: 'bigint',
      consumed_at: 'bigint?',
    },
    unique: ['challenge_hash'],
    indexes: [['expires_at']],
  },
  {
    name: 'recovery_code',
    key: 'id',
    columns: {
      id: 'text',
      subject: 'text',
      selector: 'text',
      code_hash: 'text',
      created_at: 'bigint',
      consumed_at: 'bigint?',
    },
    ofUser: 'subject',
    indexes: [['subject']],
  },
  {
    name: 'api_token',
    key: 'token_hash',
    columns: {
      id: 'text',
      token_hash: 'text',
      subject: 'text',
      name: 'text',
      scopes: 'text',
      created_at: 'bigint',
      expires_at: 'bigint',
      last_used_at: 'bigint?',
      revoked_at: 'bigint?',
    },
    ofUser: 'subject',
    unique: ['id'],
    indexes: [['subject']],
  },
]

/** Passkeys, recovery codes, API tokens; columns for re-authentication, blocked buckets and disclosed steps; events by IP address. */
export const secondFactors: Migration = {
  version: 2,
  name: 'second factors',
  // A program of version 1 leaves `address_key` empty, which verification reports as altered details permanently, and it reports a
  // keyring with a pepper as damaged.
  oldestProgram: 2,
  async up(trx) {
    for (const table of TABLES) await createTable(trx, table)
    await trx.schema.alterTable('users').addColumn('passkey_at', 'bigint').execute()
    await trx.schema.alterTable('totp_factor').addColumn('told_step', 'bigint').execute()
    await addText(trx, 'session', 'proven_methods')
    await addText(trx, 'throttle_bucket', 'closed_by')
    await addText(trx, 'audit_event', 'address_key')
    await fillAddressKeys(trx)
    const byIpAddress = trx.schema.createIndex('audit_event_address_key_at_id').on('audit_event')
    await byIpAddress.columns(['address_key', 'at', 'id']).where(sql.ref('address_key'), 'is not', null).execute()
  },
}

async function addText(trx: Database, table: string, column: string): Promise<void> {
  await trx.schema.alterTable(table).addColumn(column, textType(trx)).execute()
}
