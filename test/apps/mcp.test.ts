// Two MCP clients of others, which come without registration: they find the provider by the MCP server, sign their user in, and call its tool with a JWT.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import { temporaryFolder } from '../support/databases/temporary.ts'
import { AGENT_HOST, DOCUMENT, startAgentHost } from '../support/openid/agent-host.ts'
import { allowAgents, publishAgent } from '../support/openid/agents.ts'
import { follow } from '../support/openid/apps.ts'
import { presses } from '../support/openid/consents.ts'
import { registerApi } from '../support/openid/resources.ts'
import { signsIn } from '../support/pages/page-answers.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { firstAdmin } from '../support/people/people.ts'
import { exhaustive } from '../support/runner/scope.ts'
import { TestClock } from '../support/server/clock.ts'
import { listening } from '../support/server/listening.ts'
import { freePort } from '../support/server/ports.ts'
import { answers, type StartedProgram, waitUntil } from '../support/server/started-program.ts'
import { installApp, startApp } from './installed-app.ts'

/** An MCP server for whose resource agents may ask, and a browser in which its user is signed in. */
async function mcpScene(t: TestContext, redirectUris: readonly string[]) {
  await installApp('mcp')
  const host = await startAgentHost(t)
  const { server, baseUrl } = await listening(t, { clock: new TestClock(Date.now()), outbound: host.outbound })
  const admin = await firstAdmin(server)
  const visitor = new Visitor(server)
  await signsIn(visitor, admin)
  const port = await freePort()
  const uri = `http://localhost:${port}/mcp`
  await registerApi(server, { uri, name: 'Notes', tokenFormat: 'jwt', scopes: ['notes:read'] })
  await allowAgents(server, DOCUMENT)
  await publishAgent(server, host, { redirect_uris: redirectUris, scope: undefined })
  const issuer = `${baseUrl}/oidc`
  const env = { ISSUER: issuer, PORT: String(port) }
  await startApp(t, 'mcp', 'server.js', { env, ready: () => answers(uri) })
  return { host, visitor, uri, issuer }
}

/** Opens the URL that the program shows, allows what it asks for, and lets the browser go on to the program. */
async function allowsIn(visitor: Visitor, program: StartedProgram): Promise<void> {
  const shown = /(http:\/\/localhost:\d+\/oidc\/auth\?\S+)/
  await waitUntil(async () => shown.test(program.output()))
  const [, url = ''] = shown.exec(program.output()) ?? []
  const { pathname } = await follow(visitor, url)
  const { main } = await visitor.page(pathname)
  for (const said of [AGENT_HOST, 'Helper', 'A program on this device', 'Notes', 'notes:read'])
    assert.ok(main.text.includes(said), `${said} in ${main.text}`)
  const answered = await fetch(await presses(visitor, pathname, 'Allow'))
  assert.equal(answered.status, 200)
}

exhaustive('the client of the MCP SDK signs its user in by its document, and calls a tool', async (t) => {
  const { host, visitor, uri } = await mcpScene(t, ['http://127.0.0.1/callback'])
  const env = { SERVER: uri, DOCUMENT }
  const program = await startApp(t, 'mcp', 'client.js', { env, ready: async () => true })
  await allowsIn(visitor, program)
  await waitUntil(async () => /tool /.test(program.output()))
  assert.match(program.output(), new RegExp(`tool called by ${DOCUMENT} with notes:read`))
  assert.deepEqual(host.requests, [`${AGENT_HOST}/client.json`])
})

exhaustive('mcp-remote signs its user in by the document that it is given, and connects', async (t) => {
  const { visitor, uri } = await mcpScene(t, ['http://127.0.0.1/oauth/callback', 'http://localhost/oauth/callback'])
  const port = await freePort()
  const args = [uri, String(port), '--client-metadata-url', DOCUMENT, '--transport', 'http-only']
  const env = { MCP_REMOTE_CONFIG_DIR: await temporaryFolder(t) }
  const program = await startApp(t, 'mcp', 'node_modules/mcp-remote/dist/client.js', {
    args,
    env,
    ready: async () => true,
  })
  await allowsIn(visitor, program)
  // The MCP server takes nothing without a token, so the connection shows one.
  await waitUntil(async () => /Connected successfully/.test(program.output()))
})
