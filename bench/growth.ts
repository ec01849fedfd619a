// Measures the cost of a million users and five million events: the same reads on a small and on a large database, in turns.
import { sql } from 'kysely'
import { join } from 'node:path'
import { monitorEventLoopDelay, PerformanceObserver } from 'node:perf_hooks'
import { setImmediate as nextTurn } from 'node:timers/promises'

import { OPERATOR } from '#entry/boot.ts'
import { contextFor } from '#foundation/context.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { hours } from '#foundation/kernel/time.ts'
import { isPostgres } from '#foundation/platform/config/database-url.ts'
import { openDatabase } from '#foundation/platform/database/dialect.ts'
import { openPostgres } from '#foundation/platform/database/postgres/postgres.ts'
import { growDatabase } from '#test/support/databases/grown-database.ts'
import { startPostgres } from '#test/support/databases/postgres-server.ts'
import { say } from '../scripts/say.mjs'
import { addPoliciesAndNotices, GROWTH_READS, LONG_WORK, PAGE_BESIDE } from './growth-reads.ts'
import { median, quantile, signIns, whoAmI } from './load.ts'
import { type BenchPerson, HASH, newPeople, openWithSettings, seedDoorward } from './people.ts'
import { type Program, startDoorward } from './programs.ts'
import type { Row } from './table.ts'

interface GrowthBench {
  readonly users: number
  readonly events: number
  readonly rounds: number
  /** Milliseconds of one measurement over HTTP. */
  readonly slice: number
  readonly folder: string
}

/** Users who sign in, in either database; the others only fill the tables. */
const PEOPLE = 900
/** Short enough that no user runs out of codes: each has three at a time. */
const SIGN_INS = { clients: 16, milliseconds: 1000 }
const SMALL = { users: 100, events: 1000, groups: 10 }
/** Reminders are queued and not sent. */
const MAIL_ON = { mail_host: '127.0.0.1', mail_port: '1', mail_tls: 'none', mail_from: 'doorward@example.org' }
/** The most that 95 of 100 pages may wait beside long work, in milliseconds. */
const MOST_WAIT = 50
/** How much longer than its plain query a read may take where that takes longer than the bound. */
const MOST_OF_RAW = 1.5
/** The longest block of the event loop that is allowed, in milliseconds. */
const MOST_DELAY = 50

interface Grown {
  readonly settings: Readonly<Record<string, string>>
  readonly people: BenchPerson[]
  readonly tokens: readonly string[]
}

export async function measureGrowth(bench: GrowthBench): Promise<Row[]> {
  const { folder } = bench
  const sqlite = await measureEngine('SQLite', bench, (name) => `sqlite:${join(folder, `${name}.db`)}`)
  const server = await startPostgres()
  try {
    const db = openPostgres(Secret.of(server.url))
    for (const name of ['small', 'large']) await sql`create database ${sql.id(name)}`.execute(db)
    await db.destroy()
    const postgres = await measureEngine(
      'PostgreSQL',
      bench,
      (name) => Object.assign(new URL(server.url), { pathname: name }).href,
    )
    return [...sqlite, ...postgres]
  } finally {
    await server.stop()
  }
}

async function measureEngine(engine: string, bench: GrowthBench, urlOf: (name: string) => string): Promise<Row[]> {
  const { folder, users, events } = bench
  const grow = async (name: string, size: typeof SMALL): Promise<Grown> => {
    say(`${engine}: writing ${size.users} users and ${size.events} events`)
    const people = newPeople(PEOPLE)
    const settings = { data_dir: join(folder, `${engine}-${name}`), database_url: urlOf(name) }
    const tokens = await seedDoorward(people, settings)
    const db = isPostgres(settings.database_url)
      ? openPostgres(Secret.of(settings.database_url), { statementWithin: hours(1) })
      : await openDatabase({ databaseUrl: Secret.of(settings.database_url) }, { create: false })
    await growDatabase(db, { ...size, hash: HASH }, Date.now())
    await db.destroy()
    return { settings, people, tokens }
  }
  const [small, large] = [await grow('small', SMALL), await grow('large', { users, events, groups: 1000 })]
  return [...(await compareHttp(engine, bench, small, large)), ...(await compareReads(engine, bench, small, large))]
}

async function compareHttp(engine: string, { rounds, slice }: GrowthBench, small: Grown, large: Grown): Promise<Row[]> {
  const programs = [await startDoorward(small.settings), await startDoorward(large.settings)] as const
  const measured = async ({ tokens, people }: Grown, { url }: Program, round: number) => ({
    who: await whoAmI(url, tokens, { connections: 32, milliseconds: slice }),
    signedIn: (await signIns(url, turnOf(people, round, rounds), SIGN_INS)).perSecond,
  })
  const ratios = { who: [] as number[], signIn: [] as number[] }
  for (let round = 0; round < rounds; round += 1) {
    const few = await measured(small, programs[0], round)
    const many = await measured(large, programs[1], round)
    ratios.who.push(few.who / many.who)
    ratios.signIn.push(few.signedIn / many.signedIn)
  }
  for (const program of programs) await program.stop()
  return Object.entries({ 'who am I': ratios.who, 'a sign-in': ratios.signIn }).map(([what, all]) => ({
    what: `${engine}: ${what}, a thousand users ÷ all`,
    measured: median(all),
    target: 1.3,
    better: 'less',
    note: `${rounds} rounds`,
  }))
}

/** Other users sign in each round, since a code works once. */
export function turnOf(people: readonly BenchPerson[], round: number, rounds: number): BenchPerson[] {
  const share = Math.floor(people.length / rounds)
  return people.slice(round * share, (round + 1) * share)
}

async function compareReads(engine: string, bench: GrowthBench, small: Grown, large: Grown): Promise<Row[]> {
  await using few = await openWithSettings({ ...small.settings, ...MAIL_ON })
  await using many = await openWithSettings({ ...large.settings, ...MAIL_ON })
  for (const one of [few, many]) await addPoliciesAndNotices(contextFor(one, OPERATOR))
  const loop = watchLoop()
  const rows: Row[] = []
  for (const [name, { read, raw, within }] of Object.entries(GROWTH_READS)) {
    loop.during(name)
    const times = { few: [] as number[], many: [] as number[], raw: [] as number[] }
    for (let round = 0; round < bench.rounds; round += 1) {
      times.few.push(await timed(() => read(contextFor(few, OPERATOR))))
      times.many.push(await timed(() => read(contextFor(many, OPERATOR))))
      times.raw.push(await timed(() => sql.raw(raw).execute(many.db)))
    }
    const note = `${median(times.few).toFixed(1)} ms among a thousand, ${median(times.raw).toFixed(1)} ms raw`
    const target = Math.max(within, Math.ceil(MOST_OF_RAW * median(times.raw)))
    rows.push({ what: `${engine}: ${name}, ms`, measured: median(times.many), target, better: 'less', note })
  }
  rows.push(
    loop.loopRow(`${engine}: the event loop blocked by any of these reads, ms`, `the longest at “${loop.blockedBy()}”`),
  )
  for (const [name, { work, readsAll }] of Object.entries(LONG_WORK)) {
    loop.begin()
    const took = timed(() => work(contextFor(many, OPERATOR)))
    const waits = readsAll === true ? await waitsBeside(took, () => PAGE_BESIDE(contextFor(many, OPERATOR))) : []
    const note = `it took ${(await took).toFixed(0)} ms`
    rows.push(loop.loopRow(`${engine}: the event loop blocked by ${name}, ms`, note))
    if (waits.length === 0) continue
    const what = `${engine}: a page beside ${name}, p95, ms`
    const waited = `${waits.length} pages, median ${median(waits).toFixed(1)} ms, at most ${Math.max(...waits).toFixed(1)} ms`
    rows.push({
      what,
      measured: quantile(
        waits.toSorted((one, other) => one - other),
        0.95,
      ),
      target: MOST_WAIT,
      better: 'less',
      note: waited,
    })
  }
  loop.stop()
  return rows
}

/** Asks for a page again and again until the work has ended; returns how long each took. */
async function waitsBeside(work: Promise<unknown>, page: () => Promise<unknown>): Promise<number[]> {
  let isOver = false
  const ended = work.finally(() => (isOver = true))
  const waits: number[] = []
  while (!isOver) waits.push(await timed(page))
  await ended
  return waits
}

/**
 * Measures the longest turn of the event loop as processor time of its thread. The delay of a timer and the longest garbage collection are
 * reported beside it; they also depend on other work of the machine.
 */
function watchLoop() {
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  let [longest, collected, last, isOver] = [0, 0, threadTime(), false]
  let [running, blocking] = ['', '']
  const collections = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) collected = Math.max(collected, duration)
  })
  collections.observe({ entryTypes: ['gc'] })
  const turn = (): void => {
    const now = threadTime()
    if (now - last > longest) [longest, blocking] = [now - last, running]
    last = now
    if (!isOver) setImmediate(turn)
  }
  setImmediate(turn)
  return {
    during: (name: string) => (running = name),
    blockedBy: () => blocking,
    begin: () => {
      longest = collected = 0
      delay.reset()
    },
    loopRow: (what: string, ...notes: readonly string[]): Row => {
      const late = `a timer came ${(delay.max / 1e6).toFixed(0)} ms late at most`
      const note = [late, `garbage collection took ${collected.toFixed(0)} ms at most`, ...notes].join(', ')
      return { what, measured: longest, target: MOST_DELAY, better: 'less', note }
    },
    stop: () => {
      isOver = true
      collections.disconnect()
      delay.disable()
    },
  }
}

/** Milliseconds. */
function threadTime(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  await nextTurn()
  const begun = performance.now()
  await work()
  return performance.now() - begun
}
