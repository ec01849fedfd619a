// An app in Python that signs its users in with Authlib, as Debian has it.
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test, type TestContext } from 'node:test'

import { follow, registerApp, type TestApp } from '../support/openid/apps.ts'
import { signsIn } from '../support/pages/page-answers.ts'
import { stored } from '../support/pages/page-scenes.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { firstAdmin } from '../support/people/people.ts'
import { TestClock } from '../support/server/clock.ts'
import { listening } from '../support/server/listening.ts'

/** Debian's own Python, for which its packages are installed; another one may come first in PATH. */
const PYTHON = '/usr/bin/python3'
const APP = join(import.meta.dirname, 'authlib-app.py')

for (const [idTokenAlg, authMethod] of [
  ['ES256', 'client_secret_basic'],
  ['RS256', 'client_secret_post'],
] as const) {
  test(`Authlib signs in, refreshes, introspects and revokes with ${idTokenAlg} and ${authMethod}`, async (t) => {
    requireAuthlib()
    const { server, baseUrl } = await listening(t, { clock: new TestClock(Date.now()) })
    const admin = await firstAdmin(server)
    const visitor = new Visitor(server)
    await signsIn(visitor, admin)
    const app = await registerApp(server, { idTokenAlg, authMethod })
    const { subject } = await stored(server, admin.username)
    const { version, ...got } = await runApp(t, app, `${baseUrl}/oidc`, visitor)
    t.diagnostic(`Authlib ${String(version)}`)
    assert.deepEqual(got, {
      algorithm: idTokenAlg,
      sub: [subject, subject],
      acr: 'urn:doorward:two-factors',
      username: admin.username,
      rotated: true,
      revocation: 200,
      active: [true, false],
    })
  })
}

function requireAuthlib(): void {
  const { status } = spawnSync(PYTHON, ['-c', 'import authlib, requests'])
  assert.equal(status, 0, 'Authlib is not installed. On Debian, run scripts/foreign-programs.sh as root.')
}

/** Runs the app; the browser goes where the app sends it, and back. Returns what the app prints at its end. */
async function runApp(
  t: TestContext,
  app: TestApp,
  issuer: string,
  visitor: Visitor,
): Promise<Record<string, unknown>> {
  const { client, secret } = app
  const env = {
    ISSUER: issuer,
    CLIENT_ID: client.id,
    CLIENT_SECRET: secret,
    AUTH_METHOD: client.authMethod,
    REDIRECT_URI: client.redirectUris[0] ?? '',
    // Authlib refuses http otherwise.
    AUTHLIB_INSECURE_TRANSPORT: '1',
    PYTHONDONTWRITEBYTECODE: '1',
  }
  const child = spawn(PYTHON, [APP], { env, stdio: ['pipe', 'pipe', 'pipe'] })
  t.after(() => child.kill('SIGKILL'))
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
  const ended = once(child, 'close')
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  const { value: url = '' } = (await lines.next()) as { value?: string }
  assert.ok(URL.canParse(url), said)
  const answer = await follow(visitor, url)
  child.stdin.end(`${answer}\n`)
  const { value: result = 'null' } = (await lines.next()) as { value?: string }
  await ended
  assert.equal(child.exitCode, 0, said)
  return JSON.parse(result) as Record<string, unknown>
}
