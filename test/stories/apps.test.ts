// Apps through the API: registered, listed, changed, disabled and deleted, and their secrets.
import assert from 'node:assert/strict'

import { findClientWithSecrets } from '#domain/clients/client.service.ts'
import { hashOf } from '#foundation/kernel/secret-token.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { type Person, type Reply, startWithAdmin } from '../support/people/people.ts'
import { assertRefused, fieldErrorsIn, refusalIn } from '../support/requests/replies.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'
import type { Server } from '../support/server/start.ts'

const REDIRECT = 'https://wiki.example.org/callback'

async function newApp(root: Person, fields: object = {}): Promise<Reply> {
  const made = await root.asks('POST', '/apps', { name: 'Wiki', redirect_uris: [REDIRECT], ...fields })
  assert.equal(made.status, 200, made.raw.body)
  return made
}

/** The hashes of the secrets with which the app can authenticate now. */
async function hashesOf(server: Server, id: string): Promise<string[]> {
  const found = await findClientWithSecrets(server.operator(), id)
  return found?.secrets.map(({ hash }) => hash) ?? []
}

onEitherDatabase(
  'an admin registers an app, gets its secret once, and changes it on the state that was read',
  async (t, dialect) => {
    const { server, root } = await startWithAdmin(t, { dialect })
    const { body } = await newApp(root)
    const { client_secret: secret, approval, id, issuer, ...settings } = body
    assert.match(String(secret), /^dwc_[\w-]{43}$/)
    assert.equal(approval, null)
    assert.equal(issuer, `${server.doorward.config.publicUrl}/oidc`)
    assert.deepEqual(
      { ...settings, created_at: null, created_by: null },
      {
        name: 'Wiki',
        kind: 'web',
        redirect_uris: [REDIRECT],
        logout_uris: [],
        auth_method: 'client_secret_basic',
        id_token_alg: 'ES256',
        scopes: ['openid', 'profile', 'email'],
        refresh_tokens: true,
        require_pkce: true,
        allow_http: false,
        claims_in_id_token: false,
        unconfirmed_email: false,
        told_groups: [],
        attributes: [],
        created_at: null,
        created_by: null,
        disabled_at: null,
      },
    )
    assert.deepEqual(await hashesOf(server, String(id)), [hashOf(Secret.of(String(secret)))])

    const path = `/apps/${String(id)}`
    const read = await root.asks('GET', path)
    const tag = String(read.raw.headers['etag'])
    assert.ok(!read.raw.body.includes(String(secret)) && !read.raw.body.includes(hashOf(Secret.of(String(secret)))))
    const changed = await root.asks('PATCH', path, { name: 'Notes', scopes: ['groups'] }, { 'if-match': tag })
    assert.deepEqual(
      [changed.status, changed.body['name'], changed.body['scopes'], changed.body['redirect_uris']],
      [200, 'Notes', ['openid', 'groups'], [REDIRECT]],
    )
    assert.deepEqual(refusalIn(await root.asks('PATCH', path, { name: 'X' }, { 'if-match': tag })), [
      412,
      'resource.stale',
    ])
    assert.equal((await root.asks('DELETE', path, undefined, { 'if-match': tag })).status, 412)
    assert.equal((await root.asks('DELETE', path)).status, 204)
    assertRefused(await root.asks('GET', path), 'app.not_found')
    assertRefused(await root.asks('DELETE', path), 'app.not_found')
    assert.deepEqual(await hashesOf(server, String(id)), [])
  },
)
