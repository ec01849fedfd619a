// Threat: an agent, which no admin has registered. Its document asks for more than an agent may have, its host leads this server elsewhere, or a
// stranger uses its client id (Client ID Metadata Document, draft 02, §6; server-side request forgery).
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import * as oidc from 'openid-client'

import { readAgentSetting } from '#domain/agents/agent.service.ts'
import { changeAgents } from '#use-cases/administration/agents/agents.service.ts'
import { AGENT_HOST, DOCUMENT, json, OTHER_HOST, startAgentHost } from '../support/openid/agent-host.ts'
import { allowAgents, CALLBACK, DOCUMENT_OF_AGENT, publishAgent } from '../support/openid/agents.ts'
import { authorizationOf, exchange, follow, registerApp, type TestApp } from '../support/openid/apps.ts'
import { asked, consentsIn, presses } from '../support/openid/consents.ts'
import { shareClock } from '../support/openid/openid-clock.ts'
import { introspect, registerApi, RESOURCE_URI } from '../support/openid/resources.ts'
import { signsIn } from '../support/pages/page-answers.ts'
import { visitorScene } from '../support/pages/page-scenes.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'

async function agentScene(t: TestContext, { patience }: { readonly patience?: number } = {}) {
  const host = await startAgentHost(t, patience === undefined ? {} : { patience })
  const { server, admin, visitor } = await visitorScene(t, { outbound: host.outbound })
  shareClock(t, server)
  await allowAgents(server, DOCUMENT)
  await signsIn(visitor, admin)
  const agent = await publishAgent(server, host)
  /** Comes to the authorization endpoint; returns the status and the text of the page, or where the browser is led. */
  const comes = async (app: TestApp = agent, parameters: Readonly<Record<string, string | undefined>> = {}) => {
    const { url } = await authorizationOf(app, { scope: 'openid', ...parameters })
    const { statusCode, headers, body } = await visitor.open(url.pathname + url.search)
    return { statusCode, location: headers.location ?? '', body }
  }
  /** The rows of agents and what they got. */
  const rows = async () =>
    server.doorward.db.selectFrom('client').select(['id', 'name']).where('kind', '=', 'agent').execute()
  return { host, server, admin, visitor, agent, comes, rows }
}

test('an agent gets no grant, no key and no IP address by its document, and none of them is asked', async (t) => {
  const { host, server, visitor } = await agentScene(t)
  const evil = `https://${OTHER_HOST}`
  const agent = await publishAgent(server, host, {
    grant_types: [
      'authorization_code',
      'urn:ietf:params:oauth:grant-type:device_code',
      'client_credentials',
      'implicit',
    ],
    response_types: ['code', 'token', 'id_token'],
    token_endpoint_auth_method: 'private_key_jwt',
    jwks_uri: `${evil}/jwks`,
    backchannel_logout_uri: `${evil}/logout`,
    backchannel_logout_session_required: true,
    sector_identifier_uri: `${evil}/sector`,
    logo_uri: `${evil}/logo`,
    policy_uri: `${evil}/policy`,
    post_logout_redirect_uris: [`${evil}/bye`],
    trusted: true,
    default_max_age: 1,
    id_token_signed_response_alg: 'RS256',
  })
  const question = await asked(visitor, agent, { scope: 'openid profile offline_access' })
  const tokens = await exchange(agent, await presses(visitor, question.path, 'Allow'), question)
  assert.equal(tokens.claims()?.sub === undefined, false)
  for (const grant of ['urn:ietf:params:oauth:grant-type:device_code', 'client_credentials'])
    await assert.rejects(
      oidc.genericGrantRequest(agent.config, grant, { device_code: 'dwv_a' }),
      oidc.ResponseBodyError,
      grant,
    )
  await assert.rejects(oidc.initiateDeviceAuthorization(agent.config, { scope: 'openid' }), {
    error: 'invalid_request',
    error_description: /is not allowed for this client/,
  })
  await visitor.submit('/sign-out', {})
  assert.deepEqual(host.requests, [`${AGENT_HOST}/client.json`])
})

test('a code of an agent is of no use without its PKCE verifier', async (t) => {
  const { agent, visitor, comes } = await agentScene(t)
  const question = await asked(visitor, agent, { scope: 'openid' })
  const answer = await presses(visitor, question.path, 'Allow')
  await assert.rejects(exchange(agent, answer, { ...question, verifier: 'x'.repeat(43) }), { error: 'invalid_grant' })
  const { location } = await comes(agent, { code_challenge: undefined, code_challenge_method: undefined })
  assert.match(location, /error=invalid_request.*PKCE/)
})

leaveToTestAll()

test('what a document must not say is refused with its reason, and nothing is stored', async (t) => {
  const { host, server, comes, rows } = await agentScene(t)
  for (const [fields, said] of [
    [{ client_id: `https://${OTHER_HOST}/client.json` }, /for another URL/],
    [{ client_id: undefined }, /for another URL/],
    [{ client_name: 'He\u202Elper' }, /name in the document/],
    [{ redirect_uris: ['http://evil.example/cb'] }, /isn’t safe \(redirect_uris\)/],
    [{ redirect_uris: ['helper:/cb'] }, /isn’t safe \(redirect_uris\)/],
    [{ redirect_uris: ['javascript:alert(1)'] }, /isn’t safe \(redirect_uris\)/],
    [{ redirect_uris: [] }, /isn’t safe \(redirect_uris\)/],
    [{ scope: ['openid'] }, /can’t be read/],
    [{ client_uri: 'http://agent.example/' }, /website in the document/],
  ] as const) {
    await publishAgent(server, host, fields)
    const { statusCode, body, location } = await comes()
    assert.equal(statusCode, 400, location)
    assert.match(body, said)
  }
  assert.deepEqual(await rows(), [])
})

test('what a host answers instead of a document is refused, and leads nowhere', async (t) => {
  const { host, comes, rows } = await agentScene(t)
  const document = JSON.stringify(DOCUMENT_OF_AGENT)
  host.answers.set('/elsewhere.json', json(document))
  for (const [answer, said] of [
    [json('<html>'), /isn’t valid JSON/],
    [json(document, { 'content-type': 'text/html' }), /isn’t a JSON document/],
    [json(document + ' '.repeat(5 * 1024)), /too long/],
    [json('[]'), /isn’t valid JSON/],
    [undefined, /no document at its URL/],
  ] as const) {
    if (answer === undefined) host.answers.delete('/client.json')
    else host.answers.set('/client.json', answer)
    const { statusCode, body } = await comes()
    assert.equal(statusCode, 400)
    assert.match(body, said)
  }
  for (const location of [`https://${OTHER_HOST}/elsewhere.json`, '/elsewhere.json', 'http://127.0.0.1/']) {
    host.answers.set('/client.json', (_request, response) => response.writeHead(302, { location }).end())
    assert.match((await comes()).body, /no document at its URL/)
  }
  assert.ok(
    host.requests.every((one) => one === `${AGENT_HOST}/client.json`),
    host.requests.join(' '),
  )
  assert.deepEqual(await rows(), [])
})

test('a host that does not answer ends the request after the patience', async (t) => {
  const { host, comes } = await agentScene(t, { patience: 100 })
  host.answers.set('/client.json', () => undefined)
  const { statusCode, body } = await comes()
  assert.equal(statusCode, 400)
  assert.match(body, /didn’t answer in time/)
})

test('a host whose name leads into a private network is not connected to', async (t) => {
  const { host, comes } = await agentScene(t)
  for (const ipAddress of [
    '127.0.0.1',
    '10.0.0.1',
    '169.254.169.254',
    '192.168.1.1',
    '::1',
    'fd00::1',
    'fe80::1',
    '::ffff:127.0.0.1',
    '::ffff:a9fe:a9fe',
    '64:ff9b::7f00:1',
  ]) {
    host.ipAddresses.set(AGENT_HOST, [ipAddress])
    const { statusCode, body } = await comes()
    assert.equal(statusCode, 400)
    assert.match(body, /isn’t on the public internet/, ipAddress)
  }
  assert.deepEqual(host.targets, [])
})

test('no document is fetched that is not listed, nor at another endpoint, nor while agents are off', async (t) => {
  const { host, server, agent, comes, rows } = await agentScene(t)
  const { answers } = host
  answers.set('/other.json', json({ ...DOCUMENT_OF_AGENT, client_id: `https://${AGENT_HOST}/other.json` }))
  const post = (path: string, fields: Readonly<Record<string, string>>) =>
    server.app.inject({
      method: 'POST',
      url: `/oidc${path}`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: new URLSearchParams({ client_id: DOCUMENT, ...fields }).toString(),
    })
  for (const [path, fields] of [
    [
      '/token',
      { grant_type: 'authorization_code', code: 'dwk_a', redirect_uri: CALLBACK, code_verifier: 'x'.repeat(43) },
    ],
    ['/token', { grant_type: 'refresh_token', refresh_token: 'dwr_a' }],
    ['/token/revocation', { token: 'dwr_a' }],
    ['/token/introspection', { token: 'dwt_a' }],
    ['/device/auth', { scope: 'openid' }],
  ] as const) {
    const { statusCode } = await post(path, fields)
    assert.ok(statusCode === 400 || statusCode === 401, `${path} answers ${statusCode}`)
  }
  await server.app.inject({ method: 'GET', url: `/oidc/session/end?client_id=${encodeURIComponent(DOCUMENT)}` })
  const other = (id: string): TestApp => {
    const config = new oidc.Configuration(agent.config.serverMetadata(), id, undefined, oidc.None())
    oidc.allowInsecureRequests(config)
    return { ...agent, client: { ...agent.client, id }, config }
  }
  for (const id of [
    `https://${AGENT_HOST}/other.json`,
    `https://${OTHER_HOST}/client.json`,
    `${DOCUMENT}?a=b`,
    `${DOCUMENT}#a`,
    `https://${AGENT_HOST}:443/client.json`,
    `https://user@${AGENT_HOST}/client.json`,
    `https://${AGENT_HOST}/./client.json`,
    `https://${AGENT_HOST.toUpperCase()}/client.json`,
    `http://${AGENT_HOST}/client.json`,
    'https://127.0.0.1/client.json',
  ])
    assert.match((await comes(other(id))).body, /We don’t know this app/, id)
  await changeAgents(server.operator(), { enabled: false })
  assert.match((await comes()).body, /We don’t know this app/)
  assert.equal((await post('/request', { redirect_uri: CALLBACK, response_type: 'code' })).statusCode >= 400, true)
  const { body } = await server.app.inject({ method: 'GET', url: '/.well-known/oauth-authorization-server/oidc' })
  assert.ok(!body.includes('client_id_metadata_document_supported'))
  assert.deepEqual(host.requests, [])
  assert.deepEqual(await rows(), [])
})

test('what an agent got ends with the switch, at every endpoint, and does not come back with it', async (t) => {
  const { server, visitor, agent } = await agentScene(t)
  const api = await registerApi(server)
  const question = await asked(visitor, agent, { scope: 'openid profile offline_access', resource: RESOURCE_URI })
  const tokens = await exchange(agent, await presses(visitor, question.path, 'Allow'), question)
  const waiting = await asked(visitor, agent, { scope: 'openid' })
  assert.equal((await introspect(api, tokens.access_token)).active, true)
  // As another node would read it that was not there when the sign-ins were ended.
  await server.doorward.db.updateTable('openid_setting').set({ agents: 0 }).execute()
  assert.equal((await introspect(api, tokens.access_token)).active, false)
  await assert.rejects(oidc.refreshTokenGrant(agent.config, tokens.refresh_token ?? ''), { error: 'invalid_client' })
  assert.match((await visitor.open(waiting.path)).body, /We don’t know this app/)
  await server.doorward.db.updateTable('openid_setting').set({ agents: 1 }).execute()
  assert.equal((await introspect(api, tokens.access_token)).active, true)

  await changeAgents(server.operator(), { enabled: false })
  assert.equal((await consentsIn(server)).grants, 0)
  await changeAgents(server.operator(), { enabled: true })
  assert.equal((await introspect(api, tokens.access_token)).active, false)
})

test('an agent whose document changes while its user reads about it is shown anew', async (t) => {
  const { host, server, visitor, agent } = await agentScene(t)
  const question = await asked(visitor, agent, { scope: 'openid' })
  await server.doorward.db
    .updateTable('client')
    .set({ name: 'Impostor', revision: 2 })
    .where('id', '=', DOCUMENT)
    .execute()
  const answer = await visitor.submit(`${question.path}/consent`, {})
  assert.equal(answer.statusCode, 303, answer.body)
  assert.equal((await consentsIn(server)).items.length, 0)
  assert.match((await visitor.page(question.path)).main.text, /Impostor/)
  assert.equal(host.requests.length, 1)
})

test('a stranger who asks for many documents of a listed host is stopped, and other networks are not', async (t) => {
  const { host, server } = await agentScene(t)
  await changeAgents(server.operator(), { allowedDocuments: [AGENT_HOST] })
  const come = (path: string, remoteAddress = '203.0.113.9') =>
    server.app.inject({
      method: 'GET',
      remoteAddress,
      url: `/oidc/auth?${new URLSearchParams({ client_id: `https://${AGENT_HOST}${path}`, response_type: 'code', redirect_uri: CALLBACK })}`,
    })
  let stopped = 0
  for (let count = 0; count < 130; count++) if ((await come(`/${count}`)).statusCode === 429) stopped += 1
  assert.ok(stopped >= 10, `${stopped} requests were stopped`)
  const fetched = host.requests.length
  assert.ok(fetched <= 120, `${fetched} documents were fetched`)
  assert.notEqual((await come('/another', '198.51.100.7')).statusCode, 429)
  assert.equal(host.requests.length, fetched + 1)
})

test('an agent with the name of an app is told from it, and takes nothing of it', async (t) => {
  const { host, server, visitor } = await agentScene(t)
  const app = await registerApp(server, { name: 'Helper' })
  const agent = await publishAgent(server, host)
  const { page } = await asked(visitor, agent, { scope: 'openid' })
  assert.match(page.main.text, new RegExp(`This program comes from ${AGENT_HOST}`))
  const url = (await authorizationOf(app, { scope: 'openid' })).url
  assert.equal((await follow(visitor, url)).origin, 'https://app.example', 'the app asks for nothing')
  assert.equal((await readAgentSetting(server.operator())).enabled, true)
})

test('no operation on apps changes an agent, which only its document describes', async (t) => {
  const { server, visitor, admin, agent } = await agentScene(t)
  const question = await asked(visitor, agent, { scope: 'openid' })
  const tokens = await exchange(agent, await presses(visitor, question.path, 'Allow'), question)
  const row = () => server.doorward.db.selectFrom('client').selectAll().where('id', '=', DOCUMENT).execute()
  const before = await row()
  const path = `/apps/${encodeURIComponent(DOCUMENT)}`
  await admin.signsIn()
  for (const [method, below, payload] of [
    ['GET', '', undefined],
    ['PATCH', '', { trusted: true }],
    ['PATCH', '', { auth_method: 'client_secret_basic', device_sign_in: true }],
    ['POST', '/secrets', {}],
    ['POST', '/disable', undefined],
    ['POST', '/enable', undefined],
    ['POST', '/access-check', {}],
    ['DELETE', '/grants', undefined],
    ['DELETE', '', undefined],
  ] as const)
    assert.equal((await admin.asks(method, `${path}${below}`, payload)).status, 404, `${method} ${below}`)
  assert.deepEqual(await row(), before)
  assert.ok((await oidc.fetchUserInfo(agent.config, tokens.access_token, tokens.claims()?.sub ?? '')).sub)
})

test('a resource for one agent gives no other one tokens, and its page leads to the agents', async (t) => {
  const { host, server, visitor, agent } = await agentScene(t)
  await asked(visitor, agent, { scope: 'openid' })
  const { resource } = await registerApi(server, { allowedClients: [DOCUMENT] })
  assert.match((await asked(visitor, agent, { scope: 'openid read', resource: RESOURCE_URI })).page.main.text, /Orders/)
  const page = await visitor.page(`/admin/resources/${resource.id}`)
  assert.equal(page.main.link('Helper'), '/admin/agents')
  const id = `https://${AGENT_HOST}/other.json`
  await changeAgents(server.operator(), { allowedDocuments: [AGENT_HOST] })
  host.answers.set('/other.json', json({ ...DOCUMENT_OF_AGENT, client_id: id }))
  const other = { ...agent, client: { ...agent.client, id } }
  const { url } = await authorizationOf(other, { client_id: id, scope: 'openid read', resource: RESOURCE_URI })
  assert.equal((await follow(visitor, url)).searchParams.get('error'), 'invalid_target')
})
