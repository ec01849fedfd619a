// Two MCP clients of others, which come without registration: they find the provider by the MCP server, sign their user in, and call its tool with a
// JWT. And the part of the MCP conformance suite that comes to an authorization server as a client.
import assert from 'node:assert/strict'
import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'
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

/** A resource for which agents may ask, and a browser in which its user is signed in. */
async function agentScene(t: TestContext, redirectUris: readonly string[]) {
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
  return { host, visitor, uri, port, issuer }
}

/** The MCP server that is the resource. */
async function mcpScene(t: TestContext, redirectUris: readonly string[]) {
  const { uri, port, issuer, ...scene } = await agentScene(t, redirectUris)
  const env = { ISSUER: issuer, PORT: String(port) }
  await startApp(t, 'mcp', 'server.js', { env, ready: () => answers(uri) })
  return { ...scene, uri }
}

/** Opens the URL that the program shows, allows what it asks for, and lets the browser go on to the program. */
async function allowsIn(visitor: Visitor, program: StartedProgram): Promise<void> {
  const shown = /(http:\/\/localhost:\d+\/oidc\/auth\?\S+)/
  await waitUntil(async () => shown.test(program.output()))
  const [, url = ''] = shown.exec(program.output()) ?? []
  const { pathname } = await follow(visitor, url)
  const { main } = await visitor.page(pathname)
  for (const said of [AGENT_HOST, 'Helper', 'A program on this device', 'Notes', 'May read: notes'])
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

exhaustive('the MCP conformance suite for authorization servers finds each of its checks met', async (t) => {
  const { host, visitor, uri, issuer } = await agentScene(t, ['http://127.0.0.1/callback'])
  const results = await temporaryFolder(t)
  const program = await startApp(t, 'mcp', 'node_modules/@modelcontextprotocol/conformance/dist/index.js', {
    args: [
      'authorization',
      `--url=${issuer}`,
      `--client-id=${DOCUMENT}`,
      `--resource=${uri}`,
      `--port=${await freePort()}`,
      `--output-dir=${results}`,
    ],
    env: {},
    ready: async () => true,
  })
  await allowsIn(visitor, program)
  await waitUntil(async () => /Total: \d+ passed/.test(program.output()))
  assert.deepEqual(await checksIn(results), {
    'authorization-server-metadata': 'SUCCESS',
    // A warning, which the suite counts as passed, where the metadata doesn't say that documents are read.
    'authorization-server-metadata-cimd': 'SUCCESS',
    'authorization-code-grant': 'SUCCESS',
  })
  assert.deepEqual(host.requests, [`${AGENT_HOST}/client.json`])
})

/** What the suite has written into the folder: the outcome of each check. */
async function checksIn(folder: string): Promise<Record<string, string>> {
  const files = await Array.fromAsync(glob('*/checks.json', { cwd: folder }))
  const checks = await Promise.all(files.map(async (file) => JSON.parse(await readFile(join(folder, file), 'utf8'))))
  return Object.fromEntries(checks.flat().map(({ id, status }) => [id, status]))
}
