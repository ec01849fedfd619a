// The process is killed in the middle of its work, again and again: what it acknowledged is there, and everybody still gets in.
import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

import { Secret } from '../../src/kernel/secret.ts'
import { openDatabase } from '../../src/platform/database/dialect.ts'
import { Authenticator } from '../support/authenticator.ts'
import { temporaryFolder } from '../support/databases.ts'
import { Codes, type Door, type DoorReply, earlierToday, signIn, type Visitor, visitorOf } from '../support/doors.ts'
import { newDatabaseUrl, onEachDatabase } from '../support/each-database.ts'
import { firstAdmin, PASSWORD } from '../support/people.ts'
import { killWhileStarting, type Place, runCommand, startProcess } from '../support/processes.ts'
import { start } from '../support/start.ts'

const ROUNDS = 4
const CLIENTS = 4
const NAMES = 3

interface Session {
  readonly token: string
  /** What was acknowledged; `ending` while the answer to signing out has not come. */
  state: 'open' | 'ending' | 'ended'
}

/** What one user was told, and what they asked for without hearing the answer. */
interface Life {
  readonly username: string
  id?: string
  visitor?: Visitor
  readonly sessions: Session[]
  /** The names that may be there: the last one acknowledged, and one that was asked for since. */
  names: (string | null)[]
  spentCode?: string
}

interface World {
  readonly lives: Life[]
  /** The access token of an admin. */
  readonly admin: string
}

/** The process has gone, or is too busy: no answer, so nothing is owed. */
class Unanswered extends Error {}

async function answered(asking: Promise<DoorReply>, wanted: number): Promise<DoorReply> {
  const reply = await asking.catch((cause: unknown) => {
    throw new Unanswered('the process is gone', { cause })
  })
  if (reply.status === 503) throw new Unanswered('the process is busy')
  assert.equal(reply.status, wanted, reply.text)
  return reply
}

/** One user after another is made, enrols, changes their name, signs out and in again, until the process is gone. */
async function keepBusy(node: Door, world: World, client: string): Promise<void> {
  try {
    for (let number = 0; ; number++) await live(node, world, `user-${client}-${number}`)
  } catch (error) {
    if (!(error instanceof Unanswered)) throw error
  }
}

async function live(node: Door, { lives, admin }: World, username: string): Promise<void> {
  const life: Life = { username, sessions: [], names: [null] }
  const created = await answered(node.ask('POST', '/users', { payload: { username }, token: admin }), 200)
  life.id = String(created.body['id'])
  lives.push(life)
  const first = await enrol(node, life, created.body['invitation'] as { url: string })
  for (let number = 0; number < NAMES; number++) await rename(node, life, first, `${username} ${number}`)
  first.state = 'ending'
  await answered(node.ask('DELETE', '/session', { token: first.token }), 204)
  first.state = 'ended'
  const second = await signInAgain(node, life)
  await rename(node, life, second, `${username} again`)
}

async function enrol(node: Door, life: Life, { url }: { url: string }): Promise<Session> {
  const payload = { token: url.split('/').at(-1), password: PASSWORD }
  const { attempt } = (await answered(node.ask('POST', '/invitations/accept', { payload }), 200)).body
  const key = await answered(node.ask('POST', '/attempts/totp', { payload: { attempt } }), 200)
  const codes = new Codes(new Authenticator(String(key.body['secret'])))
  const code = await codes.fresh(node)
  const confirmed = await answered(node.ask('POST', '/attempts/totp/confirm', { payload: { attempt, code } }), 200)
  life.visitor = { username: life.username, password: PASSWORD, codes }
  return begun(life, (confirmed.body['session'] as { access_token: string }).access_token)
}

async function signInAgain(node: Door, life: Life): Promise<Session> {
  assert.ok(life.visitor)
  const code = await life.visitor.codes.fresh(node)
  const form = { username: life.username, password: PASSWORD + code }
  const reply = await answered(node.ask('POST', '/token', { form }), 200)
  life.spentCode = code
  return begun(life, String(reply.body['access_token']))
}

function begun({ sessions }: Life, token: string): Session {
  const session: Session = { token, state: 'open' }
  sessions.push(session)
  return session
}

async function rename(node: Door, life: Life, { token }: Session, name: string): Promise<void> {
  life.names = [...life.names, name]
  await answered(node.ask('PATCH', '/users/me', { payload: { full_name: name }, token }), 200)
  life.names = [name]
}

const SESSION_STATUSES: Readonly<Record<Session['state'], readonly number[]>> = { open: [200], ending: [200, 401], ended: [401] }

async function assertKept(node: Door, { lives, admin }: World): Promise<void> {
  for (const { username, id, names, sessions } of lives) {
    const { status, body } = await node.ask('GET', `/users/${id}`, { token: admin })
    assert.deepEqual([status, body['username']], [200, username])
    assert.ok(names.includes(body['full_name'] as string | null), `${username}: ${String(body['full_name'])} for ${names.join(', ')}`)
    for (const { token, state } of sessions) {
      const session = await node.ask('GET', '/session', { token })
      assert.ok(SESSION_STATUSES[state].includes(session.status), `${username}: a session ${state} answers ${session.status}`)
    }
  }
}

async function assertWelcome(node: Door, { lives }: World): Promise<void> {
  for (const { visitor, spentCode } of lives) {
    if (visitor === undefined) continue
    if (spentCode !== undefined) await assertSpent(node, visitor, spentCode)
    await signIn(node, visitor)
  }
}

async function assertSpent(node: Door, { username, password }: Visitor, code: string): Promise<void> {
  const replay = await node.ask('POST', '/token', { form: { username, password: password + code } })
  assert.equal(replay.status, 401, `${username}: a spent code works again`)
}

/** Chance that can be had again: the seed is said, and taken from the environment. */
function chanceOf(t: TestContext): () => number {
  const seed = Number(process.env.KILL_SEED ?? randomInt(2 ** 31))
  t.diagnostic(`KILL_SEED=${seed} chooses the same moments again`)
  return chanceFrom(seed)
}

/** Numbers from 0 to 1 that a seed decides (mulberry32). */
function chanceFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

async function settle(t: TestContext, place: Place): Promise<{ root: Visitor; world: World } | undefined> {
  let settled: { root: Visitor; world: World } | undefined
  await t.test('somebody is set up', async (inner) => {
    const root = await (await firstAdmin(await start(inner, { ...place, clock: earlierToday() }))).signsIn()
    settled = { root: visitorOf(root), world: { lives: [], admin: root.token ?? '' } }
  })
  return settled
}

onEachDatabase('killed at any moment, it has kept all that it acknowledged, and keeps nobody out', async (t, dialect) => {
  const chance = chanceOf(t)
  const place = { databaseUrl: await newDatabaseUrl(t, dialect), dataDir: await temporaryFolder(t) }
  const { root, world } = (await settle(t, place)) ?? assert.fail('nobody was set up')

  for (let round = 0; round < ROUNDS; round++) {
    const node = await startProcess(t, place)
    await assertKept(node, world)
    const clients = Array.from({ length: CLIENTS }, (_, client) => keepBusy(node, world, `${round}-${client}`))
    const busy = Promise.all(clients)
    await Promise.race([busy, sleep(100 + chance() * 900)])
    const { code } = await node.kill()
    assert.equal(code, null)
    await busy
  }

  const node = await startProcess(t, place)
  await assertKept(node, world)
  await assertWelcome(node, world)
  await signIn(node, root)
  assert.equal((await node.stop()).code, 0)
  assert.ok(world.lives.filter(({ spentCode }) => spentCode !== undefined).length >= ROUNDS, 'too little happened to prove anything')
  await assertWhole(t, place, world)
})

onEachDatabase('killed in the middle of its first starts, it starts the next time', async (t, dialect) => {
  const chance = chanceOf(t)
  const place = { databaseUrl: await newDatabaseUrl(t, dialect), dataDir: await temporaryFolder(t) }
  // From loading its first module to being ready takes about a second.
  for (let round = 0; round < ROUNDS; round++) await killWhileStarting(t, place, 150 + chance() * 850)
  const node = await startProcess(t, place)
  const { code, stderr } = await node.stop()
  assert.equal(code, 0, stderr)
  assert.match(stderr, /\/setup\//, 'it does not lead to its first admin')
  const verified = await runCommand(t, ['audit', 'verify'], place)
  assert.equal(verified.code, 0, verified.stdout + verified.stderr)
})

/** Nothing is half there: the file, the chain, and for all that was done its event. */
async function assertWhole(t: TestContext, place: Place, { lives }: World): Promise<void> {
  const verified = await runCommand(t, ['audit', 'verify'], place)
  assert.equal(verified.code, 0, verified.stdout + verified.stderr)
  const db = await openDatabase({ databaseUrl: Secret.of(place.databaseUrl) }, { create: false })
  t.after(() => db.destroy())
  const users = await db.selectFrom('users').select(['subject', 'username']).execute()
  const events = await db.selectFrom('audit_event').select(['action', 'target']).execute()
  const targetsOf = (action: string) => events.filter((event) => event.action === action).map(({ target }) => target)
  const invited = users.filter(({ username }) => username !== 'root')
  assert.deepEqual(targetsOf('user.created').toSorted(), invited.map(({ subject }) => subject).toSorted())
  const signIns = targetsOf('sign_in.succeeded')
  for (const { username, sessions } of lives) {
    const subject = users.find((user) => user.username === username)?.subject
    assert.ok(signIns.filter((target) => target === subject).length >= sessions.length, `${username}: a sign-in without its event`)
  }
  if (place.databaseUrl.startsWith('sqlite:')) assertSound(place.databaseUrl.slice('sqlite:'.length))
}

function assertSound(path: string): void {
  const db = new DatabaseSync(path, { readOnly: true })
  try {
    assert.deepEqual(db.prepare('pragma integrity_check').all().map((row) => ({ ...row })), [{ integrity_check: 'ok' }])
    assert.deepEqual(db.prepare('pragma foreign_key_check').all(), [])
  } finally {
    db.close()
  }
}
