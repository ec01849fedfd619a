// What is asked of the programs.
import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'

import autocannon from 'autocannon'

import { HASH, nextForm, PASSWORD } from './people.ts'
import type { BenchPerson } from './people.ts'

/** argon2id verifications a second with that many niced threads and nothing else. */
export async function rawArgon2(threads: number, milliseconds: number): Promise<number> {
  const rates = await Promise.all(Array.from({ length: threads }, () => argon2Rate(milliseconds)))
  return rates.reduce((sum, rate) => sum + rate, 0)
}

function argon2Rate(milliseconds: number): Promise<number> {
  const worker = new Worker(new URL('./argon2-worker.ts', import.meta.url), {
    workerData: { hash: HASH, password: PASSWORD, milliseconds },
  })
  return new Promise((resolve, reject) => {
    worker.once('message', (done: { count: number; milliseconds: number }) =>
      resolve((done.count * 1000) / done.milliseconds),
    )
    worker.once('error', reject)
  })
}

/** Longer than a full queue of hashes takes. */
const SETTLES_WITHIN = 500

export interface SignIns {
  readonly count: number
  readonly perSecond: number
  readonly refused: number
}

/** Sign-ins a second with that many clients, each beginning the next as soon as it has its answer. */
export async function signIns(
  url: string,
  people: BenchPerson[],
  { clients, milliseconds }: { clients: number; milliseconds: number },
): Promise<SignIns> {
  let next = 0
  const result = await autocannon({
    url: `${url}/token`,
    connections: clients,
    duration: milliseconds / 1000,
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    requests: [
      {
        setupRequest: (request) => {
          const person = people[next++ % people.length]
          // Without a form it is refused, and counted.
          return { ...request, body: person && nextForm(person) }
        },
      },
    ],
  })
  // What it was still waiting for must not slow down whoever comes next.
  await sleep(SETTLES_WITHIN)
  const count = result['2xx']
  return { count, perSecond: count / result.duration, refused: result.non2xx + result.errors }
}

/** Sends a form and reads the whole answer. */
export function post(
  url: string,
  form: string,
  agent: Agent,
  further: Readonly<Record<string, string>> = {},
): Promise<{ status: number; body: string }> {
  const type = 'application/x-www-form-urlencoded'
  const headers = { 'content-type': type, 'content-length': Buffer.byteLength(form), ...further }
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', headers, agent }, (answer) => {
      let body = ''
      answer.on('data', (text: Buffer) => (body += text.toString()))
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body }))
    })
    sent.on('error', reject)
    sent.end(form)
  })
}

/** Who-am-I requests a second, as fast as they are answered, by all these people in turn. */
export async function whoAmI(
  url: string,
  tokens: readonly string[],
  { connections, milliseconds }: { connections: number; milliseconds: number },
): Promise<number> {
  const result = await autocannon({
    url,
    connections,
    duration: milliseconds / 1000,
    requests: tokens.map((token) => ({ path: '/users/me', headers: { authorization: `Bearer ${token}` } })),
  })
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${result.non2xx + result.errors} who-am-I requests were lost`)
  return result.requests.average
}

/** Latencies of who-am-I requests sent at a fixed rate, whether or not earlier ones were answered; milliseconds, sorted. */
export async function whoAmILatencies(
  url: string,
  token: string,
  { perSecond, milliseconds }: { perSecond: number; milliseconds: number },
): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })
  const total = Math.floor((perSecond * milliseconds) / 1000)
  const begun = performance.now()
  const sent = Array.from({ length: total }, (_, index) =>
    latencyAt(begun + (index * 1000) / perSecond, url, token, agent),
  )
  const latencies = await Promise.all(sent)
  agent.destroy()
  return latencies.toSorted((a, b) => a - b)
}

async function latencyAt(moment: number, url: string, token: string, agent: Agent): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, moment - performance.now())))
  // From the moment it was due, so that a stall is not hidden by what it delays.
  await new Promise<void>((resolve, reject) => {
    const sent = request(`${url}/users/me`, { headers: { authorization: `Bearer ${token}` }, agent }, (answer) => {
      answer.resume()
      answer.on('end', () =>
        answer.statusCode === 200 ? resolve() : reject(new Error(`answered ${answer.statusCode}`)),
      )
    })
    sent.on('error', reject)
    sent.end()
  })
  return performance.now() - moment
}

export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

export function median(values: readonly number[]): number {
  return quantile(
    values.toSorted((a, b) => a - b),
    0.5,
  )
}
