// The apps of examples/ that npm can install: the pages show their code, and the one that people sign in to sends them to Doorward.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { install } from '../../scripts/install.mjs'
import { folderOf, startNode } from '../support/documentation/example-apps.ts'
import { openTerminal, runProgram, startShown } from '../support/documentation/fresh-clone.ts'
import { readPage } from '../support/documentation/markdown.ts'
import { exhaustive, leaveToTestAll, test } from '../support/runner/scope.ts'
import { freePort } from '../support/server/ports.ts'

/** The files of each example that docs/api.md shows, in its order. */
const SHOWN = [
  'client/users.ts',
  'client/orders.ts',
  'express/server.js',
  'fastify/server.js',
  'hono/server.js',
  'next/doorward.js',
  'next/app/payments/route.js',
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
})

leaveToTestAll()

test('each example pins the versions of its packages', () => {
  for (const name of ['express', 'fastify', 'hono', 'next', 'openid']) {
    const { dependencies } = JSON.parse(read(join(name, 'package.json'))) as { dependencies: Record<string, string> }
    for (const version of Object.values(dependencies))
      assert.match(version, /^(\d+\.\d+\.\d+|file:\.\.\/\.\.\/clients\/node)$/)
  }
  for (const line of read('fastapi/requirements.txt').trim().split('\n')) assert.match(line, /^[\w-]+==\d+\.\d+\.\d+$/)
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
