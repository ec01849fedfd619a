// An agent, which nobody has registered, signs a user in and calls an API in their name, with a certified client library.
import assert from 'node:assert/strict'
import * as oidc from 'openid-client'

import { minutes } from '#foundation/kernel/time.ts'
import { changeAgents, endAgentSignIns, readAgents } from '#use-cases/administration/agents/agents.service.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { AGENT_HOST, DOCUMENT, startAgentHost } from '../support/openid/agent-host.ts'
import { allowAgents, publishAgent } from '../support/openid/agents.ts'
import { authorizationOf, exchange, follow, pushedAuthorizationOf } from '../support/openid/apps.ts'
import { asked, consentsIn, presses } from '../support/openid/consents.ts'
import { shareClock } from '../support/openid/openid-clock.ts'
import { introspect, registerApi, RESOURCE_URI, verify } from '../support/openid/resources.ts'
import { signsIn } from '../support/pages/page-answers.ts'
import { visitorScene } from '../support/pages/page-scenes.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'

async function agentScene(t: Parameters<typeof startAgentHost>[0], dialect: 'sqlite' | 'postgres') {
  const host = await startAgentHost(t)
  const { server, admin, visitor } = await visitorScene(t, { dialect, outbound: host.outbound })
  const clock = shareClock(t, server)
  await allowAgents(server, DOCUMENT)
  const agent = await publishAgent(server, host)
  await signsIn(visitor, admin)
  return { host, server, visitor, clock, agent }
}

onEitherDatabase(
  'a user allows an agent, which calls an API until its document is listed no longer',
  async (t, dialect) => {
    const { host, server, visitor, agent } = await agentScene(t, dialect)
    await registerApi(server, { tokenFormat: 'jwt' })
    const discovered = agent.config.serverMetadata()
    assert.equal(discovered['client_id_metadata_document_supported'], true)

    const question = await asked(visitor, agent, {
      scope: 'openid profile offline_access read',
      resource: RESOURCE_URI,
    })
    const { text } = question.page.main
    for (const said of [
      `This program comes from ${AGENT_HOST}`,
      'Helper',
      'A program on this device',
      'Orders',
      'read',
    ])
      assert.ok(text.includes(said), `${said} in ${text}`)
    const answer = await presses(visitor, question.path, 'Allow')
    assert.ok(answer.href.startsWith('http://localhost:49152/callback?'), answer.href)
    const tokens = await exchange(agent, answer, question)
    assert.equal(tokens.claims()?.aud, DOCUMENT)
    const { payload } = await verify(server, tokens.access_token)
    assert.deepEqual([payload['client_id'], payload['scope']], [DOCUMENT, 'read'])
    const { refresh_token: refresh = '' } = tokens
    const second = await oidc.refreshTokenGrant(agent.config, refresh)
    assert.deepEqual(host.requests, [`${AGENT_HOST}/client.json`], 'fetched at another endpoint too')

    const page = await visitor.page('/account/apps')
    assert.match(page.main.text, /Helper.*agent\.example/s)
    assert.match((await visitor.page('/admin/agents')).main.text, /Helper.*agent\.example/s)
    await changeAgents(server.operator(), { allowedDocuments: [] })
    await assert.rejects(oidc.refreshTokenGrant(agent.config, second.refresh_token ?? ''), { error: 'invalid_client' })
    await changeAgents(server.operator(), { allowedDocuments: [DOCUMENT] })
    await assert.rejects(oidc.refreshTokenGrant(agent.config, second.refresh_token ?? ''), { error: 'invalid_grant' })
    assert.equal((await consentsIn(server)).grants, 0)
  },
)

leaveToTestAll()

onEitherDatabase('an agent is asked about anew when its document has changed', async (t, dialect) => {
  const { host, server, visitor, clock } = await agentScene(t, dialect)
  const redirect = `https://${AGENT_HOST}/callback`
  const agent = await publishAgent(server, host, { redirect_uris: [redirect] }, redirect)
  const parameters = { scope: 'openid profile' }
  const question = await asked(visitor, agent, parameters)
  await exchange(agent, await presses(visitor, question.path, 'Allow'), question)
  const again = async () => follow(visitor, (await authorizationOf(agent, parameters)).url)
  assert.equal((await again()).origin, `https://${AGENT_HOST}`, 'asked twice about the same document')

  await publishAgent(server, host, { redirect_uris: [redirect], client_name: 'Better helper' }, redirect)
  assert.equal((await again()).origin, `https://${AGENT_HOST}`, 'the document is read once a minute')
  clock.pass(minutes(1) + 1000)
  const at = await again()
  assert.match(at.pathname, /^\/oidc\/interaction\//)
  assert.match((await visitor.page(at.pathname)).main.text, /Better helper/)
  await presses(visitor, at.pathname, 'Allow')
  assert.equal((await again()).origin, `https://${AGENT_HOST}`)
})

onEitherDatabase('an agent pushes its request, and an admin ends its sign-ins', async (t, dialect) => {
  const { server, visitor, agent } = await agentScene(t, dialect)
  const api = await registerApi(server)
  const pushed = await pushedAuthorizationOf(agent, { scope: 'openid profile', resource: RESOURCE_URI })
  const { pathname } = await follow(visitor, pushed.url)
  const tokens = await exchange(agent, await presses(visitor, pathname, 'Allow'), pushed)
  assert.equal((await introspect(api, tokens.access_token)).active, true)
  const { agents } = await readAgents(server.operator())
  assert.deepEqual(
    agents.map(({ client, use, isAllowed }) => [client.id, use.living, isAllowed]),
    [[DOCUMENT, 1, true]],
  )
  assert.equal(await endAgentSignIns(server.operator(), DOCUMENT), 1)
  assert.equal((await introspect(api, tokens.access_token)).active, false)
})
