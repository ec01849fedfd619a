// The client as npm packs and installs it: compiled by the TypeScript that apps use, with all checks, and run.
import assert from 'node:assert/strict'
import { copyFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { identityHeaders } from '#domain/hosts/identity-headers.ts'
import { install } from '../../scripts/install.mjs'
import { temporaryFolder } from '../support/databases/temporary.ts'
import { CLIENT, whileClientStays } from '../support/documentation/built-client.ts'
import { folderOf } from '../support/documentation/example-apps.ts'
import { ROOT } from '../support/documentation/markdown.ts'
import { call, installIn, npm, packedFiles } from '../support/documentation/packed.ts'
import { registerApp, signInAt } from '../support/openid/apps.ts'
import { registerApi } from '../support/openid/resources.ts'
import { signedInBrowser } from '../support/pages/page-answers.ts'
import { firstAdmin } from '../support/people/people.ts'
import { exhaustive } from '../support/runner/scope.ts'
import { TestClock } from '../support/server/clock.ts'
import { listening } from '../support/server/listening.ts'
import { freePort } from '../support/server/ports.ts'
import { answers, startedProgram } from '../support/server/started-program.ts'

/** The bound of what an app loads. */
const LARGEST = 30_000
const EXAMPLES = ['users.ts', 'orders.ts', 'wiki.ts']

exhaustive('the client is installed from its package, compiles in an app, and is small', async (t) => {
  await install(CLIENT, { what: 'the packages of clients/node', development: true })
  const folder = await temporaryFolder(t)
  const packed = await whileClientStays(() => npm(CLIENT, 'pack', '--silent', '--pack-destination', folder))
  const file = packed.trim().split('\n').at(-1) ?? ''
  const files = await packedFiles(CLIENT)
  const loaded = files.filter(({ path }) => path.endsWith('.js')).reduce((sum, { size }) => sum + size, 0)
  assert.ok(loaded > 0 && loaded <= LARGEST, `${loaded} bytes`)
  assert.ok(files.some(({ path }) => path === 'LICENSE') && files.some(({ path }) => path === 'README.md'))
  assert.ok(!files.some(({ path }) => path.startsWith('src/')))

  await writeFile(join(folder, 'package.json'), '{ "type": "module" }')
  await installIn(folder, `./${file}`)
  for (const name of EXAMPLES) await copyFile(folderOf(join('client', name)), join(folder, name))
  const flags = ['--strict', '--module', 'nodenext', '--target', 'es2022', '--lib', 'es2022,dom', '--types', 'node']
  const types = ['--typeRoots', join(ROOT, 'node_modules', '@types')]
  const compiled = await call(process.execPath, {
    args: [join(CLIENT, 'node_modules', 'typescript', 'bin', 'tsc'), ...flags, ...types, ...EXAMPLES],
    cwd: folder,
  })
  assert.equal(compiled.code, 0, compiled.stdout + compiled.stderr)

  const { server, baseUrl } = await listening(t, { clock: new TestClock(Date.now()) })
  const root = await (await firstAdmin(server)).signsIn()
  const env = { URL: baseUrl, TOKEN: root.token ?? '' }
  for (const said of ['', 'There is a grace already.\n']) {
    const { stdout, stderr } = await call(process.execPath, { args: ['users.js'], cwd: folder, env })
    assert.equal(stdout, `${said}grace is Grace Hopper now.\n`, stderr)
  }

  const port = await freePort()
  const uri = `http://localhost:${port}/`
  const orders = await registerApi(server, { uri })
  const { client, secret } = orders.api
  const about = { URL: baseUrl, CLIENT_ID: client.id, CLIENT_SECRET: secret, RESOURCE: uri, PORT: String(port) }
  await startedProgram(t, [process.execPath, 'orders.js'], {
    cwd: folder,
    env: { PATH: process.env.PATH, ...about },
    stopWith: 'SIGKILL',
    ready: () => answers(uri),
  })
  const browser = await signedInBrowser(root)
  const app = await registerApp(server)
  const signedIn = await signInAt(browser, app, { resource: uri, scope: 'openid read' })
  const asked = async (sent: string) => fetch(uri, { headers: { authorization: `Bearer ${sent}` } })
  assert.deepEqual(await (await asked(signedIn.access_token)).json(), {
    subject: signedIn.claims()?.sub,
    app: app.client.id,
  })
  assert.equal((await asked(`${signedIn.access_token}A`)).status, 401)

  // The test is the reverse proxy of this app: it connects from a listed IP address.
  const behind = String(await freePort())
  const wiki = `http://localhost:${behind}/`
  await startedProgram(t, [process.execPath, 'wiki.js'], {
    cwd: folder,
    env: { PATH: process.env.PATH, PORT: behind },
    stopWith: 'SIGKILL',
    ready: () => answers(wiki),
  })
  const user = { username: 'ada', subject: '0f', fullName: null, email: null, emailVerifiedAt: null }
  const named = await fetch(wiki, { headers: identityHeaders(user, ['x,admins']) })
  assert.deepEqual(await named.json(), { username: 'ada', groups: ['x,admins'] })
  assert.equal((await fetch(wiki, { headers: { 'remote-user': 'root' } })).status, 403)
})
