// Measures what apps cost: the processor time of the server for each request of an app, in turns with who am I, and what the first app adds.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { Agent } from 'node:http'
import { join } from 'node:path'

import { hashOfClientSecret, newClientSecret, storeSecret } from '#domain/clients/client-secret.service.ts'
import { storeClient } from '#domain/clients/client.service.ts'
import { type ClientFields, type IdTokenAlgorithm, NEW_CLIENT } from '#domain/clients/client.ts'
import { startSession } from '#domain/sessions/session.service.ts'
import { ensureSigningKeys } from '#domain/signing-keys/signing-key.service.ts'
import { findUserByName } from '#domain/users/user.service.ts'
import { OPERATOR } from '#entry/boot.ts'
import { contextFor, inTransaction } from '#foundation/context.ts'
import { say } from '../scripts/say.mjs'
import { median } from './load.ts'
import { newPeople, openWithSettings, seedDoorward, type Settings } from './people.ts'
import { type Program, startDoorward } from './programs.ts'
import { post } from './protocols.ts'
import type { Row } from './table.ts'

interface AppBench {
  readonly rounds: number
  readonly folder: string
}

/** Where browsers find the program, whatever its port. */
export const PUBLIC_URL = 'http://localhost:8000'
const PEOPLE = 200
/** Requests of one kind in one turn. */
const REQUESTS = 400
const CONNECTIONS = 16
const REDIRECT_URI = 'https://app.example/callback'
const VERIFIER = 'a'.repeat(64)
const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url')

interface BenchApp {
  readonly id: string
  readonly secret: string
}

/** What is in a database that was prepared. */
export interface PreparedApps {
  readonly apps: Readonly<Record<IdTokenAlgorithm, BenchApp>>
  readonly bearers: readonly string[]
  readonly cookies: readonly string[]
}

export async function measureApps({ rounds, folder }: AppBench): Promise<Row[]> {
  const settings = { data_dir: join(folder, 'with'), database_url: `sqlite:${join(folder, 'with.db')}` }
  const bare = { data_dir: join(folder, 'bare'), database_url: `sqlite:${join(folder, 'bare.db')}` }
  say('SQLite: writing users, sessions and two apps')
  const prepared = await prepareApps(settings)
  await (await openWithSettings(bare))[Symbol.asyncDispose]()
  const first = await measureFirstApp(rounds, { settings, bare })
  const program = await startDoorward({ ...settings, public_url: PUBLIC_URL })
  try {
    return [...first, ...(await measureAppRequests(rounds, program, prepared))]
  } finally {
    await program.stop()
  }
}

/** Writes users with their sessions, and an app for each algorithm. */
export async function prepareApps(settings: Settings): Promise<PreparedApps> {
  const people = newPeople(PEOPLE)
  const bearers = await seedDoorward(people, settings)
  await using doorward = await openWithSettings(settings)
  const ctx = contextFor(doorward, OPERATOR)
  await ensureSigningKeys(ctx)
  const cookies: string[] = []
  for (const { username } of people) {
    const user = await findUserByName(ctx, username)
    if (user === undefined) throw new Error(`There is no ${username}`)
    const { token } = await startSession(ctx, { user, methods: ['password', 'totp'], transport: 'cookie' })
    cookies.push(token.reveal())
  }
  const register = (idTokenAlg: IdTokenAlgorithm): Promise<BenchApp> =>
    inTransaction(ctx, async (tx) => {
      const client = await storeClient(tx, { id: tx.newId(), fields: fieldsOf(idTokenAlg), createdBy: null })
      const secret = newClientSecret(tx)
      await storeSecret(tx, client, { id: tx.newId(), hash: hashOfClientSecret(secret) })
      return { id: client.id, secret: secret.reveal() }
    })
  return { apps: { ES256: await register('ES256'), RS256: await register('RS256') }, bearers, cookies }
}

function fieldsOf(idTokenAlg: IdTokenAlgorithm): ClientFields {
  return { ...NEW_CLIENT, name: `App with ${idTokenAlg}`, redirectUris: [REDIRECT_URI], idTokenAlg }
}

/** What the first app adds: to the time until the provider answers, and to the memory of a server without load. */
async function measureFirstApp(
  rounds: number,
  { settings, bare }: { readonly settings: Settings; readonly bare: Settings },
): Promise<Row[]> {
  const starts = { bare: [] as number[], with: [] as number[] }
  const memory = { bare: [] as number[], with: [] as number[] }
  for (let round = 0; round < rounds; round += 1)
    for (const [kind, of] of Object.entries({ bare, with: settings }) as ['bare' | 'with', Settings][]) {
      const begun = performance.now()
      const program = await startDoorward(of)
      const answer = await fetch(`${program.url}/oidc/.well-known/openid-configuration`)
      await answer.text()
      starts[kind].push(performance.now() - begun)
      memory[kind].push(program.memory())
      await program.stop()
    }
  const [start, startWith] = [median(starts.bare), median(starts.with)]
  const [idle, idleWith] = [median(memory.bare), median(memory.with)]
  return [
    {
      what: 'start until the provider answers, with an app ÷ until it says that there is none',
      measured: startWith / start,
      target: 1.8,
      better: 'less',
      note: `${startWith.toFixed(0)} ÷ ${start.toFixed(0)} ms`,
    },
    {
      what: 'memory idle that the first app adds, MiB',
      measured: idleWith - idle,
      target: 12,
      better: 'less',
      note: `${idleWith.toFixed(0)} − ${idle.toFixed(0)}`,
    },
  ]
}

type Ask = (index: number) => Promise<number>

/** The processor time of requests of apps ÷ that of who am I. */
export async function measureAppRequests(rounds: number, program: Program, prepared: PreparedApps): Promise<Row[]> {
  const { apps, bearers, cookies } = prepared
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })
  const get = async (path: string, headers: Record<string, string>): Promise<number> => {
    const answer = await fetch(program.url + path, { headers, redirect: 'manual' })
    await answer.text()
    return answer.status
  }
  const times: Record<string, number[]> = {}
  const note = async (what: string, ask: Ask): Promise<void> => {
    const measured = await processorTime(program, ask)
    ;(times[what] ??= []).push(measured)
  }
  const tokenOf = async (app: BenchApp, code: string): Promise<{ readonly status: number; readonly body: string }> =>
    post(`${program.url}/oidc/token`, codeForm(code), agent, basic(app))
  for (let round = 0; round < rounds; round += 1) {
    await note('who am I', (index) => get('/users/me', { authorization: `Bearer ${bearers[index % PEOPLE]}` }))
    const issued: string[] = []
    for (const [alg, app] of Object.entries(apps)) {
      const codes = await codesFor(program, app, cookies)
      await note(`exchange, ${alg}`, async (index) => {
        const { status, body } = await tokenOf(app, codes[index] ?? '')
        if (alg === 'ES256') issued.push((JSON.parse(body) as { access_token: string }).access_token)
        return status
      })
    }
    await note('introspection', async (index) => {
      const form = `token=${issued[index % issued.length]}`
      return (await post(`${program.url}/oidc/token/introspection`, form, agent, basic(apps.ES256))).status
    })
    await note('userinfo', (index) => get('/oidc/me', { authorization: `Bearer ${issued[index % issued.length]}` }))
  }
  agent.destroy()
  const base = times['who am I'] ?? []
  const ratio = (what: string): number =>
    median((times[what] ?? []).map((time, round) => time / (base[round] ?? Number.NaN)))
  const row = (what: string, target: number, beside: string): Row => ({
    what: `processor time of ${what} ÷ who am I`,
    measured: ratio(what),
    target,
    better: 'less',
    note: `${median(times[what] ?? []).toFixed(2)} ÷ ${median(base).toFixed(2)} ms; ${beside} ${ratio(beside).toFixed(1)} ×`,
  })
  return [row('exchange, ES256', 18, 'exchange, RS256'), row('introspection', 5, 'userinfo')]
}

/** Milliseconds of the server's processor time for one of `REQUESTS` requests. Throws if one has another status. */
export async function processorTime(program: Program, ask: Ask, expected = 200): Promise<number> {
  const before = millisecondsOf(program.pid)
  let next = 0
  const client = async (): Promise<void> => {
    for (let index = next++; index < REQUESTS; index = next++) {
      const status = await ask(index)
      if (status !== expected) throw new Error(`answered ${status}`)
    }
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, client))
  return (millisecondsOf(program.pid) - before) / REQUESTS
}

/**
 * How long a process has computed, of all its threads (the kernel's sched-stats: nanoseconds). The ticks of proc(5) are too coarse: in one of them
 * the server answers who am I seventy times.
 */
function millisecondsOf(pid: number): number {
  const tasks = readdirSync(`/proc/${pid}/task`)
  const times = tasks.map((task) => Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]))
  return times.reduce((sum, time) => sum + time, 0) / 1e6
}

function codeForm(code: string): string {
  return new URLSearchParams({
    grant_type: 'authorization_code',
    code,
    redirect_uri: REDIRECT_URI,
    code_verifier: VERIFIER,
  }).toString()
}

function basic({ id, secret }: BenchApp): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` }
}

/** Codes as browsers bring them, of users who are signed in; making them is not measured. */
async function codesFor(program: Program, { id }: BenchApp, cookies: readonly string[]): Promise<string[]> {
  const query = new URLSearchParams({
    client_id: id,
    response_type: 'code',
    redirect_uri: REDIRECT_URI,
    scope: 'openid profile email',
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
  })
  const codes: string[] = []
  for (let index = 0; index < REQUESTS; index += 1) {
    const headers = { cookie: `session=${cookies[index % cookies.length]}`, host: new URL(PUBLIC_URL).host }
    const answer = await fetch(`${program.url}/oidc/auth?${query}`, { headers, redirect: 'manual' })
    await answer.text()
    const code = new URL(answer.headers.get('location') ?? 'about:blank').searchParams.get('code')
    if (code === null) throw new Error(`No code came, but ${answer.status} ${answer.headers.get('location')}`)
    codes.push(code)
  }
  return codes
}
