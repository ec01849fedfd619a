// clients/python/doorward.py in apps of FastAPI and Starlette, by the Python and the packages that the system has.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'

import { seconds } from '#foundation/kernel/time.ts'
import { folderOf } from '../support/documentation/example-apps.ts'
import { registerApp, signInAt } from '../support/openid/apps.ts'
import { signsIn } from '../support/pages/page-answers.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { firstAdmin, newcomer, type Person } from '../support/people/people.ts'
import { TestClock } from '../support/server/clock.ts'
import { listening } from '../support/server/listening.ts'
import { freePort } from '../support/server/ports.ts'
import { answers, type StartedProgram } from '../support/server/started-program.ts'
import { requireProgram, startProgram } from './programs.ts'
import { PYTHON_CLIENT } from './python-driver.ts'

const FOLDER = folderOf('fastapi')
/** Debian's own Python, for which its packages are installed; another one may come first in PATH. */
const PYTHON = '/usr/bin/python3'

interface Answer {
  readonly status: number
  readonly body: Record<string, unknown>
  readonly challenge: string | null
}

interface StartedApp extends StartedProgram {
  readonly asks: (method: string, path: string, sent?: { token?: string | undefined; json?: object }) => Promise<Answer>
  readonly url: string
}

/** Starts an app by uvicorn. */
async function startApp(
  t: TestContext,
  module: string,
  folder: string,
  env: Record<string, string>,
): Promise<StartedApp> {
  requireProgram('uvicorn')
  const port = String(await freePort())
  const url = `http://localhost:${port}`
  const python = { ...env, PYTHONPATH: PYTHON_CLIENT, PYTHONDONTWRITEBYTECODE: '1' }
  const ready = (): Promise<boolean> => answers(`${url}/openapi.json`)
  const words = ['uvicorn', '--app-dir', folder, `${module}:app`, '--port', port] as const
  const program = await startProgram(t, words, { env: python, ready })
  const asks: StartedApp['asks'] = async (method, path, { token, json } = {}) => {
    const headers = {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(json !== undefined && { 'content-type': 'application/json' }),
    }
    const body = json === undefined ? null : JSON.stringify(json)
    return answerOf(await fetch(url + path, { method, headers, body }))
  }
  return { ...program, asks, url }
}

async function answerOf(answer: Response): Promise<Answer> {
  const text = await answer.text()
  const body = text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : { text }
  return { status: answer.status, body, challenge: answer.headers.get('www-authenticate') }
}

/** Signs in at the app, as the clients of the tutorial do: the code at the end of the password. */
async function signInBy({ url }: StartedApp, { username, password }: Person, code: string): Promise<Answer> {
  const body = new URLSearchParams({ grant_type: 'password', username, password: password + code })
  return answerOf(await fetch(`${url}/token`, { method: 'POST', body }))
}

test('the tutorial’s app signs its users in by Doorward, and its routes answer as before', async (t) => {
  const settings = { trusted_proxies: '127.0.0.1,::1' }
  const { server, baseUrl } = await listening(t, { clock: new TestClock(Date.now()), settings })
  const johndoe = await firstAdmin(server, 'johndoe')
  const alice = await newcomer(await johndoe.signsIn(), 'alice')
  const app = await startApp(t, 'app', FOLDER, { DOORWARD: baseUrl })
  const enter = async (person: Person): Promise<string> => {
    const { status, body } = await signInBy(app, person, person.code())
    assert.deepEqual([status, body['token_type']], [200, 'bearer'], JSON.stringify(body))
    return String(body['access_token'])
  }
  const [admin, user] = [await enter(johndoe), await enter(alice)]

  const own = await app.asks('GET', '/users/me/', { token: user })
  const { id } = own.body
  assert.deepEqual(own.body, { username: 'alice', email: own.body['email'], full_name: null, id, disabled: false })
  assert.deepEqual((await app.asks('GET', `/users/${String(id)}`, { token: admin })).body, own.body)
  const bob = { username: 'bob', email: 'bob@example.com', full_name: 'Bob', password: 'four rather calm words' }
  const made = await app.asks('POST', '/users/', { token: admin, json: bob })
  assert.deepEqual([made.status, made.body['username']], [200, 'bob'])
  const changed = { username: 'alice', full_name: 'Alice Example', password: alice.password }
  assert.equal((await app.asks('PUT', '/users/me/', { token: user, json: changed })).body['full_name'], 'Alice Example')

  const refusals: readonly (readonly [expected: Answer, given: Answer])[] = [
    [refusal(401, 'Incorrect username or password', 'Bearer'), await signInBy(app, alice, '000000')],
    [refusal(401, 'No access token was sent', 'Bearer'), await app.asks('GET', '/users/me/')],
    [refusal(401, INVALID, 'Bearer error="invalid_token"'), await app.asks('GET', '/users/me/', { token: 'dwa_none' })],
    [refusal(403, 'The role of this user may not do this'), await app.asks('GET', '/users/1', { token: user })],
    [
      refusal(403, 'The role of this user may not do this'),
      await app.asks('POST', '/users/', { token: user, json: bob }),
    ],
    [refusal(404, 'There is no such user.'), await app.asks('GET', '/users/9999', { token: admin })],
    [refusal(409, 'Another user has this username.'), await app.asks('POST', '/users/', { token: admin, json: bob })],
  ]
  for (const [expected, given] of refusals) assert.deepEqual(given, expected)
  assert.equal((await app.asks('GET', '/users/none', { token: admin })).status, 422)

  await johndoe.asks('POST', `/users/${String(id)}/disable`)
  assert.equal((await app.asks('GET', '/users/me/', { token: user })).status, 401)
  await server.app.close()
  const away = await app.asks('GET', '/users/me/', { token: admin })
  assert.deepEqual(away, refusal(503, 'Doorward could not be asked about the token'))
  await app.asks('GET', '/users/me/', { token: admin })
  assert.equal(app.output().match(/could not be asked/g)?.length, 1, app.output())
})

const INVALID = 'The token is not valid, or not for this app'

function refusal(status: number, detail: string, challenge: string | null = null): Answer {
  return { status, body: { detail }, challenge }
}

test('dependencies of FastAPI and the middleware for Starlette take access tokens, and say what is missing', async (t) => {
  const { server, baseUrl } = await listening(t, { clock: new TestClock(Date.now() - seconds(600)) })
  const root = await (await firstAdmin(server)).signsIn()
  const browser = new Visitor(server)
  await signsIn(browser, await newcomer(root, 'ada'))
  const { client, secret, config } = await registerApp(server, { scopes: ['openid', 'roles'] })
  const own = await signInAt(browser, { client, secret, config }, { scope: 'openid roles' })
  const [subject, token] = [own.claims()?.sub, own.access_token]
  const env = { DOORWARD: baseUrl, CLIENT_ID: client.id, CLIENT_SECRET: secret }
  const app = await startApp(t, 'fastapi-orders', import.meta.dirname, env)
  for (const path of ['/mine', '/open', '/inside/', '/starlette/asking/']) {
    const { status, body } = await app.asks('GET', path, { token })
    assert.deepEqual([path, status, body], [path, 200, { subject }])
    const strange = await app.asks('GET', path, { token: `${token}A` })
    assert.deepEqual([path, strange.status, strange.challenge], [path, 401, 'Bearer error="invalid_token"'])
    const { status: anonymous, challenge } = await app.asks('GET', path)
    assert.deepEqual([path, anonymous, challenge], path === '/open' ? [path, 200, null] : [path, 401, 'Bearer'])
  }
  assert.equal((await app.asks('GET', '/admins', { token })).status, 403)
  const weak = await app.asks('GET', '/passkeys', { token })
  const missing = 'acr_values="urn:doorward:phishing-resistant", max_age="300"'
  assert.equal(weak.challenge, `Bearer error="insufficient_user_authentication", ${missing}`)
  const many = await Promise.all(Array.from({ length: 60 }, () => app.asks('GET', '/mine', { token })))
  for (const { status } of many) assert.equal(status, 200)
})

test('the example names the versions that are tested', () => {
  const words = [
    'import fastapi, python_multipart, uvicorn',
    'print(f"fastapi=={fastapi.__version__}\\npython-multipart=={python_multipart.__version__}\\nuvicorn=={uvicorn.__version__}")',
  ]
  const { stdout, stderr } = spawnSync(PYTHON, ['-c', words.join('\n')], { encoding: 'utf8' })
  assert.equal(stdout, readFileSync(join(FOLDER, 'requirements.txt'), 'utf8'), stderr)
})
