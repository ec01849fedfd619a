import { sql } from 'kysely'

import type { Database, Transaction } from '../database.ts'
import { inSavepoint } from '../transaction.ts'
import { createTable, type Table } from './make-table.ts'

const TABLES: readonly Table[] = [
  {
    name: 'attempt',
    key: 'id',
    columns: {
      id: 'text',
      token_hash: 'text',
      purpose: 'text',
      stage: 'text',
      subject: 'text',
      epoch: 'integer',
      methods: 'text',
      username: 'text?',
      email: 'text?',
      full_name: 'text?',
      hashed_password: 'text?',
      link_id: 'text?',
      factor_id: 'text?',
      sealed_secret: 'text?',
      created_at: 'bigint',
      expires_at: 'bigint',
      consumed_at: 'bigint?',
    },
    unique: ['token_hash'],
    indexes: [['expires_at'], ['subject']],
  },
  {
    name: 'session',
    // Every request finds its session by the hash of the token; as the primary key, it needs one look-up.
    key: 'token_hash',
    columns: {
      id: 'text',
      token_hash: 'text',
      subject: 'text',
      epoch: 'integer',
      carrier: 'text',
      methods: 'text',
      address: 'text',
      agent: 'text?',
      started_at: 'bigint',
      last_seen_at: 'bigint',
      proven_at: 'bigint',
      revoked_at: 'bigint?',
    },
    ofUser: 'subject',
    unique: ['id'],
    indexes: [['subject']],
  },
  {
    name: 'totp_factor',
    key: 'id',
    columns: {
      id: 'text',
      subject: 'text',
      name: 'text',
      sealed_secret: 'text',
      algorithm: 'text',
      digits: 'integer',
      period: 'integer',
      created_at: 'bigint',
      confirmed_at: 'bigint?',
      replaces: 'text?',
      last_used_at: 'bigint?',
      last_used_step: 'bigint?',
      replayed_step: 'bigint?',
    },
    ofUser: 'subject',
    indexes: [['subject']],
  },
  {
    name: 'link',
    key: 'id',
    columns: {
      id: 'text',
      token_hash: 'text',
      purpose: 'text',
      subject: 'text?',
      epoch: 'integer',
      created_by: 'text?',
      created_at: 'bigint',
      expires_at: 'bigint',
      spent_at: 'bigint?',
    },
    ofUser: 'subject',
    unique: ['token_hash'],
    indexes: [['subject'], ['expires_at']],
  },
  {
    name: 'throttle_bucket',
    key: 'key',
    columns: { key: 'text', failures: 'integer', last_failure_at: 'bigint', blocked_until: 'bigint' },
  },
  {
    name: 'audit_event',
    key: 'id',
    columns: {
      id: 'text',
      at: 'bigint',
      action: 'text',
      actor: 'text?',
      target: 'text?',
      result: 'text',
      reason: 'text?',
      details_digest: 'text',
      details: 'text?',
      key_id: 'text',
      mac: 'text',
      position: 'bigint?',
      previous: 'text?',
      seal: 'text?',
    },
    unique: ['position'],
    indexes: [
      ['at', 'id'],
      ['actor', 'at', 'id'],
      ['target', 'at', 'id'],
    ],
  },
  {
    name: 'keyring_key',
    key: 'id',
    columns: { id: 'text', purpose: 'text', fingerprint: 'text', created_at: 'bigint' },
  },
]

/** Creates the tables of the first version except `users`, with their indexes. */
export async function createTables(trx: Database): Promise<void> {
  for (const table of TABLES) await createTable(trx, table)
  // The chain writer reads only events without a position.
  const unsealed = trx.schema.createIndex('audit_event_unsealed').on('audit_event').columns(['at', 'id'])
  await unsealed.where(sql.ref('position'), 'is', null).execute()
}

/** Creates the table for the search of users, with a trigram index. Returns remarks for the operator. */
export async function createUserSearch(trx: Transaction): Promise<string[]> {
  if (trx.dialect === 'postgres') return createOnPostgres(trx)
  // The words are folded already; without `case_sensitive`, SQLite would fold them again by other rules.
  await sql`create virtual table user_search using fts5(user_id unindexed, words, tokenize = 'trigram case_sensitive 1')`.execute(
    trx,
  )
  // Deleted words are removed from the index at once, so that the name of a deleted user does not stay in the file.
  await sql`insert into user_search (user_search, rank) values ('secure-delete', 1)`.execute(trx)
  return []
}

async function createOnPostgres(trx: Transaction): Promise<string[]> {
  await trx.schema
    .createTable('user_search')
    .addColumn('user_id', 'integer', (id) => id.primaryKey())
    .addColumn('words', 'text', (words) => words.notNull())
    .execute()
  if (!(await haveTrigrams(trx))) {
    return [
      'The extension pg_trgm could not be created, so each search for users reads the whole table. Ask the database administrator to create it.',
    ]
  }
  await sql`create index user_search_words on user_search using gin (words gin_trgm_ops)`.execute(trx)
  return []
}

async function haveTrigrams(trx: Transaction): Promise<boolean> {
  try {
    await inSavepoint(trx, () => sql`create extension if not exists pg_trgm`.execute(trx))
    return true
  } catch {
    return false
  }
}
