// Generates the load for the programs.
import autocannon from 'autocannon'
import { once } from 'node:events'
import { Agent, type IncomingMessage, request, type RequestOptions } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'

import { closedLoop } from './paced.ts'
import { type BenchPerson, HASH, PASSWORD } from './people.ts'
import { DOORWARD, type Protocol } from './protocols.ts'

/** Returns argon2id verifications a second with `threads` niced threads and no other work. */
export async function rawArgon2(threads: number, milliseconds: number): Promise<number> {
  const workerData = { hash: HASH, password: PASSWORD, milliseconds }
  const rates = Array.from({ length: threads }, async () => {
    const worker = new Worker(new URL('./argon2-worker.ts', import.meta.url), { workerData })
    const [done] = (await once(worker, 'message')) as [{ count: number; milliseconds: number }]
    return (done.count * 1000) / done.milliseconds
  })
  return (await Promise.all(rates)).reduce((sum, rate) => sum + rate, 0)
}

/** Sign-ins with `clients` clients. Each begins further ones until the time is over; all that were begun are finished. */
export async function signIns(
  url: string,
  people: readonly BenchPerson[],
  { clients, milliseconds }: { clients: number; milliseconds: number },
  { signIn }: Protocol = DOORWARD,
) {
  const agent = new Agent({ keepAlive: true, maxSockets: clients })
  const begun = performance.now()
  const outcomes: boolean[] = []
  let next = 0
  await closedLoop(clients, milliseconds, async () => {
    const person = people[next++ % people.length]
    outcomes.push(person !== undefined && (await signIn(url, person, agent)))
  })
  const seconds = (performance.now() - begun) / 1000
  agent.destroy()
  const count = outcomes.filter((isSignedIn) => isSignedIn).length
  return { count, perSecond: count / seconds, refused: outcomes.length - count }
}

/** Returns who-am-I requests a second for all these sessions in turn, each sent when the one before was answered. */
export async function whoAmI(
  url: string,
  tokens: readonly string[],
  { connections, milliseconds }: { connections: number; milliseconds: number },
  protocol: Protocol = DOORWARD,
): Promise<number> {
  const result = await autocannon({
    url,
    connections,
    duration: milliseconds / 1000,
    requests: tokens.map((token) => ({ path: protocol.whoAmI, headers: protocol.credential(token) })),
  })
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${result.non2xx + result.errors} who-am-I requests were lost`)
  return result.requests.average
}

/** Returns the latencies of who-am-I requests sent at a fixed rate, whether or not earlier ones were answered; milliseconds, sorted. */
export async function whoAmILatencies(
  url: string,
  token: string,
  { perSecond, milliseconds }: { perSecond: number; milliseconds: number },
  protocol: Protocol = DOORWARD,
): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })
  const options = { headers: protocol.credential(token), agent }
  const total = Math.floor((perSecond * milliseconds) / 1000)
  const begun = performance.now()
  const sent = Array.from({ length: total }, (_, index) =>
    latencyAt(begun + (index * 1000) / perSecond, `${url}${protocol.whoAmI}`, options),
  )
  const latencies = await Promise.all(sent)
  agent.destroy()
  return latencies.toSorted((a, b) => a - b)
}

/** Measured from the time at which the request is due, so that a stall also counts for the requests that it delays (coordinated omission). */
async function latencyAt(moment: number, url: string, options: RequestOptions): Promise<number> {
  await sleep(Math.max(0, moment - performance.now()))
  const [answer] = (await once(request(url, options).end(), 'response')) as [IncomingMessage]
  await once(answer.resume(), 'end')
  if (answer.statusCode !== 200) throw new Error(`answered ${answer.statusCode}`)
  return performance.now() - moment
}

export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return quantile(sorted, 0.5)
}
