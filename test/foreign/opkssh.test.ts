// opkssh, which makes SSH keys of ID tokens, as Debian has it, with the settings that its preset gives.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { type AddressInfo, connect } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { test, type TestContext } from 'node:test'
import tls from 'node:tls'

import { openBrowser } from '../support/browser/browser.ts'
import { pagePath, press, send } from '../support/browser/page-actions.ts'
import { temporaryFolder } from '../support/databases/temporary.ts'
import { CERTIFICATE, CERTIFICATE_KEY } from '../support/mail/certificate.ts'
import { settingsByPreset } from '../support/openid/apps-by-preset.ts'
import { stored } from '../support/pages/page-scenes.ts'
import { firstAdmin } from '../support/people/people.ts'
import { TestClock } from '../support/server/clock.ts'
import { type Server, start } from '../support/server/start.ts'
import { requireProgram } from './programs.ts'

test('a user who signs in with opkssh gets an SSH key by which a machine recognizes the user', async (t) => {
  const server = await behindTls(t)
  const admin = await firstAdmin(server)
  const settings = await settingsByPreset(server, { preset: 'opkssh', name: 'SSH' })
  const [providers = '', add = '', login = ''] = settings.split('\n')
  const home = await temporaryFolder(t)
  const trusted = join(home, 'trusted.pem')
  await writeFile(trusted, CERTIFICATE)
  // The programs of the operating system find each other by PATH.
  const env = { PATH: process.env.PATH, HOME: home, SSL_CERT_FILE: trusted }

  const program = spawn(requireProgram('opkssh'), [...login.split(' ').slice(1), '--disable-browser-open'], { env })
  t.after(() => program.kill())
  const ended = once(program, 'close')
  const page = await openBrowser(t, { ignoreHTTPSErrors: true })
  await page.goto(await urlSaidBy(program.stderr))
  assert.equal(pagePath(page), '/sign-in')
  await send(page, { username: admin.username, 'current-password': admin.password })
  await send(page, { code: admin.code() })
  // It asks for the page with `prompt=consent`, so its user reads what it gets.
  await press(page, 'Allow')
  await page.waitForURL(/^http:\/\/localhost:\d+\/login-callback\?/)
  assert.deepEqual(await ended, [0, null])

  const { subject } = await stored(server, admin.username)
  const verified = await onMachine(home, {
    env,
    providers,
    commands: [
      add.replace('SUBJECT', subject),
      'read -r type key rest <"$HOME/.ssh/id_ecdsa.pub" || true',
      'opkssh verify root "$key" "$type"',
      'opkssh verify nobody "$key" "$type" 2>&1 || true',
    ],
  })
  assert.match(verified, /^cert-authority ecdsa-sha2-nistp256 \S+$/m)
  assert.match(verified, /^Error: no policy to allow .* to assume nobody/m)
})

/** A server that other programs reach by https alone, as opkssh requires. */
async function behindTls(t: TestContext): Promise<Server> {
  let upstream = 0
  const front = tls.createServer({ cert: CERTIFICATE, key: CERTIFICATE_KEY }, (client) => {
    const onward = connect(upstream, '127.0.0.1')
    client.on('error', () => onward.destroy())
    onward.on('error', () => client.destroy())
    client.pipe(onward).pipe(client)
  })
  front.listen(0, 'localhost')
  await once(front, 'listening')
  t.after(() => front.close())
  const publicUrl = `https://localhost:${(front.address() as AddressInfo).port}`
  const server = await start(t, { clock: new TestClock(Date.now()), settings: { public_url: publicUrl } })
  await server.app.listen({ host: '127.0.0.1', port: 0 })
  upstream = (server.app.server.address() as AddressInfo).port
  return server
}

async function urlSaidBy(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: output })) {
    const url = /Open your browser to: (http:\S+)/.exec(line)?.[1]
    if (url !== undefined) return url
  }
  throw new Error('opkssh has ended without a URL')
}

interface Machine {
  readonly env: Readonly<NodeJS.ProcessEnv>
  /** The line of /etc/opk/providers. */
  readonly providers: string
  readonly commands: readonly string[]
}

/** Runs commands as root of a machine that trusts this server, which has an /etc and a /var/log of its own; returns what they print. */
async function onMachine(folder: string, { env, providers, commands }: Machine): Promise<string> {
  const etc = join(folder, 'etc')
  await mkdir(join(etc, 'opk'), { recursive: true })
  await writeFile(join(etc, 'opk', 'providers'), `${providers}\n`, { mode: 0o640 })
  await writeFile(join(etc, 'opk', 'auth_id'), '', { mode: 0o640 })
  const script = [
    'set -eu',
    `cp -a /etc/passwd /etc/group /etc/hosts /etc/nsswitch.conf '${etc}'`,
    `mount --bind '${etc}' /etc`,
    'mount -t tmpfs tmpfs /var/log',
    ...commands,
  ].join('\n')
  const machine = spawn('unshare', ['--mount', 'sh', '-c', script], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  const [printed] = await Promise.all([text(machine.stdout), once(machine, 'close')])
  return printed
}
