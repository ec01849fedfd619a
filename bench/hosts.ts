// Measures what a request of a protected host costs: the processor time of the server for each question of a reverse proxy, in turns with who am I.
import { join } from 'node:path'

import { MOST_RULES } from '#domain/hosts/host-fields.ts'
import { startHostSession } from '#domain/hosts/host-session.service.ts'
import { storeHost } from '#domain/hosts/host.service.ts'
import { type HostRule, NEW_HOST, SIGNED_IN_RULE } from '#domain/hosts/host.ts'
import { startSession } from '#domain/sessions/session.service.ts'
import { findUserByName } from '#domain/users/user.service.ts'
import { OPERATOR } from '#entry/boot.ts'
import { contextFor, inTransaction } from '#foundation/context.ts'
import { say } from '../scripts/say.mjs'
import { processorTime, PUBLIC_URL } from './apps.ts'
import { median } from './load.ts'
import { newPeople, openWithSettings, seedDoorward, type Settings } from './people.ts'
import { startDoorward } from './programs.ts'
import type { Row } from './table.ts'

const PEOPLE = 200
const PLAIN = 'plain.example.org'
const RULED = 'ruled.example.org'

/** None of them concerns the path that is asked for, so that each one is looked at. */
const RULES: readonly HostRule[] = Array.from({ length: MOST_RULES }, (_, index) => ({
  ...SIGNED_IN_RULE,
  path: `/section/${index}/pages`,
  who: 'roles' as const,
  names: ['admin'],
}))
const PATH = '/section/x/pages/index.html?x=1'

interface Prepared {
  readonly bearers: readonly string[]
  /** The cookies of each host. */
  readonly cookies: Readonly<Record<string, readonly string[]>>
}

/** Writes users who are signed in at two hosts, one without rules and one with as many as there can be. */
async function prepareHosts(settings: Settings): Promise<Prepared> {
  const people = newPeople(PEOPLE)
  const bearers = await seedDoorward(people, settings)
  await using doorward = await openWithSettings(settings)
  const ctx = contextFor(doorward, OPERATOR)
  const hosts = await inTransaction(ctx, async (tx) => {
    const protect = (name: string, rules: readonly HostRule[]) =>
      storeHost(tx, { id: tx.newId(), fields: { ...NEW_HOST, name, rules }, createdBy: null })
    return [await protect(PLAIN, []), await protect(RULED, RULES)]
  })
  const cookies: Record<string, string[]> = { [PLAIN]: [], [RULED]: [] }
  for (const { username } of people) {
    const user = await findUserByName(ctx, username)
    if (user === undefined) throw new Error(`There is no ${username}`)
    const { session } = await startSession(ctx, { user, methods: ['password', 'totp'], transport: 'cookie' })
    for (const host of hosts) {
      const wanted = { host, sessionId: session.id, subject: user.subject }
      const token = await inTransaction(ctx, (tx) => startHostSession(tx, wanted))
      cookies[host.name]?.push(token.reveal())
    }
  }
  return { bearers, cookies }
}

/** What a question about a host may cost, against who am I, and with all rules against none. */
const BOUNDS = { ofWhoAmI: 1.15, withRules: 1.3 }

export async function measureHosts({
  rounds,
  folder,
}: {
  readonly rounds: number
  readonly folder: string
}): Promise<Row[]> {
  const settings = {
    data_dir: join(folder, 'hosts'),
    database_url: `sqlite:${join(folder, 'hosts.db')}`,
    public_url: PUBLIC_URL,
    trusted_proxies: '127.0.0.1',
  }
  say('SQLite: writing users who are signed in at two protected hosts')
  const { bearers, cookies } = await prepareHosts(settings)
  const program = await startDoorward(settings)
  const ask = async (path: string, headers: Record<string, string>): Promise<number> => {
    const answer = await fetch(program.url + path, { headers, redirect: 'manual' })
    await answer.text()
    return answer.status
  }
  const verify = (host: string) => (index: number) =>
    ask('/auth/verify', {
      cookie: `__Host-doorward=${cookies[host]?.[index % PEOPLE]}`,
      'x-forwarded-for': '203.0.113.7',
      'x-forwarded-host': host,
      'x-forwarded-proto': 'https',
      'x-forwarded-method': 'GET',
      'x-forwarded-uri': PATH,
    })
  const whoAmI = (index: number) => ask('/users/me', { authorization: `Bearer ${bearers[index % PEOPLE]}` })
  const times: { whoAmI: number; plain: number; ruled: number }[] = []
  try {
    // What is compiled and cached first would count for one of them only.
    for (const warming of [whoAmI, verify(PLAIN), verify(RULED)]) await Promise.all(bearers.map((_, at) => warming(at)))
    for (let round = 0; round < rounds; round += 1)
      times.push({
        whoAmI: await processorTime(program, whoAmI),
        plain: await processorTime(program, verify(PLAIN), 204),
        ruled: await processorTime(program, verify(RULED), 204),
      })
  } finally {
    await program.stop()
  }
  const row = (what: string, target: number, [over, under]: readonly ['plain' | 'ruled', 'whoAmI' | 'plain']): Row => ({
    what,
    measured: median(times.map((time) => time[over] / time[under])),
    target,
    better: 'less',
    note: `${median(times.map((time) => time[over])).toFixed(3)} ÷ ${median(times.map((time) => time[under])).toFixed(3)} ms`,
  })
  return [
    row('processor time of a request at a protected host ÷ who am I', BOUNDS.ofWhoAmI, ['plain', 'whoAmI']),
    row(`the same with ${MOST_RULES} rules ÷ without`, BOUNDS.withRules, ['ruled', 'plain']),
  ]
}
