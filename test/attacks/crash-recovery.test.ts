// The process is killed repeatedly while it works. What it acknowledged is in the database, and every user can sign in.
import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

import { Secret } from '#foundation/kernel/secret.ts'
import { type Dialect, openDatabase } from '#foundation/platform/database/dialect.ts'
import { Authenticator, Codes } from '../../clients/test/src/codes.ts'
import { DIALECTS, newDatabaseUrl } from '../support/databases/each-database.ts'
import { temporaryFolder } from '../support/databases/temporary.ts'
import { PASSWORD, type Person, startWithAdmin } from '../support/people/people.ts'
import { invitationIn } from '../support/requests/replies.ts'
import { exhaustive, leaveToTestAll, test } from '../support/runner/scope.ts'
import { type Installation, killWhileStarting, runCommand, startProcess } from '../support/server/processes.ts'
import {
  type ClientReply,
  earlierToday,
  type ServerClient,
  signIn,
  type SignInData,
  signInDataOf,
} from '../support/server/server-client.ts'

/** Replayed codes: each is a failure, and a network is blocked from its hundredth failure on. */
const REPLAYED = 60
/** One slow worker: requests wait for their hash, so that commits are grouped. */
const WITH_BACKLOG = { hash_workers: '1', hash_memory: '8192' }
const CLIENTS = 8
/** The number of changes of a name. */
const NAMES = 3

interface Session {
  readonly token: string
  /** What the server acknowledged; `ending` while the answer to signing out is outstanding. */
  state: 'open' | 'ending' | 'ended'
}

/** What the server acknowledged to one user, and what the user requested without getting the answer. */
interface Life {
  readonly username: string
  id?: string
  signInData?: SignInData
  readonly sessions: Session[]
  /** The names that the user may have: the last acknowledged one, and one that was requested since. */
  names: (string | null)[]
  consumedCode?: string
}

interface World {
  readonly lives: Life[]
  /** The access token of an admin. */
  readonly admin: string
  /** The number of answers. */
  answers: number
  /** The number of users who have signed in again. */
  returned: number
}

const SESSION_STATUSES: Readonly<Record<Session['state'], readonly number[]>> = {
  open: [200],
  ending: [200, 401],
  ended: [401],
}

async function assertKept(node: ServerClient, { lives, admin }: World): Promise<void> {
  for (const { username, id, names, sessions } of lives) {
    const { status, body } = await node.ask('GET', `/users/${id}`, { token: admin })
    assert.deepEqual([status, body['username']], [200, username])
    const name = body['full_name'] as string | null
    assert.ok(names.includes(name), `${username}: ${name} for ${names.join(', ')}`)
    for (const { token, state } of sessions) {
      const session = await node.ask('GET', '/session', { token })
      const about = `${username}: a session ${state} answers ${session.status}`
      assert.ok(SESSION_STATUSES[state].includes(session.status), about)
    }
  }
}

async function assertWelcome(node: ServerClient, { lives }: World): Promise<void> {
  for (const [index, { signInData, consumedCode }] of lives.entries()) {
    if (signInData === undefined) continue
    if (consumedCode !== undefined && index >= lives.length - REPLAYED)
      await assertSpent(node, signInData, consumedCode)
    await signIn(node, signInData)
  }
}

/** No user sent a wrong value, so a guess that a kill interrupted must not count as a failure. */
async function assertNothingCounted(t: TestContext, { databaseUrl }: Installation): Promise<void> {
  const db = await openDatabase({ databaseUrl: Secret.of(databaseUrl) }, { create: false })
  const buckets = await db.selectFrom('throttle_bucket').select(['key', 'failures', 'pending']).execute()
  await db.destroy()
  const cut = buckets.find(({ key }) => key.startsWith('network:'))?.pending ?? 0
  t.diagnostic(`${cut} guesses were cut off in the last half minute`)
  const counted = buckets.filter(({ failures }) => failures > 0)
  assert.deepEqual(counted, [])
}

async function assertSpent(node: ServerClient, { username, password }: SignInData, code: string): Promise<void> {
  const replay = await node.ask('POST', '/token', { form: { username, password: password + code } })
  assert.equal(replay.status, 401, `${username}: a consumed code works again`)
}

/** Waits until one more user has signed in again, and for a number of answers instead of a time, so that equally much happens on a slow machine. */
async function momentAfter(world: World, answers: number, over: AbortSignal): Promise<void> {
  const { returned } = world
  const goal = world.answers + answers
  while ((world.answers < goal || world.returned === returned) && !over.aborted) await sleep(2)
}

/** Reproducible random numbers from 0 to 1: the seed is printed, and can be set in the environment. */
function chanceOf(t: TestContext): () => number {
  let state = Number(process.env.KILL_SEED ?? randomInt(2 ** 31))
  t.diagnostic(`KILL_SEED=${state} chooses the same moments again`)
  // The generator mulberry32.
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

async function createAdmin(t: TestContext, installation: Installation): Promise<Person> {
  let root: Person | undefined
  await t.test('a user is set up', async (inner) => {
    root = (await startWithAdmin(inner, { ...installation, clock: earlierToday() })).root
  })
  return root ?? assert.fail('no user was set up')
}

async function killAtWork(t: TestContext, dialect: Dialect, rounds: number): Promise<void> {
  const chance = chanceOf(t)
  const installation = { ...(await installationOnDisk(t, dialect)), settings: WITH_BACKLOG }
  const admin = await createAdmin(t, installation)
  const root = signInDataOf(admin)
  const world: World = { lives: [], answers: 0, returned: 0, admin: admin.token ?? '' }

  for (let round = 0; round < rounds; round++) {
    const node = await startProcess(t, installation)
    await assertKept(node, world)
    const clients = Array.from({ length: CLIENTS }, (_, client) => keepBusy(node, world, `${round}-${client}`))
    const busy = Promise.all(clients)
    const over = new AbortController()
    const end = (): void => over.abort()
    busy.then(end, end)
    await momentAfter(world, 60 + chance() * 70, over.signal)
    await sleep(chance() * 15)
    const { code } = await node.kill()
    assert.equal(code, null)
    await busy
  }

  await assertNothingCounted(t, installation)
  const node = await startProcess(t, installation)
  await assertKept(node, world)
  await assertWelcome(node, world)
  await signIn(node, root)
  assert.equal((await node.stop()).code, 0)
  const replayed = world.lives.filter(({ consumedCode }) => consumedCode !== undefined)
  assert.ok(replayed.length >= rounds / 2, 'too little happened to prove anything')
  await assertWhole(t, installation, world)
}

async function killAtStart(t: TestContext, dialect: Dialect, rounds: number): Promise<void> {
  const chance = chanceOf(t)
  const installation = await installationOnDisk(t, dialect)
  // The program takes about a second from loading its first module until it is ready.
  for (let round = 0; round < rounds; round++) await killWhileStarting(t, installation, 150 + chance() * 850)
  const node = await startProcess(t, installation)
  const { code, stderr } = await node.stop()
  assert.equal(code, 0, stderr)
  assert.match(stderr, /\/setup\//, 'it does not lead to its first admin')
  const verified = await runCommand(t, ['audit', 'verify'], installation)
  assert.equal(verified.code, 0, verified.stdout + verified.stderr)
}

const KILLS = {
  'killed at any moment, the process has kept all that it acknowledged, and every user can sign in': killAtWork,
  'killed in the middle of its first starts, it starts the next time': killAtStart,
}

for (const [claim, prove] of Object.entries(KILLS)) {
  for (const dialect of DIALECTS) {
    test(`${claim} (${dialect})`, (t) => prove(t, dialect, 1))
    exhaustive(`${claim}, more often (${dialect})`, (t) => prove(t, dialect, 6))

    leaveToTestAll()
  }
}

/** The files are on the disk: other tests keep theirs in memory, where the effects of a kill do not show. */
async function installationOnDisk(t: TestContext, dialect: Dialect): Promise<Installation> {
  const dataDir = await temporaryFolder(t, { onDisk: true })
  const databaseUrl = dialect === 'sqlite' ? `sqlite:${join(dataDir, 'doorward.db')}` : await newDatabaseUrl(t, dialect)
  return { dataDir, databaseUrl }
}

/** Asserts that nothing is half written: the file, the chain, and the event of each change. */
async function assertWhole(t: TestContext, installation: Installation, { lives }: World): Promise<void> {
  const verified = await runCommand(t, ['audit', 'verify'], installation)
  assert.equal(verified.code, 0, verified.stdout + verified.stderr)
  const db = await openDatabase({ databaseUrl: Secret.of(installation.databaseUrl) }, { create: false })
  t.after(() => db.destroy())
  const users = await db.selectFrom('users').select(['subject', 'username']).execute()
  const events = await db.selectFrom('audit_event').select(['action', 'target']).execute()
  const targetsOf = (action: string) => events.filter((event) => event.action === action).map(({ target }) => target)
  const invited = users.filter(({ username }) => username !== 'root')
  assert.deepEqual(new Set(targetsOf('user.created')), new Set(invited.map(({ subject }) => subject)))
  assert.equal(targetsOf('user.created').length, invited.length)
  const signIns = targetsOf('sign_in.succeeded')
  for (const { username, sessions } of lives) {
    const subject = users.find((user) => user.username === username)?.subject
    const own = signIns.filter((target) => target === subject)
    assert.ok(own.length >= sessions.length, `${username}: a sign-in without its event`)
  }
  if (installation.databaseUrl.startsWith('sqlite:')) assertSound(installation.databaseUrl.slice('sqlite:'.length))
}

function assertSound(path: string): void {
  using db = new DatabaseSync(path, { readOnly: true })
  assert.equal(db.prepare('pragma integrity_check').get()?.['integrity_check'], 'ok')
  assert.deepEqual(db.prepare('pragma foreign_key_check').all(), [])
}

/** The process has ended or is too busy: without an answer the server has promised nothing. */
class Unanswered extends Error {}

async function answered(asking: Promise<ClientReply>, wanted: number): Promise<ClientReply> {
  const reply = await asking.catch((cause: unknown) => {
    throw new Unanswered('the process is gone', { cause })
  })
  if (reply.status === 503) throw new Unanswered('the process is busy')
  assert.equal(reply.status, wanted, reply.text)
  return reply
}

/** Creates one user after another, who enrols, changes the name, signs out and in again, until the process has ended. */
async function keepBusy(node: ServerClient, world: World, client: string): Promise<void> {
  try {
    const counted: ServerClient = {
      ...node,
      ask: (...request) => node.ask(...request).finally(() => (world.answers += 1)),
    }
    for (let number = 0; ; number++) await live(counted, world, `user-${client}-${number}`)
  } catch (error) {
    if (!(error instanceof Unanswered)) throw error
  }
}

async function live(node: ServerClient, world: World, username: string): Promise<void> {
  const { lives, admin } = world
  const life: Life = { username, sessions: [], names: [null] }
  const created = await answered(node.ask('POST', '/users', { payload: { username }, token: admin }), 200)
  life.id = String(created.body['id'])
  lives.push(life)
  const first = await enrol(node, life, invitationIn(created))
  for (let number = 0; number < NAMES; number++) await rename(node, life, first, `${username} ${number}`)
  first.state = 'ending'
  await answered(node.ask('DELETE', '/session', { token: first.token }), 204)
  first.state = 'ended'
  const second = await signInAgain(node, life)
  world.returned += 1
  await rename(node, life, second, `${username} again`)
}

async function enrol(node: ServerClient, life: Life, token: string): Promise<Session> {
  const payload = { token, password: PASSWORD }
  const { attempt } = (await answered(node.ask('POST', '/invitations/accept', { payload }), 200)).body
  const key = await answered(node.ask('POST', '/attempts/totp', { payload: { attempt } }), 200)
  const codes = new Codes(new Authenticator(String(key.body['secret'])))
  const code = await codes.fresh(node)
  const confirmed = await answered(node.ask('POST', '/attempts/totp/confirm', { payload: { attempt, code } }), 200)
  life.signInData = { username: life.username, password: PASSWORD, codes }
  return begun(life, (confirmed.body['session'] as { access_token: string }).access_token)
}

async function signInAgain(node: ServerClient, life: Life): Promise<Session> {
  assert.ok(life.signInData)
  const code = await life.signInData.codes.fresh(node)
  const form = { username: life.username, password: PASSWORD + code }
  const reply = await answered(node.ask('POST', '/token', { form }), 200)
  life.consumedCode = code
  return begun(life, String(reply.body['access_token']))
}

function begun({ sessions }: Life, token: string): Session {
  const session: Session = { token, state: 'open' }
  sessions.push(session)
  return session
}

async function rename(node: ServerClient, life: Life, { token }: Session, name: string): Promise<void> {
  life.names = [...life.names, name]
  await answered(node.ask('PATCH', '/users/me', { payload: { full_name: name }, token }), 200)
  life.names = [name]
}
