// The API of examples/resource in both of its forms: the page shows its code, and each takes tokens for itself alone.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

import type { TokenFormat } from '#domain/clients/resource.ts'
import { folderOf } from '../support/documentation/example-apps.ts'
import { readPage } from '../support/documentation/markdown.ts'
import { registerApp, signInAt } from '../support/openid/apps.ts'
import { registerApi, type TestApi } from '../support/openid/resources.ts'
import { signsIn } from '../support/pages/page-answers.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { firstAdmin } from '../support/people/people.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { TestClock } from '../support/server/clock.ts'
import { listening } from '../support/server/listening.ts'
import { freePort } from '../support/server/ports.ts'
import type { Server } from '../support/server/start.ts'
import { startedProgram } from '../support/server/started-program.ts'

const SHOWN = ['jwt.js', 'introspection.js', 'server.js']
const METADATA = '.well-known/oauth-protected-resource'

test('docs/resources.md shows the code of the example', () => {
  const shown = readPage('docs/resources.md').fences.filter(({ kind }) => kind === 'js example')
  assert.deepEqual(
    shown.map(({ code }) => code),
    SHOWN.map((file) => readFileSync(join(folderOf('resource'), file), 'utf8')),
  )
})

leaveToTestAll()

/** Starts the API of the example as a resource of a server. */
async function startApi(t: TestContext, server: Server, tokenFormat: TokenFormat): Promise<TestApi> {
  const port = await freePort()
  const uri = `http://localhost:${port}/`
  const orders = await registerApi(server, { uri, name: tokenFormat, tokenFormat })
  const env = {
    PATH: process.env.PATH,
    ISSUER: `${server.doorward.config.publicUrl}/oidc`,
    RESOURCE: uri,
    PORT: String(port),
    CLIENT_ID: orders.api.client.id,
    CLIENT_SECRET: orders.api.secret,
  }
  const program = tokenFormat === 'jwt' ? 'jwt.js' : 'introspection.js'
  // It imports jose, which lies above its folder: the tests have it by openid-client, in the version that the example pins.
  await startedProgram(t, [process.execPath, program], {
    cwd: folderOf('resource'),
    env,
    stopWith: 'SIGKILL',
    ready: async () => (await fetch(uri + METADATA)).ok,
  })
  return orders
}

/** What the API answers to a token. */
async function callApi({ resource }: TestApi, token?: string) {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const answer = await fetch(resource.uri, { headers })
  return { status: answer.status, challenge: answer.headers.get('www-authenticate'), body: await answer.json() }
}

test('an API takes tokens for itself alone, and one that asks refuses a disabled user at once', async (t) => {
  const { server, baseUrl } = await listening(t, { clock: new TestClock(Date.now()) })
  const admin = await firstAdmin(server)
  const visitor = new Visitor(server)
  await signsIn(visitor, admin)
  const app = await registerApp(server)
  const apis = { jwt: await startApi(t, server, 'jwt'), opaque: await startApi(t, server, 'opaque') }
  const tokenFor = async ({ resource }: TestApi, scope = 'openid read') =>
    signInAt(visitor, app, { resource: resource.uri, scope })
  const tokens = { jwt: await tokenFor(apis.jwt), opaque: await tokenFor(apis.opaque) }
  const userinfo = await signInAt(visitor, app)

  for (const [format, api] of Object.entries(apis) as [TokenFormat, TestApi][]) {
    const own = tokens[format]
    const { status, body } = await callApi(api, own.access_token)
    assert.deepEqual([status, body], [200, { sub: own.claims()?.sub, client: app.client.id, scope: 'read' }], format)
    const other = tokens[format === 'jwt' ? 'opaque' : 'jwt']
    for (const token of [
      other.access_token,
      userinfo.access_token,
      own.id_token,
      own.refresh_token,
      `${own.access_token}A`,
    ])
      assert.equal((await callApi(api, token)).status, 401, `${format}: ${token}`)
    const little = await callApi(api, (await tokenFor(api, 'openid write')).access_token)
    assert.equal(little.status, 403, format)
    assert.match(little.challenge ?? '', /error="insufficient_scope", scope="read"/)
    await assertDiscovers(api, baseUrl)
  }
  await server.doorward.db.updateTable('users').set({ disabled: 1 }).execute()
  assert.equal((await callApi(apis.opaque, tokens.opaque.access_token)).status, 401)
  assert.equal((await callApi(apis.jwt, tokens.jwt.access_token)).status, 200, 'it lives out its minutes')
  await server.app.close()
  assert.equal((await callApi(apis.opaque, tokens.opaque.access_token)).status, 503, 'an outage is taken for a refusal')
})

/** An app that knows only the API is led to its metadata (RFC 9728 §5.1), and from there to this server (RFC 8414 §3.1). */
async function assertDiscovers(api: TestApi, baseUrl: string): Promise<void> {
  const { status, challenge } = await callApi(api)
  assert.equal(status, 401)
  const at = /resource_metadata="([^"]+)"/.exec(challenge ?? '')?.[1]
  assert.equal(at, api.resource.uri + METADATA)
  const { resource, authorization_servers: servers } = (await (await fetch(String(at))).json()) as Record<
    string,
    unknown
  >
  assert.deepEqual([resource, servers], [api.resource.uri, [`${baseUrl}/oidc`]])
  const document = await fetch(`${baseUrl}/.well-known/oauth-authorization-server/oidc`)
  assert.equal(((await document.json()) as { readonly issuer: string }).issuer, `${baseUrl}/oidc`)
}
