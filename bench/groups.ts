// Measures what groups and policies cost: the same requests with and without them, in turns, and how long their lists and plans take.
import { sql } from 'kysely'
import { join } from 'node:path'

import { OPERATOR } from '#entry/boot.ts'
import { contextFor } from '#foundation/context.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { days, hours } from '#foundation/kernel/time.ts'
import { isPostgres } from '#foundation/platform/config/database-url.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import { openPostgres } from '#foundation/platform/database/postgres/postgres.ts'
import { growDatabase } from '#test/support/databases/grown-database.ts'
import { startPostgres } from '#test/support/databases/postgres-server.ts'
import { storePolicyVersion } from '#test/support/policies/stored-policies.ts'
import { say } from '../scripts/say.mjs'
import { GROUP_REQUESTS } from './group-requests.ts'
import { turnOf } from './growth.ts'
import { median, signIns, whoAmI } from './load.ts'
import { type BenchPerson, HASH, newPeople, openWithSettings, seedDoorward, type Settings } from './people.ts'
import { type Program, startDoorward } from './programs.ts'
import { boundsTable, type Row } from './table.ts'
import { type BothSessions, insertAdmin, timeRequests } from './timed-requests.ts'

interface GroupBench {
  readonly users: number
  readonly rounds: number
  /** Milliseconds of one measurement of who am I. */
  readonly slice: number
  readonly folder: string
}

const PEOPLE = 900
const SIGN_INS = { clients: 16, milliseconds: 1000 }
const GROUPS = 1000
/** How much more a request may take than without groups. */
const MOST_RATIO = 1.1

/** What is beside the users of a database. */
const KINDS = ['bare', 'groups', 'policies'] as const
type Kind = (typeof KINDS)[number]

/** The settings with the location of a database. */
type Installation = Settings & { readonly database_url: string }

interface Peopled {
  readonly settings: Settings
  readonly people: BenchPerson[]
  readonly tokens: readonly string[]
  readonly admin: BothSessions
}

export async function measureGroups(bench: GroupBench): Promise<Row[]> {
  const { folder } = bench
  const sqlite = await measureEngine('SQLite', bench, (kind) => `sqlite:${join(folder, `${kind}.db`)}`)
  const server = await startPostgres()
  try {
    const db = openPostgres(Secret.of(server.url))
    for (const kind of KINDS) await sql`create database ${sql.id(kind)}`.execute(db)
    await db.destroy()
    const urlOf = (kind: Kind): string => Object.assign(new URL(server.url), { pathname: kind }).href
    return [...sqlite, ...(await measureEngine('PostgreSQL', bench, urlOf))]
  } finally {
    await server.stop()
  }
}

async function measureEngine(engine: string, bench: GroupBench, urlOf: (kind: Kind) => string): Promise<Row[]> {
  const programs: [Peopled, Program][] = []
  try {
    for (const kind of KINDS) {
      say(`${engine}: writing ${bench.users} users, ${kind}`)
      const peopled = await peopledDatabase(kind, bench.users, {
        data_dir: join(bench.folder, `${engine}-${kind}`),
        database_url: urlOf(kind),
      })
      programs.push([peopled, await startDoorward(peopled.settings)])
    }
    const [{ admin: sessions }, { url }] = programs.at(-1)!
    const times = await timeRequests(engine, bench.rounds, { url, sessions }, GROUP_REQUESTS)
    say(boundsTable(times))
    return [...times, ...(await compareSignIns(engine, bench, programs))]
  } finally {
    for (const [, program] of programs) await program.stop()
  }
}

async function peopledDatabase(kind: Kind, users: number, settings: Installation): Promise<Peopled> {
  const people = newPeople(PEOPLE)
  const tokens = await seedDoorward(people, settings)
  await using doorward = await openWithSettings(settings)
  const ctx = contextFor(doorward, OPERATOR)
  const admin = await insertAdmin(ctx)
  const groups = kind === 'bare' ? {} : { groups: GROUPS }
  const db = isPostgres(settings.database_url)
    ? openPostgres(Secret.of(settings.database_url), { statementWithin: hours(1) })
    : doorward.db
  await growDatabase(db, { users, events: 1000, hash: HASH, ...groups }, ctx.now)
  if (kind === 'policies') await storePolicies(db, ctx.now)
  if (db !== doorward.db) await db.destroy()
  return { settings, people, tokens, admin }
}

/** Policies of ten groups and of a role, and one for everyone that comes to ask for passkeys. */
async function storePolicies(db: Database, now: number): Promise<void> {
  await storePolicyVersion(db, { id: 'all', secondFactor: 'required' })
  await storePolicyVersion(db, { id: 'all', version: 2, secondFactor: 'phishing-resistant', from: now + days(14) })
  await storePolicyVersion(db, { id: 'role', scope: 'role', scopeRef: 'user', sessionIdle: days(1) })
  for (let n = 1; n <= 10; n += 1) {
    const group = { scope: 'group', scopeRef: `group-${n}` } as const
    await storePolicyVersion(db, { id: `group-${n}`, ...group, secondFactor: 'required', sessionIdle: days(1) })
  }
}

async function compareSignIns(
  engine: string,
  { rounds, slice }: GroupBench,
  programs: readonly (readonly [Peopled, Program])[],
): Promise<Row[]> {
  const rates = programs.map(() => ({ who: [] as number[], signIn: [] as number[] }))
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, [{ tokens, people }, { url }]] of programs.entries()) {
      rates[index]?.who.push(await whoAmI(url, tokens, { connections: 32, milliseconds: slice }))
      rates[index]?.signIn.push((await signIns(url, turnOf(people, round, rounds), SIGN_INS)).perSecond)
    }
  }
  const [bare, groups, policies] = rates
  return Object.entries({ 'who am I': 'who', 'a sign-in': 'signIn' } as const).map(([what, name]): Row => {
    const ratio = (other = bare): number =>
      median((other?.[name] ?? []).map((rate, round) => (bare?.[name][round] ?? Number.NaN) / rate))
    const [alone, within, withPolicies] = [bare, groups, policies].map((one) => median(one?.[name] ?? []).toFixed(0))
    return {
      what: `${engine}: ${what} with groups ÷ without`,
      measured: ratio(groups),
      target: MOST_RATIO,
      better: 'less',
      note: `${alone} and ${within} a second; with policies too ${withPolicies}, ${ratio(policies).toFixed(2)} ×`,
    }
  })
}
