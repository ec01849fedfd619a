import { sql } from 'kysely'

import { createTable } from './make-table.ts'
import type { Migration } from './migration.ts'

/**
 * Apps that sign users in by OpenID Connect (clients), the keys that sign their ID tokens, and what was issued to them. An older program
 * reads none of it: the apps have no sign-in while it alone runs.
 */
export const apps: Migration = {
  version: 31,
  name: 'apps',
  oldestProgram: 9,
  async up(trx) {
    // Two nodes that make the first app at the same time make one pair of signing keys.
    await trx.insertInto('named_lock').values({ name: 'signing-keys' }).execute()
    await createTable(trx, {
      name: 'client',
      key: 'id',
      columns: {
        id: 'text',
        name: 'text',
        name_key: 'text',
        kind: 'text',
        redirect_uris: 'text',
        logout_uris: 'text',
        auth_method: 'text',
        id_token_alg: 'text',
        scopes: 'text',
        refresh_tokens: 'integer',
        require_pkce: 'integer',
        allow_http: 'integer',
        claims_in_id_token: 'integer',
        unconfirmed_email: 'integer',
        shared_groups: 'text?',
        created_at: 'bigint',
        created_by: 'text?',
        disabled_at: 'bigint?',
        revision: 'integer',
      },
      unique: ['name_key'],
    })
    await createTable(trx, {
      name: 'client_secret',
      key: 'id',
      columns: {
        id: 'text',
        client_id: 'text',
        hash: 'text',
        created_at: 'bigint',
        expires_at: 'bigint?',
        last_used_at: 'bigint?',
      },
      indexes: [['client_id']],
    })
    await createTable(trx, {
      name: 'client_attribute',
      key: ['client_id', 'claim'],
      columns: { client_id: 'text', key: 'text', claim: 'text', allowed_by: 'text?' },
      indexes: [['key']],
    })
    await createTable(trx, {
      name: 'client_session',
      key: ['session_id', 'client_id'],
      columns: {
        session_id: 'text',
        client_id: 'text',
        subject: 'text',
        sid: 'text',
        grant_id: 'text',
        expires_at: 'bigint',
      },
      ofUser: 'subject',
      indexes: [['subject'], ['expires_at']],
    })
    await createTable(trx, {
      name: 'client_grant',
      key: 'id',
      columns: {
        id: 'text',
        client_id: 'text',
        subject: 'text',
        epoch: 'integer',
        session_id: 'text',
        methods: 'text',
        authenticated_at: 'bigint',
        payload: 'text',
        created_at: 'bigint',
        last_used_at: 'bigint',
        expires_at: 'bigint',
        revoked_at: 'bigint?',
      },
      ofUser: 'subject',
      indexes: [['subject'], ['session_id'], ['client_id', 'last_used_at'], ['expires_at']],
    })
    await createTable(trx, {
      name: 'client_token',
      key: 'id',
      columns: {
        id: 'text',
        kind: 'text',
        client_id: 'text?',
        grant_id: 'text?',
        subject: 'text?',
        epoch: 'integer?',
        is_offline: 'integer',
        payload: 'text',
        created_at: 'bigint',
        expires_at: 'bigint',
        consumed_at: 'bigint?',
        successor: 'text?',
      },
      ofUser: 'subject',
      indexes: [['grant_id'], ['subject'], ['expires_at']],
    })
    await createTable(trx, {
      name: 'signing_key',
      key: 'kid',
      columns: {
        kid: 'text',
        alg: 'text',
        sealed: 'text',
        public_jwk: 'text',
        created_at: 'bigint',
        signs_from: 'bigint',
        retired_at: 'bigint?',
      },
    })
    // By it living grants are counted from the index alone.
    await sql`create index client_grant_living on client_grant (client_id, expires_at) where revoked_at is null`.execute(
      trx,
    )
    await sql`create index client_grant_revoked on client_grant (revoked_at) where revoked_at is not null`.execute(trx)
  },
}
