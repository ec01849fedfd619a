// oidc-agent, which gets tokens for the command line, as Debian has it: it signs in by a code that its user types in a browser (RFC 8628).
import assert from 'node:assert/strict'
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'

import { openBrowser } from '../support/browser/browser.ts'
import { pagePath, send } from '../support/browser/page-actions.ts'
import { temporaryFolder } from '../support/databases/temporary.ts'
import { registerApp } from '../support/openid/apps.ts'
import { firstAdmin } from '../support/people/people.ts'
import { TestClock } from '../support/server/clock.ts'
import { listening } from '../support/server/listening.ts'
import { waitUntil } from '../support/server/started-program.ts'
import { requireProgram, startProgram } from './programs.ts'

const run = promisify(execFile)

test('oidc-agent signs in by a code that its user types, and gets tokens again and again', async (t) => {
  const { server, baseUrl } = await listening(t, { clock: new TestClock(Date.now()) })
  const admin = await firstAdmin(server)
  const { client, secret } = await registerApp(server, {
    name: 'oidc-agent',
    // It always authenticates by a header, with an empty secret where it has none, so it cannot be a public app.
    kind: 'native',
    authMethod: 'client_secret_basic',
    redirectUris: [],
    deviceSignIn: true,
    scopes: ['openid', 'profile', 'offline_access'],
  })
  const home = await temporaryFolder(t)
  const socket = join(home, 'agent.sock')
  const env = { HOME: home, OIDC_SOCK: socket, OIDC_ENCRYPTION_PW: 'three calm words' }
  const ready = async (): Promise<boolean> => statSync(socket).isSocket()
  await startProgram(t, ['oidc-agent', '--console', `--socket-path=${socket}`], { env, ready })

  const flags = ['--flow=device', `--client-id=${client.id}`, `--client-secret=${secret}`, `--iss=${baseUrl}/oidc`]
  const more = [
    '--scope=openid profile offline_access',
    '--redirect-uri=http://localhost:4242',
    '--pw-env',
    '--no-url-call',
  ]
  const generator = spawn(
    requireProgram('oidc-gen'),
    ['doorward', ...flags, ...more, '--confirm-default', '--prompt=none'],
    {
      env: { ...env, PATH: process.env['PATH'] },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  t.after(() => generator.kill())
  const said = textOf(generator)
  const ended = once(generator, 'close')
  await waitUntil(async () => {
    assert.equal(generator.exitCode, null, said())
    return /[A-Z]{4}-[A-Z]{4}/.test(said())
  })
  const [userCode = ''] = /[A-Z]{4}-[A-Z]{4}/.exec(said()) ?? []

  const page = await openBrowser(t)
  await page.goto(`${baseUrl}/device`)
  assert.equal(pagePath(page), '/sign-in')
  await send(page, { username: admin.username, 'current-password': admin.password })
  await send(page, { code: admin.code() })
  await send(page, { user_code: userCode })
  await send(page, {})
  await page.getByText('The device is signed in').waitFor()
  assert.deepEqual(await ended, [0, null], said())

  const tokenOf = async (...given: readonly string[]): Promise<string> =>
    (await run(requireProgram('oidc-token'), [...given, 'doorward'], { env })).stdout.trim()
  const token = await tokenOf()
  const info = await fetch(`${baseUrl}/oidc/me`, { headers: { authorization: `Bearer ${token}` } })
  assert.equal(((await info.json()) as { preferred_username?: string }).preferred_username, admin.username)
  const renewed = await tokenOf('--force-new')
  assert.match(renewed, /^dwt_/)
  assert.notEqual(renewed, token)
})

/** Everything that a program writes. */
function textOf({ stdout, stderr }: ChildProcess): () => string {
  let text = ''
  for (const stream of [stdout, stderr]) stream?.setEncoding('utf8').on('data', (part: string) => (text += part))
  return () => text
}
