// How long a session lasts, what ends it, what it grants and how it is transported, through HTTP.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import type { TestContext } from 'node:test'

import { type Duration, hours, minutes, seconds } from '#foundation/kernel/time.ts'
import type { Dialect } from '#foundation/platform/database/dialect.ts'
import { onEachDatabase, onEitherDatabase } from '../support/databases/each-database.ts'
import { ask, firstAdmin, newcomer, PASSWORD, type Person, postForm, type Reply } from '../support/people/people.ts'
import { idOf, refusalIn } from '../support/requests/replies.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'
import { type Server, start } from '../support/server/start.ts'

const MOMENT: Duration = 1

interface Scene {
  readonly root: Person
  /** How often the time of the last use was written. */
  readonly touches: () => number
}

async function rootOn(t: TestContext, dialect: Dialect, settings: Record<string, string> = {}): Promise<Scene> {
  let touches = 0
  const onStatement = (text: string): void => {
    if (text.startsWith('update "session" set "last_seen_at"')) touches += 1
  }
  const server = await start(t, { dialect, settings, onStatement })
  return { root: await (await firstAdmin(server)).signsIn(), touches: () => touches }
}

async function isIn(person: Person): Promise<boolean> {
  const reply = await person.asks('GET', '/users/me')
  assert.ok(reply.status === 200 || reply.status === 401, reply.raw.body)
  return reply.status === 200
}

/** Sends a request and waits until its use is recorded, which happens after the answer. */
async function asksAndIsRecorded({ root, touches }: Scene): Promise<void> {
  const { doorward, clock } = root.server
  const before = touches()
  assert.ok(await isIn(root))
  while (touches() === before) await new Promise(setImmediate)
  const noted = () => doorward.db.selectFrom('session').select('id').where('last_seen_at', '=', clock.now()).execute()
  while ((await noted()).length === 0) await new Promise(setImmediate)
}

onEachDatabase('a session ends one hour after its last use', async (t, dialect) => {
  const scene = await rootOn(t, dialect)
  const { clock } = scene.root.server
  clock.pass(hours(1) - MOMENT)
  await asksAndIsRecorded(scene)
  clock.pass(hours(1) - MOMENT)
  await asksAndIsRecorded(scene)
  clock.pass(hours(1))
  assert.equal(await isIn(scene.root), false)
})

leaveToTestAll()

onEitherDatabase('a session in constant use ends after a day', async (t, dialect) => {
  const scene = await rootOn(t, dialect)
  const { clock } = scene.root.server
  for (let half = 1; half < 48; half++) {
    clock.pass(minutes(30))
    await asksAndIsRecorded(scene)
  }
  clock.pass(minutes(30) - MOMENT)
  assert.equal(await isIn(scene.root), true)
  clock.pass(MOMENT)
  assert.equal(await isIn(scene.root), false)
})

onEitherDatabase(
  'every answer about a session has both of its expiry times, under the same names',
  async (t, dialect) => {
    const scene = await rootOn(t, dialect)
    const { root } = scene
    const { server } = root
    const payload = { username: root.username, password: root.password, code: root.code() }
    const began = server.clock.now()
    const { body: first } = await ask(server, 'POST', '/attempts', { payload })
    const granted = first['session'] as { access_token: string; expires_in: number } & Ends
    const ends = (seen: number) => [new Date(seen + hours(1)).toISOString(), new Date(began + hours(24)).toISOString()]
    assert.deepEqual(endsIn(granted), ends(began))
    assert.equal(granted.expires_in, hours(1) / 1000)
    server.clock.pass(minutes(30))
    root.token = granted.access_token
    await asksAndIsRecorded(scene)
    const { body: shown } = await root.asks('GET', '/session')
    assert.deepEqual(endsIn(shown as unknown as Ends), ends(began + minutes(30)))
    server.clock.pass(seconds(59))
    const { body: listed } = await root.asks('GET', '/users/me/sessions')
    const here = (listed['items'] as ({ current: boolean } & Ends)[]).find(({ current }) => current)
    assert.ok(here)
    assert.deepEqual(endsIn(here), ends(began + minutes(30)))
  },
)

interface Ends {
  readonly expires_at: string
  readonly ends_at: string
}

function endsIn({ expires_at: idle, ends_at: last }: Ends): string[] {
  return [idle, last].map((text) => new Date(text).toISOString())
}

onEitherDatabase('the time of the last use is written at most once a minute', async (t, dialect) => {
  const scene = await rootOn(t, dialect)
  const { root, touches } = scene
  for (let second = 0; second < 59; second += 4) {
    root.server.clock.pass(seconds(4) - MOMENT)
    assert.ok(await isIn(root))
  }
  assert.equal(touches(), 0)
  root.server.clock.pass(seconds(60))
  await asksAndIsRecorded(scene)
  for (let again = 0; again < 5; again++) assert.ok(await isIn(root))
  assert.equal(touches(), 1)
})

onEitherDatabase('the lifetimes are those of the configuration, and announced with the token', async (t, dialect) => {
  const scene = await rootOn(t, dialect, { session_idle: '10m', session_absolute: '15m' })
  const { clock } = scene.root.server
  const reply = await postForm(scene.root.server, '/token', {
    username: 'root',
    password: PASSWORD + scene.root.code(),
  })
  assert.equal(reply.body['expires_in'], 600)
  await scene.root.signsIn()
  clock.pass(minutes(9))
  await asksAndIsRecorded(scene)
  clock.pass(minutes(6) - MOMENT)
  assert.equal(await isIn(scene.root), true)
  clock.pass(MOMENT)
  assert.equal(await isIn(scene.root), false)
})

onEitherDatabase(
  'a disabled user is refused at the next request, and enabling restores no session',
  async (t, dialect) => {
    const { root } = await rootOn(t, dialect)
    const ada = await (await newcomer(root, 'ada')).signsIn()
    const path = `/users/${await idOf(ada)}`
    assert.equal((await root.asks('POST', `${path}/disable`)).status, 200)
    assert.equal(await isIn(ada), false)
    assert.equal((await root.asks('POST', `${path}/enable`)).status, 200)
    assert.equal(await isIn(ada), false)
    assert.equal(await isIn(await ada.signsIn()), true)
  },
)

onEitherDatabase('a demoted admin’s token is revoked, not only restricted', async (t, dialect) => {
  const { root } = await rootOn(t, dialect)
  const eve = await (await newcomer(root, 'eve', { role: 'admin' })).signsIn()
  assert.equal((await eve.asks('GET', '/users')).status, 200)
  await root.asks('PATCH', `/users/${await idOf(eve)}`, { role: 'user' })
  assert.equal(await isIn(eve), false)
})

onEitherDatabase('signing out ends this session at once and no other', async (t, dialect) => {
  const { root } = await rootOn(t, dialect)
  const other = root.token
  await root.signsIn()
  assert.equal((await root.asks('DELETE', '/session')).status, 204)
  const refused = await root.asks('DELETE', '/session')
  assert.deepEqual(refusalIn(refused), [401, 'access.invalid_token'])
  assert.match(String(refused.raw.headers['www-authenticate']), /^Bearer/)
  root.token = other
  assert.equal(await isIn(root), true)
})

onEitherDatabase(
  'an authentication is recent for ten minutes, then the answer requires re-authentication (RFC 9470)',
  async (t, dialect) => {
    const { root } = await rootOn(t, dialect)
    const { clock } = root.server
    const wish = (): Promise<Reply> => root.asks('POST', '/users/me/totp', { name: 'Spare' })
    clock.pass(minutes(10))
    assert.equal((await wish()).status, 200)
    clock.pass(MOMENT)
    const asked = await wish()
    assert.deepEqual(refusalIn(asked), [401, 'access.reauthentication_required'])
    const challenge = String(asked.raw.headers['www-authenticate'])
    assert.match(challenge, /^Bearer error="insufficient_user_authentication"/)
    assert.match(challenge, /max_age="?600"?/)
    assert.equal(await isIn(root), true, 'a route without a recent authentication is refused as well')

    const wrong = await root.asks('POST', '/session/proof', { password: PASSWORD, code: '000000' })
    assert.deepEqual(refusalIn(wrong), [403, 'reauthentication.refused'])
    assert.deepEqual(refusalIn(await wish()), [401, 'access.reauthentication_required'])
    const proof = await root.asks('POST', '/session/proof', { password: PASSWORD, code: root.code() })
    assert.equal(proof.status, 200)
    clock.pass(minutes(10))
    assert.equal((await wish()).status, 200)
    clock.pass(MOMENT)
    assert.deepEqual(refusalIn(await wish()), [401, 'access.reauthentication_required'])
  },
)

/** Signs in on the pages; returns the session cookie. */
async function cookieOf(person: Person): Promise<string> {
  const { server, username } = person
  const headers = { origin: server.doorward.config.publicUrl }
  const first = await postForm(server, '/sign-in', { username, password: PASSWORD }, headers)
  const attempt = first.raw.cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
  const second = await postForm(
    server,
    '/sign-in/second-step',
    { code: person.code() },
    { ...headers, cookie: attempt },
  )
  assert.equal(second.status, 303, second.raw.body)
  assert.ok(!/dw[sa]_/.test(second.raw.body), 'a page shows a token')
  return second.raw.cookies.find(({ name }) => name === 'session')?.value ?? ''
}

onEitherDatabase(
  'a session cookie is refused as a bearer token, and a bearer token as a cookie',
  async (t, dialect) => {
    const { root } = await rootOn(t, dialect)
    const { server } = root
    const cookie = await cookieOf(root)
    assert.match(cookie, /^dws_/)
    assert.match(String(root.token), /^dwa_/)
    const status = async (headers: Record<string, string>) =>
      (await ask(server, 'GET', '/users/me', { headers })).status
    assert.equal(await status({ cookie: `session=${cookie}` }), 200)
    assert.equal(await status({ authorization: `Bearer ${cookie}` }), 401)
    assert.equal(await status({ cookie: `session=${root.token}` }), 401)
    assert.equal(await status({ authorization: `Bearer ${root.token}`, cookie: 'session=nonsense' }), 200)
    assert.equal(await status({ authorization: 'Bearer nonsense', cookie: `session=${cookie}` }), 401)
  },
)

onEitherDatabase(
  'a browser changes something only from our own pages, and JSON never sets a cookie',
  async (t, dialect) => {
    const { root } = await rootOn(t, dialect)
    const { server } = root
    const cookie = `session=${await cookieOf(root)}`
    const { publicUrl } = server.doorward.config
    const change = (headers: Record<string, string>) =>
      ask(server, 'PATCH', '/users/me', { headers: { cookie, ...headers }, payload: { full_name: 'Root' } })
    for (const headers of [
      {},
      { origin: 'https://evil.example' },
      { origin: publicUrl, 'sec-fetch-site': 'cross-site' },
    ]) {
      assert.deepEqual(refusalIn(await change(headers)), [403, 'request.cross_origin'])
    }
    const own = await change({ origin: publicUrl, 'sec-fetch-site': 'same-origin' })
    assert.equal(own.status, 200)
    const signedIn = await ask(server, 'POST', '/attempts', {
      payload: { username: 'root', password: PASSWORD, code: root.code() },
    })
    assert.equal(signedIn.body['stage'], 'complete')
    for (const reply of [own, signedIn]) assert.equal(reply.raw.headers['set-cookie'], undefined)
  },
)

onEitherDatabase('no token is readable in the database', async (t, dialect) => {
  const { root } = await rootOn(t, dialect)
  const cookie = await cookieOf(root)
  const stored = await everythingIn(root.server)
  for (const token of [cookie, String(root.token)]) {
    assert.ok(!stored.includes(token.slice('dwa_'.length)), 'a session token is stored as it is')
  }
})

/** Every byte of the sessions in the database: its files, or all rows. */
async function everythingIn({ databaseUrl, doorward }: Server): Promise<string> {
  const rows = await doorward.db.selectFrom('session').selectAll().execute()
  assert.equal(rows.length, 3)
  if (!databaseUrl.startsWith('sqlite:')) return JSON.stringify(rows)
  const path = databaseUrl.slice('sqlite:'.length)
  return [path, `${path}-wal`].map((file) => readFileSync(file, 'latin1')).join('')
}
