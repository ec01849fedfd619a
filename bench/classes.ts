// Measures whether the response time of a refusal reveals the class of its user (enumeration): interleaved samples, compared by ranks.
import { hashSync } from '@node-rs/argon2'
import { hashSync as bcryptHashSync } from '@node-rs/bcrypt'
import { randomBytes } from 'node:crypto'
import { Agent } from 'node:http'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

import { bucketsForLogin } from '#domain/throttle/guess.service.ts'
import { recordFailure } from '#domain/throttle/throttle.service.ts'
import { insertUser, updateUser } from '#domain/users/user.service.ts'
import type { User } from '#domain/users/user.ts'
import { OPERATOR } from '#entry/boot.ts'
import { type Context, contextFor, inTransaction } from '#foundation/context.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { say } from '../scripts/say.mjs'
import { median } from './load.ts'
import { atPace, chance, closedLoop, shareLonger, shuffled } from './paced.ts'
import { insertPerson, openWithSettings, PASSWORD } from './people.ts'
import { type Program, startDoorward } from './programs.ts'
import { post } from './protocols.ts'
import type { Row } from './table.ts'

/** Requests of one kind: the kind of user, the password, and the expected status. */
interface Class {
  readonly name: string
  readonly status: 202 | 401 | 429
  readonly password?: string
  /** How many names of this kind are requested in turn; as many as samples by default. */
  readonly names?: number
}

const BLOCKED_NAMES = 100
/** The number of failures at which a name is locked out. */
const LOCKED_OUT = 100

/** Classes with the same status may differ in nothing but their response times. */
const SCENES: Readonly<Record<'ours' | 'imported' | 'reset' | 'registration', readonly Class[]>> = {
  ours: [
    { name: 'unknown', status: 401 },
    { name: 'known', status: 401 },
    { name: 'disabled', status: 401 },
    { name: 'factorless', status: 401 },
    { name: 'code', status: 401, password: PASSWORD },
    { name: 'blocked-unknown', status: 429, names: BLOCKED_NAMES },
    { name: 'blocked-known', status: 429, names: BLOCKED_NAMES },
  ],
  // If one hash is imported, every refusal takes as long as with that hash.
  imported: [
    { name: 'unknown', status: 401 },
    { name: 'imported', status: 401 },
  ],
  // Requests for the mail of a forgotten password. Only those of `known` queue one.
  reset: [
    { name: 'unknown', status: 202 },
    { name: 'known', status: 202 },
    { name: 'disabled', status: 202 },
    { name: 'unverified', status: 202 },
  ],
  // Emails that ask for an account. Each class queues one mail, and only that of `unknown` has a link.
  registration: [
    { name: 'unknown', status: 202 },
    { name: 'known', status: 202 },
    { name: 'disabled', status: 202 },
    { name: 'unverified', status: 202 },
  ],
}
type Scene = keyof typeof SCENES

/** Hashes of 1 MiB: a refusal takes about 2 ms, so that a difference of some microseconds is visible. */
const HASH = { hash_memory: '1024', hash_passes: '1', hash_queue: '1000' }
const OWN_HASH = hashSync(PASSWORD, { memoryCost: 1024, timeCost: 1, parallelism: 1 })
const IMPORTED_HASH = bcryptHashSync(PASSWORD, 5)

/** No server listens there: mails are queued, and their delivery is tried again later. */
const MAIL = { mail_host: '127.0.0.1', mail_port: '9', mail_tls: 'none', mail_from: 'bench@example.org' }

const SETTINGS: Partial<Record<Scene, Readonly<Record<string, string>>>> = {
  reset: MAIL,
  registration: { ...MAIL, registration: 'open' },
}

/** What one request of a class sends. */
const REQUESTS: Readonly<Record<Scene, (name: string, password: string) => { path: string; body: string }>> = {
  ours: signInAs,
  imported: signInAs,
  reset: (name) => ({ path: '/password-resets', body: JSON.stringify({ login: name }) }),
  registration: (name) => ({ path: '/registrations', body: JSON.stringify({ email: `${name}@example.org` }) }),
}

function signInAs(name: string, password: string) {
  return { path: '/token', body: `username=${name}&password=${encodeURIComponent(password)}000000` }
}

type Load = 'idle' | 'half load'
/** Milliseconds between two requests when idle: longer than the work for one request. */
const IDLE_GAP = 4
/** Concurrent requests when idle; nearly all of them wait for their point of the response grid. */
const MOST_AT_IDLE = 12
const CLIENTS = 64
const CAPACITY_SLICE = 3000
/**
 * The required share of answers with the expected status: some unknown names share a bucket with a blocked one, and a busy database answers
 * 503.
 */
const REQUIRED_SHARE = 0.99

interface ClassesOptions {
  /** Requests of each class. */
  readonly samples: number
  readonly loads: readonly Load[]
  /** The folder of another built checkout that is measured in the same turns. */
  readonly against?: string | undefined
  readonly folder: string
}

/** Returns the greatest distance between two classes of one status: 0 if response times reveal nothing, 0.5 if every one does. */
export async function measureClasses({ samples, loads, against, folder }: ClassesOptions): Promise<Row[]> {
  const rows: Row[] = []
  for (const scene of ['ours', 'imported', 'reset', 'registration'] as const) {
    const checkouts = [{ name: 'this checkout' }, ...(against === undefined ? [] : [{ name: against, root: against }])]
    const variants = checkouts.map((checkout, index) => ({ ...checkout, settings: settingsIn(folder, scene, index) }))
    for (const variant of variants) await seed(variant, scene, samples)
    for (const load of loads) {
      say(`Times of answers, ${scene}, ${load}`)
      const times = await sampled(variants, scene, samples, load)
      const measured = [...times].flatMap(([name, own]) => classRows(own, scene, `${load}, ${name}`, samples))
      // A run takes ten minutes or more, so results are printed as soon as they are known.
      for (const { what, note } of measured) say(`${what}: ${note}`)
      rows.push(...measured)
    }
  }
  return rows
}

interface Variant {
  readonly name: string
  readonly root?: string
  readonly settings: ReturnType<typeof settingsIn>
}

function settingsIn(folder: string, scene: Scene, index: number) {
  const base = join(folder, `classes-${scene}-${index}`)
  return { data_dir: base, database_url: `sqlite:${base}.db`, ...HASH, ...SETTINGS[scene] }
}

async function seed({ settings }: Variant, scene: Scene, count: number): Promise<void> {
  await using doorward = await openWithSettings(settings)
  const ctx = contextFor(doorward, OPERATOR)
  await inTransaction(ctx, async (tx) => {
    for (const { name, names = count } of SCENES[scene])
      for (let index = 0; index < names; index += 1) {
        const user = await userOfClass(tx, scene, name, `${name}${index}`)
        if (name.startsWith('blocked')) await block(tx, `${name}${index}`, user)
      }
  })
}

async function userOfClass(tx: Context, scene: Scene, name: string, username: string): Promise<User | undefined> {
  if (name.endsWith('unknown')) return undefined
  if (name === 'factorless') return insertUser(tx, { username, role: 'user', hashedPassword: Secret.of(OWN_HASH) })
  const hash = name === 'imported' ? IMPORTED_HASH : OWN_HASH
  let user = await insertPerson(tx, { username, secret: randomBytes(20), hash })
  const email = { email: `${username}@example.org`, emailVerifiedAt: name === 'unverified' ? null : tx.now }
  if (scene in SETTINGS) user = await updateUser(tx, user, email)
  return name === 'disabled' ? updateUser(tx, user, { disabled: true }) : user
}

/** Locks a name out: its buckets are one failure below the lockout, and one more failure is recorded. */
async function block(tx: Context, username: string, user: User | undefined): Promise<void> {
  const { buckets } = bucketsForLogin(tx, username, user, ['password', 'code'])
  const counts = { failures: LOCKED_OUT - 1, last_failure_at: tx.now, blocked_until: 0 }
  await tx.db
    .insertInto('throttle_bucket')
    .values(buckets.map((key) => ({ key, ...counts })))
    .execute()
  await recordFailure(tx, { network: null, buckets })
}

/** Response times in milliseconds by class. */
type Times = ReadonlyMap<string, number[]>

interface Running {
  readonly name: string
  readonly program: Program
  readonly times: Times
}

/** Requests every class of every variant once in each round, in a random order. */
async function sampled(
  variants: readonly Variant[],
  scene: Scene,
  samples: number,
  load: Load,
): Promise<ReadonlyMap<string, Times>> {
  const running: Running[] = []
  for (const { name, root, settings } of variants) {
    keepLockoutsOnly(settings)
    // The proxy is trusted so that each request can come from a network of its own.
    const program = await startDoorward({ ...settings, trusted_proxies: '127.0.0.1' }, root)
    running.push({ name, program, times: new Map(SCENES[scene].map((one) => [one.name, [] as number[]])) })
  }
  const send = requestSender(scene)
  const warmUp = { name: 'unknown-too', status: scene in SETTINGS ? 202 : 401 } as const
  let sentInWarmUp = 0
  const sendNext = async (): Promise<void> => {
    sentInWarmUp += 1
    const next = running[sentInWarmUp % running.length]
    if (next !== undefined) await send(next.program, warmUp, sentInWarmUp)
  }
  await closedLoop(CLIENTS, CAPACITY_SLICE, sendNext)
  const capacity = await closedLoop(CLIENTS, CAPACITY_SLICE, sendNext)
  const pace =
    load === 'idle'
      ? { gap: () => IDLE_GAP * (0.75 + Math.random() / 2), most: MOST_AT_IDLE }
      : { gap: () => exponential(2000 / capacity), most: CLIENTS }
  say(`${capacity.toFixed(0)} answers a second at most`)
  const rounds = Array.from({ length: samples }, (_, index) =>
    shuffled(running.flatMap(({ program, times }) => SCENES[scene].map((one) => ({ program, times, one, index })))),
  )
  const tasks = rounds.flat().map(({ program, times, one, index }) => async (): Promise<void> => {
    const took = await send(program, one, index % (one.names ?? samples))
    if (took !== undefined) times.get(one.name)?.push(took)
  })
  await atPace(tasks, pace)
  send.end()
  for (const { program, times } of running) {
    await program.stop()
    const fewest = Math.min(...times.values().map(({ length }) => length))
    if (fewest < REQUIRED_SHARE * samples)
      throw new Error(`Only ${fewest} samples of a class were answered as expected`)
  }
  return new Map(running.map(({ name, times }) => [name, times]))
}

/** Keeps the lockouts only, so that no other guess is blocked. */
function keepLockoutsOnly({ database_url: url }: Variant['settings']): void {
  const db = new DatabaseSync(url.slice('sqlite:'.length))
  db.exec(`delete from throttle_bucket where failures < ${LOCKED_OUT}`)
  db.close()
}

function requestSender(scene: Scene) {
  const agent = new Agent({ keepAlive: true })
  let sentCount = 0
  const send = async (
    program: Program,
    { name, status, password = 'not hers' }: Class,
    index: number,
  ): Promise<number | undefined> => {
    sentCount += 1
    const network = `10.${(sentCount >> 16) & 255}.${(sentCount >> 8) & 255}.${sentCount & 255}`
    const { path, body } = REQUESTS[scene](`${name}${index}`, password)
    const begun = performance.now()
    // A keep-alive connection that the server closes as idle loses the request that is just sent on it.
    const type = body.startsWith('{') && { 'content-type': 'application/json' }
    const answer = await post(`${program.url}${path}`, body, agent, { 'x-forwarded-for': network, ...type }).catch(
      () => undefined,
    )
    const took = performance.now() - begun
    return answer?.status === status ? took : undefined
  }
  return Object.assign(send, { end: () => agent.destroy() })
}

/** Gaps between independent arrivals (a Poisson process). */
function exponential(mean: number): number {
  return -mean * Math.log(1 - Math.random())
}

/** One row for all classes with the same status. */
function classRows(times: Times, scene: Scene, variant: string, samples: number): Row[] {
  return [202, 401, 429].flatMap((status) => {
    const names = SCENES[scene].filter((one) => one.status === status).map(({ name }) => name)
    const pairs = names.flatMap((one, index) => names.slice(index + 1).map((other) => [one, other] as const))
    if (pairs.length === 0) return []
    const shares = pairs.map(([one, other]) => ({
      pair: `${one}/${other}`,
      share: shareLonger(times.get(one) ?? [], times.get(other) ?? []),
    }))
    const medians = names.map((name) => `${name} ${median(times.get(name) ?? []).toFixed(2)} ms`)
    return {
      what: `how far response times of ${status} distinguish classes, of 0.5 (${scene === 'imported' ? 'with an imported hash, ' : ''}${variant})`,
      measured: Math.max(...shares.map(({ share }) => Math.abs(share - 0.5))),
      // Smaller distances are within chance.
      target: Number(Math.max(0.02, chance(samples)).toFixed(3)),
      better: 'less',
      note: `${shares.map(({ pair, share }) => `${pair} ${share.toFixed(3)}`).join(', ')}; medians ${medians.join(', ')}`,
    }
  })
}
