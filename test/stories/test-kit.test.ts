// The test kit of clients/test: what the tests of an app do with it, and what it refuses.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

import type { Doorward, StartOptions } from '../../clients/test/src/doorward.ts'
import { requireNode, requireTest } from '../../clients/test/src/limits-of-use.ts'
import { environmentOf } from '../../clients/test/src/server-process.ts'
import { startDoorward } from '../../clients/test/src/source.ts'
import { temporaryFolder } from '../support/databases/temporary.ts'
import { ROOT } from '../support/documentation/markdown.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'

const REDIRECT_URI = 'http://localhost:3000/callback'

async function startKit(t: TestContext, options: StartOptions = {}): Promise<Doorward> {
  const door = await startDoorward(options)
  t.after(() => door.stop())
  return door
}

/** Where the data of the server is. */
function folderOf(door: Doorward): string {
  const [, path] = /Data +(\S+)\/data\/doorward\.db/.exec(door.log()) ?? []
  assert.ok(path, door.log())
  return path
}

test('users sign in with two factors, to the server and to an app, until its clock says otherwise', async (t) => {
  const door = await startKit(t)
  const ada = await door.user({ username: 'ada', role: 'editor', groups: ['Staff'] })
  const session = await door.signIn(ada)
  const me = (await (await session.fetch('/users/me')).json()) as Record<string, unknown>
  assert.deepEqual([me['username'], me['role'], me['subject']], ['ada', 'editor', ada.subject])

  const app = await door.app({ redirectUris: [REDIRECT_URI], fields: { scopes: ['openid', 'roles', 'groups'] } })
  const { claims, accessToken } = await app.signIn(ada, { scope: 'openid roles groups' })
  assert.deepEqual([claims['sub'], claims['aud'], claims['amr']], [ada.subject, app.id, ['pwd', 'otp', 'mfa']])
  assert.equal((await app.introspect(accessToken))['active'], true)

  await door.clock.advance('30m')
  assert.equal((await app.introspect(accessToken))['active'], false)
  assert.equal((await session.fetch('/users/me')).status, 200)
  await door.clock.advance('1d')
  assert.equal((await session.fetch('/users/me')).status, 401)
})

leaveToTestAll()

test('a passkey is a second step too, at the server, in an app, and again where the app asks for it', async (t) => {
  const door = await startKit(t)
  const grace = await door.user({ secondStep: 'passkey' })
  assert.equal((await (await door.signIn(grace)).fetch('/users/me')).status, 200)
  const app = await door.app({ redirectUris: [REDIRECT_URI], trusted: false })
  const { claims } = await app.signIn(grace)
  assert.deepEqual(claims['amr'], ['pwd', 'pop', 'user', 'mfa'])
  await assert.rejects(grace.code(), /has no authenticator app/)
  assert.equal((await grace.signInWithPasskey()).user, grace)

  const browser = door.browser(grace)
  await browser.open(`${door.url}/account`)
  await door.clock.advance('10m')
  const { url, status } = await browser.open(`${door.url}/confirm?next=/account/security`)
  assert.deepEqual([new URL(url).pathname, status], ['/account/security', 200])
})

test('a user signs in as often as a test likes: each code is used once', async (t) => {
  const door = await startKit(t)
  const ada = await door.user()
  const [session, started] = [await door.signIn(ada), door.clock.now()]
  for (let time = 0; time < 4; time++) await door.signIn(ada)
  assert.ok(door.clock.now() - started < 4 * 30_000)
  const codes = await Promise.all([ada.code(), ada.code(), ada.code()])
  assert.equal(new Set(codes).size, 3)
  await session.signOut()
  assert.equal((await session.fetch('/users/me')).status, 401)
})

test('mails arrive, and links in them work', async (t) => {
  const door = await startKit(t)
  const ada = await door.user({ username: 'ada', email: 'ada@example.org', verifiedEmail: true, fullName: 'Zoë 山田' })
  const body = JSON.stringify({ login: 'ada' })
  const headers = { 'content-type': 'application/json' }
  assert.ok((await fetch(`${door.url}/password-resets`, { method: 'POST', headers, body })).ok)
  const mail = await door.mails.next(ada, { subject: /password/i })
  assert.deepEqual(mail.to, ['ada@example.org'])
  assert.match(mail.html, /<html/)
  const page = await door.browser().open(mail.links[0] ?? '')
  assert.equal(page.status, 200, page.body)
  assert.ok(page.url.startsWith(`${door.url}/reset/`) || page.body.includes('password'), page.url)
  await assert.rejects(
    door.mails.next(ada, { subject: /never/, within: 50 }),
    /No mail to ada@example.org came.*Welcome/,
  )
  const nameless = await door.user({ email: null })
  await assert.rejects(door.mails.next(nameless), /has no email/)
})

test('an app signs a browser in by its own pages, and learns that an admin has ended it', async (t) => {
  const door = await startKit(t)
  const [ada, app] = [await door.user(), await startSmallApp(t)]
  const registered = await door.app({ redirectUris: [`${app}/callback`] })
  const asked = new URL(`${door.issuer}/auth`)
  const request = { client_id: registered.id, redirect_uri: `${app}/callback`, response_type: 'code', scope: 'openid' }
  const challenge = { code_challenge: 'a'.repeat(43), code_challenge_method: 'S256', state: 'here' }
  asked.search = new URLSearchParams({ ...request, ...challenge }).toString()

  const answer = await door.answer(ada, asked)
  assert.equal(answer.origin + answer.pathname, `${app}/callback`)
  const shown = await door.browser(ada).open(asked)
  assert.match(shown.body, /^code dwo?c?_?\S+ state here$/)

  const { accessToken } = await registered.signIn(ada)
  await door.asAdmin('POST', `/users/${ada.id}/disable`)
  assert.equal((await registered.introspect(accessToken))['active'], false)
  await assert.rejects(registered.signIn(ada), /cannot go on at .*disabled/)
  await assert.rejects(door.signIn(ada), /Doorward refused POST \/attempts.* \(403\): sign_in.disabled/)
})

/** A server that says what came to its redirect URI. */
async function startSmallApp(t: TestContext): Promise<string> {
  const server = createServer(({ url = '' }, response) => {
    const { searchParams } = new URL(url, 'http://localhost')
    response.end(`code ${searchParams.get('code')} state ${searchParams.get('state')}`)
  })
  server.listen(0, 'localhost')
  await once(server, 'listening')
  t.after(() => server.close())
  return `http://localhost:${(server.address() as AddressInfo).port}`
}

test('the kit refuses production, other addresses and other databases, before anything starts', async () => {
  assert.throws(() => requireTest({}, { NODE_ENV: 'production' }), /NODE_ENV is production\. Set NODE_ENV=test\./)
  const refused: readonly (readonly [string, string, RegExp])[] = [
    ['host', '0.0.0.0', /serves this machine only, and host is 0\.0\.0\.0/],
    ['host', '192.0.2.1', /serves this machine only/],
    ['public_url', 'https://id.example.org', /serves this machine only, and public_url is/],
    ['PUBLIC_URL', 'http://localhost.example.org', /serves this machine only/],
    ['database_url', 'postgres://doorward@db/doorward', /the database is a temporary one.*Leave it out/],
    ['DATABASE_URL', 'sqlite:/srv/doorward.db', /the database is a temporary one/],
    ['database_url_file', '/run/secrets/database', /the database is a temporary one/],
    ['data_dir', '/srv/doorward', /no other is touched/],
    ['config', '/etc/doorward/config.toml', /a file may name another database/],
    ['public_url', 'http://127.0.0.1:8000', /serves this machine only.*use localhost/],
    ['mail_host', 'smtp.example.org', /mails go to door\.mails/],
  ]
  for (const [name, value, message] of refused)
    await assert.rejects(startDoorward({ settings: { [name]: value } }), message, name)
  requireTest({ host: '127.0.0.1', public_url: 'http://localhost:8000', session_idle: '2h' }, { NODE_ENV: 'test' })
  assert.throws(() => requireNode('22.1.0', '>=24.11.0'), /needs Node 24\.11\.0 or newer, and this is Node 22\.1\.0/)
  requireNode('24.11.0', '>=24.11.0')
})

test('settings change what the server does, and what they prevent is said', async (t) => {
  const door = await startKit(t, { settings: { host: '127.0.0.1', session_idle: '10m', two_person_rule: 'on' } })
  const session = await door.signIn(await door.user())
  await door.clock.advance('11m')
  assert.equal((await session.fetch('/users/me')).status, 401)
  await assert.rejects(door.user({ username: 'ida', role: 'admin' }), /ida waits for a second admin/)
  await assert.rejects(door.app({ redirectUris: [REDIRECT_URI], name: 'Wiki' }), /Wiki waits for a second admin/)
  await assert.rejects(door.user({ username: '' }), /Doorward refused POST \/users \(422\): .*username/)
  assert.equal((await door.user({ username: 'Zoë van 山' })).email, 'Zo--van--@example.org')
  await assert.rejects(door.clock.advance('soon'), /'soon' is no duration\. Write it like/)
  await assert.rejects(door.clock.advance(-1), /only goes forward/)
})

test('the server reads nothing of its surroundings, and says what it refuses', async (t) => {
  const before = { ...process.env }
  process.env['DATABASE_URL'] = 'postgres://nobody@127.0.0.1:1/none'
  process.env['DOORWARD_HOST'] = '0.0.0.0'
  t.after(() => (process.env = before))
  const door = await startKit(t)
  const folder = folderOf(door)
  assert.equal(readFileSync(join(folder, 'doorward.toml'), 'utf8'), '')
  const { DOORWARD_CONFIG, DOORWARD_DATABASE_URL, DOORWARD_DATA_DIR, DATABASE_URL } = environmentOf({}, folder)
  assert.deepEqual(
    [DOORWARD_CONFIG, DOORWARD_DATABASE_URL, DOORWARD_DATA_DIR, DATABASE_URL],
    [`${folder}/doorward.toml`, `sqlite:${folder}/data/doorward.db`, `${folder}/data`, undefined],
  )
  await assert.rejects(startDoorward({ node: '/none/node' }), /did not start:[\s\S]*ENOENT/)
  await assert.rejects(startDoorward({ settings: { session_idle: 'long' } }), /did not start:[\s\S]*session_idle/i)
})

test('with its stop, and with the death of the test, the server and its database are gone', async (t) => {
  const door = await startDoorward()
  const folder = folderOf(door)
  assert.ok(existsSync(folder))
  await Promise.all([door.stop(), door.stop()])
  assert.ok(!existsSync(folder))
  await assert.rejects(fetch(door.url))
  await assert.rejects(door.clock.advance('1h'), /The server has stopped/)

  const kit = JSON.stringify(new URL('../../clients/test/src/source.ts', import.meta.url).href)
  const program = `const { startDoorward } = await import(${kit}); const { log } = await startDoorward(); console.log('up')`
  const cwd = await temporaryFolder(t)
  const args = ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', program]
  const child = spawn(process.execPath, args, { cwd, env: { PATH: process.env.PATH, TMPDIR: cwd } })
  await once(child.stdout, 'data')
  const [left = ''] = globSync('doorward-kit-*', { cwd })
  assert.ok(existsSync(join(cwd, left, 'data')))
  child.kill('SIGKILL')
  for (let waited = 0; existsSync(join(cwd, left)); waited++) {
    assert.ok(waited < 1000, 'the server goes on')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
})

test('the program has nothing for the kit: no channel to its parent is read, and no setting moves its clock', () => {
  const built = globSync('dist/*/*.js', { cwd: ROOT }).map((path) => readFileSync(join(ROOT, path), 'utf8'))
  assert.ok(built.length > 5)
  for (const source of built)
    assert.doesNotMatch(source, /process\.(send|channel|on\([`'"](message|disconnect))|@doorward\/test/)
})
