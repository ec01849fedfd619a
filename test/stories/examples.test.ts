// The apps of examples/ that npm can install: the page shows their code, and each answers whom a token belongs to.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { install } from '../../scripts/install.mjs'
import { folderOf, showsWhoAsks, startNode } from '../support/documentation/example-apps.ts'
import { openTerminal, runProgram, startShown } from '../support/documentation/fresh-clone.ts'
import { readPage } from '../support/documentation/markdown.ts'
import { call } from '../support/documentation/packed.ts'
import { exhaustive, leaveToTestAll, test } from '../support/runner/scope.ts'
import { freePort } from '../support/server/ports.ts'

/** The files of each example that docs/api.md shows, in its order. */
const SHOWN = [
  'client/users.ts',
  'client/orders.ts',
  'express/server.js',
  'fastify/server.js',
  'next/app/me/route.js',
  'fastapi/app.py',
]
const read = (path: string): string => readFileSync(folderOf(path), 'utf8')

test('docs/proxies.md shows the code of the app behind a proxy', () => {
  const { fences } = readPage('docs/proxies.md')
  assert.deepEqual(
    fences.filter(({ kind }) => kind.endsWith(' example')).map(({ code }) => code),
    [read('client/wiki.ts')],
  )
})

test('docs/api.md shows the code of the examples', () => {
  const { fences } = readPage('docs/api.md')
  const shown = fences.filter(({ kind }) => kind.endsWith(' example')).map(({ code }) => code)
  assert.deepEqual(shown, SHOWN.map(read))
  const [userOf] = fences.filter(({ kind }) => kind === 'js run')
  for (const name of ['express', 'fastify', 'next']) assert.equal(read(join(name, 'doorward.js')), userOf?.code)
})

leaveToTestAll()

test('each example pins the versions of its packages', () => {
  for (const name of ['express', 'fastify', 'next', 'openid']) {
    const { dependencies } = JSON.parse(read(join(name, 'package.json'))) as { dependencies: Record<string, string> }
    for (const version of Object.values(dependencies)) assert.match(version, /^\d+\.\d+\.\d+$/)
  }
  for (const line of read('fastapi/requirements.txt').trim().split('\n')) assert.match(line, /^[\w-]+==\d+\.\d+\.\d+$/)
})

for (const name of ['express', 'fastify']) {
  exhaustive(`the example of ${name} answers whose a token is, and 401 after the sign-out`, async (t) => {
    await install(folderOf(name), { what: `the packages of examples/${name}` })
    await showsWhoAsks(t, (target) => startNode(t, name, ['server.js'], target))
  })
}

// The first run downloads 341 MB, 10 seconds on a quick line; a build takes 6 seconds. It is built, since a development server keeps no
// answers, and a kept answer would show a signed-out user.
exhaustive('the example of Next.js, built, answers whose a token is, and 401 after the sign-out', async (t) => {
  const next = join('node_modules', 'next', 'dist', 'bin', 'next')
  await install(folderOf('next'), { what: 'the packages of examples/next' })
  const env = { NEXT_TELEMETRY_DISABLED: '1' }
  const { code, stdout, stderr } = await call(process.execPath, { args: [next, 'build'], cwd: folderOf('next'), env })
  assert.equal(code, 0, stdout + stderr)
  await showsWhoAsks(t, (target) => startNode(t, 'next', [next, 'start', '--hostname', 'localhost'], target))
})

exhaustive('the example of an app that people sign in to installs, and sends them to Doorward', async (t) => {
  await install(folderOf('openid'), { what: 'the packages of examples/openid' })
  const terminal = await openTerminal(t)
  const { url } = await startShown(t, 'npm start', terminal)
  const port = String(await freePort())
  const app = `http://localhost:${port}/`
  const printed = await runProgram(`app add Notes --redirect-uri ${app}callback`, terminal)
  const [, id = '', secret = ''] = /^client id +(\S+)\nclient secret +(\S+)$/m.exec(printed) ?? []
  const env = { ISSUER: `${url}/oidc`, CLIENT_ID: id, CLIENT_SECRET: secret, PORT: port }
  await startNode(t, 'openid', ['server.js'], { port, env })
  assert.match(await (await fetch(app)).text(), /You are not signed in/)
  const begun = await fetch(`${app}sign-in`, { redirect: 'manual' })
  assert.equal(begun.status, 303)
  assert.ok(begun.headers.get('location')?.startsWith(`${url}/oidc/`))
  assert.equal(
    (await fetch(`${app}callback?error=access_denied`, { headers: { cookie: cookieOf(begun) } })).status,
    400,
  )
})

function cookieOf(answer: Response): string {
  return answer.headers.getSetCookie()[0]?.split(';', 1)[0] ?? ''
}
