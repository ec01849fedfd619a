// The apps of examples/ for Express, Fastify, Hono and Next.js, with the packages that their lockfiles pin: each asks Doorward about every
// request, lets in whom its routes demand, and says what is missing.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

import { minutes } from '#foundation/kernel/time.ts'
import { install } from '../../scripts/install.mjs'
import { withBuiltClient } from '../support/documentation/built-client.ts'
import { folderOf } from '../support/documentation/example-apps.ts'
import { openTerminal, runShell } from '../support/documentation/fresh-clone.ts'
import { readPage } from '../support/documentation/markdown.ts'
import { call } from '../support/documentation/packed.ts'
import { curlFor } from '../support/documentation/shell-programs.ts'
import { authorizationOf, confirmsAt, exchange, follow, registerApp, signInAt } from '../support/openid/apps.ts'
import { allows } from '../support/openid/devices.ts'
import { signsIn } from '../support/pages/page-answers.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { firstAdmin, newcomer, type Person } from '../support/people/people.ts'
import { exhaustive } from '../support/runner/scope.ts'
import { TestClock } from '../support/server/clock.ts'
import { listening } from '../support/server/listening.ts'
import { freePort } from '../support/server/ports.ts'
import type { Server } from '../support/server/start.ts'
import { answers, startedProgram, type StartedProgram } from '../support/server/started-program.ts'

type Start = (t: TestContext, env: Readonly<Record<string, string>>) => Promise<StartedProgram>

/** Starts a program of Node in the folder of an example. */
function startExample(t: TestContext, name: string, args: readonly string[], env: Readonly<Record<string, string>>) {
  return startedProgram(t, [process.execPath, ...args], {
    cwd: folderOf(name),
    env: { PATH: process.env.PATH, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1', ...env },
    stopWith: 'SIGKILL',
    ready: () => answers(`http://localhost:${env['PORT']}/`),
  })
}

const SCOPE = 'openid roles'

/** A user with a browser in which they are signed in, and the access token of a sign-in to the app. */
async function signedIn(server: Server, person: Person, app: Awaited<ReturnType<typeof registerApp>>) {
  const browser = new Visitor(server)
  await signsIn(browser, person)
  const tokens = await signInAt(browser, app, { scope: SCOPE })
  return { browser, token: tokens.access_token, subject: tokens.claims()?.sub }
}

/** Walks through the four routes of an example. */
async function walk(t: TestContext, start: Start): Promise<void> {
  const { server, baseUrl } = await listening(t, { clock: new TestClock(Date.now() - minutes(6)) })
  const root = await firstAdmin(server)
  const session = await root.signsIn()
  const ada = await newcomer(session, 'ada')
  const app = await registerApp(server, { scopes: ['openid', 'roles'] })
  const user = await signedIn(server, ada, app)
  const admin = await signedIn(server, root, app)
  const port = String(await freePort())
  const env = { DOORWARD: baseUrl, CLIENT_ID: app.client.id, CLIENT_SECRET: app.secret, PORT: port }
  const program = await start(t, env)
  const ask = async (path: string, token?: string) => {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
    const answer = await fetch(`http://localhost:${port}${path}`, { headers })
    const { subject } = (await answer.json()) as { readonly subject?: string | null }
    return { status: answer.status, subject, challenge: answer.headers.get('www-authenticate') }
  }
  const passes = { status: 200, subject: user.subject, challenge: null }

  assert.deepEqual(await ask('/'), { ...passes, subject: null })
  assert.deepEqual(await ask('/', user.token), passes)
  assert.equal((await ask('/', 'wrong')).status, 401)

  assert.deepEqual(await ask('/me'), { status: 401, subject: undefined, challenge: 'Bearer' })
  assert.match((await ask('/me', 'wrong')).challenge ?? '', /^Bearer error="invalid_token"$/)
  assert.deepEqual(await ask('/me', user.token), passes)

  assert.deepEqual(await ask('/admin', user.token), { status: 403, subject: undefined, challenge: null })
  assert.deepEqual(await ask('/admin', admin.token), { ...passes, subject: admin.subject })

  // Six minutes after the sign-in, five are demanded: the app sends its user to Doorward with what the challenge says (RFC 9470 §4).
  server.clock.pass(minutes(6))
  const { status, challenge } = await ask('/payments', user.token)
  assert.equal(status, 401)
  const wanted = Object.fromEntries(
    [...(challenge ?? '').matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]),
  )
  assert.deepEqual(wanted, {
    error: 'insufficient_user_authentication',
    acr_values: 'urn:doorward:two-factors',
    max_age: '300',
  })
  const { acr_values, max_age } = wanted
  const again = await authorizationOf(app, { scope: SCOPE, acr_values, max_age })
  const arrived = await confirmsAt(user.browser, await follow(user.browser, again.url), ada)
  const stronger = await exchange(app, arrived, again)
  assert.deepEqual(await ask('/payments', stronger.access_token), passes)
  assert.deepEqual(await ask('/me', user.token), passes)

  await server.doorward.db.updateTable('users').set({ disabled: 1 }).where('username', '=', 'ada').execute()
  for (const token of [user.token, stronger.access_token]) assert.equal((await ask('/me', token)).status, 401)
  assert.equal((await ask('/me', admin.token)).status, 200)

  await server.app.close()
  for (const path of ['/', '/me', '/me']) assert.equal((await ask(path, admin.token)).status, 503, path)
  assert.equal((await ask('/')).status, 200)
  assert.equal(program.output().split('Requests are refused with 503').length, 2, program.output())
}

for (const name of ['express', 'fastify', 'hono']) {
  exhaustive(`the example of ${name} lets in whom each of its routes demands, and says what is missing`, async (t) => {
    await install(folderOf(name), { what: `the packages of examples/${name}` })
    await walk(t, (inner, env) => withBuiltClient(() => startExample(inner, name, ['server.js'], env)))
  })
}

// The first run downloads 341 MB, 10 seconds on a quick line; a build takes 6 seconds. It is built, since a development server keeps no
// answers, and a kept answer would show a signed-out user.
exhaustive(
  'the example of Next.js, built, lets in whom each of its routes demands, and says what is missing',
  async (t) => {
    const next = join('node_modules', 'next', 'dist', 'bin', 'next')
    await install(folderOf('next'), { what: 'the packages of examples/next' })
    const env = { NEXT_TELEMETRY_DISABLED: '1' }
    const built = () => call(process.execPath, { args: [next, 'build'], cwd: folderOf('next'), env })
    const { code, stdout, stderr } = await withBuiltClient(built)
    assert.equal(code, 0, stdout + stderr)
    await walk(t, (inner, about) => startExample(inner, 'next', [next, 'start', '--hostname', 'localhost'], about))
  },
)

exhaustive('the commands of the page fetch a token that the example of Express takes', async (t) => {
  const { server, baseUrl } = await listening(t, { clock: new TestClock(Date.now()) })
  const root = await firstAdmin(server)
  const browser = new Visitor(server)
  await signsIn(browser, root)
  const { client, secret } = await registerApp(server, {
    name: 'Payments',
    kind: 'native',
    redirectUris: [],
    deviceSignIn: true,
    scopes: ['openid', 'roles'],
  })
  const { fences } = readPage('docs/api.md')
  const block = fences.find(({ code }) => code.includes('/oidc/device/auth'))?.code ?? ''
  const [ask = '', fetchToken = ''] = block.split('\n')
  const terminal = await openTerminal(t, { programs: await curlFor(t) })
  const run = async (line: string, code = ''): Promise<Record<string, string>> => {
    const filled = line.replace('ID:SECRET', `${client.id}:${secret}`).replace('=CODE', `=${code}`)
    return JSON.parse(await runShell(`URL=${baseUrl}; ${filled}`, terminal)) as Record<string, string>
  }
  const {
    device_code: code = '',
    user_code: userCode = '',
    verification_uri_complete: link = '',
  } = await run(`${ask} -d max_age=300`)
  assert.ok(link.startsWith(`${baseUrl}/device?`), link)
  await allows(browser, userCode)
  const { access_token: token } = await run(fetchToken, code)

  const port = String(await freePort())
  const env = { DOORWARD: baseUrl, CLIENT_ID: client.id, CLIENT_SECRET: secret, PORT: port }
  await install(folderOf('express'), { what: 'the packages of examples/express' })
  await withBuiltClient(() => startExample(t, 'express', ['server.js'], env))
  for (const path of ['/me', '/admin', '/payments']) {
    const answer = await fetch(`http://localhost:${port}${path}`, { headers: { authorization: `Bearer ${token}` } })
    assert.equal(answer.status, 200, path)
  }
})
