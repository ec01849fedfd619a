// Whether the time of a refusal tells what kind of user was tried: interleaved samples, compared by ranks.
import { randomBytes } from 'node:crypto'
import { Agent } from 'node:http'
import { join } from 'node:path'

import { openApplication, OPERATOR } from '../src/entry/boot.ts'
import { contextFor, inTransaction } from '../src/foundation/context.ts'
import type { Context } from '../src/foundation/context.ts'
import { addConfirmedTotp } from '../src/domain/factors/totp/totp.service.ts'
import { Secret } from '../src/foundation/kernel/secret.ts'
import { loadConfig } from '../src/foundation/platform/config/config.ts'
import { updateUser, insertUser } from '../src/domain/users/user.service.ts'
import type { User } from '../src/domain/users/user.ts'
import { HASH } from './people.ts'
import { startDoorward } from './programs.ts'
import { post } from './protocols.ts'
import type { Row } from './table.ts'

/** Who is tried with a wrong password. */
const KINDS = ['unknown', 'known', 'disabled', 'factorless'] as const
type Kind = (typeof KINDS)[number]

/** Tries after which a name has to wait. */
const FREE_TRIES = 5

interface Options {
  /** Tries of each kind. */
  readonly samples: number
  readonly folder: string
  readonly say: (text: string) => void
}

/** The greatest distance between unknown names and any kind of user: 0 when no time tells, 0.5 when each one does. */
export async function measureClasses({ samples, folder, say }: Options): Promise<Row[]> {
  const settings = {
    data_dir: join(folder, 'classes'),
    database_url: `sqlite:${join(folder, 'classes.db')}`,
    // So that each try comes from a network of its own.
    trusted_proxies: '127.0.0.1',
  }
  await seed(settings, samples)
  const program = await startDoorward(settings)
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  let tries = 0
  const timeOf = async (username: string, wanted?: number): Promise<number> => {
    tries += 1
    const network = `10.${(tries >> 16) & 255}.${(tries >> 8) & 255}.${tries & 255}`
    const begun = performance.now()
    const { status } = await post(`${program.url}/token`, `username=${username}&password=not+hers000000`, agent, {
      'x-forwarded-for': network,
    })
    if (wanted !== undefined && status !== wanted)
      throw new Error(`${username} was answered ${status} and not ${wanted}`)
    return performance.now() - begun
  }
  say('Times of refusals by kind of user')
  const wrong = await sampled(KINDS, samples, (kind, index) => timeOf(`${kind}${index}`, 401))
  // Some names that nobody has share a bucket, and close sooner.
  const names = Math.ceil(samples / 10)
  for (let index = 0; index < names; index += 1)
    for (const kind of ['unknown', 'known'] as const)
      for (let guess = 1; guess < FREE_TRIES; guess += 1) await timeOf(`${kind}${index}`)
  const waiting = await sampled(['unknown', 'known'], samples, (kind, index) => timeOf(`${kind}${index % names}`, 429))
  agent.destroy()
  await program.stop()
  return [rowOf('refused', wrong, samples), rowOf('told to wait', waiting, samples)]
}

async function seed(settings: Readonly<Record<string, string>>, count: number): Promise<void> {
  const { config } = loadConfig({ flags: { ...settings, log_level: 'error' }, env: {} })
  const doorward = await openApplication(config, { createDatabase: true })
  const ctx = contextFor(doorward, OPERATOR)
  await inTransaction(ctx, async (tx) => {
    for (let index = 0; index < count; index += 1) {
      const hashedPassword = Secret.of(HASH)
      await insertUser(tx, { username: `factorless${index}`, role: 'user', hashedPassword })
      await withApp(tx, `known${index}`, hashedPassword)
      await updateUser(tx, await withApp(tx, `disabled${index}`, hashedPassword), { disabled: true })
    }
  })
  await doorward.close()
}

async function withApp(tx: Context, username: string, hashedPassword: Secret): Promise<User> {
  const user = await insertUser(tx, { username, role: 'user', hashedPassword, secondFactorAt: tx.now })
  const id = tx.newId()
  const sealedSecret = tx.keyring.seal(randomBytes(20), { subject: user.subject, factorId: id })
  await addConfirmedTotp(tx, { id, subject: user.subject, sealedSecret, step: null })
  return user
}

type Times = ReadonlyMap<Kind, readonly number[]>

/** One of each kind in turn, in another order each time. */
async function sampled(
  kinds: readonly Kind[],
  samples: number,
  take: (kind: Kind, index: number) => Promise<number>,
): Promise<Times> {
  const times = new Map<Kind, number[]>(kinds.map((kind) => [kind, []]))
  for (let index = 0; index < samples; index += 1) {
    const turn = index % kinds.length
    for (const kind of [...kinds.slice(turn), ...kinds.slice(0, turn)]) times.get(kind)?.push(await take(kind, index))
  }
  return times
}

function rowOf(what: string, times: Times, samples: number): Row {
  const unknown = times.get('unknown') ?? []
  const others = [...times].filter(([kind]) => kind !== 'unknown')
  const shares = others.map(([kind, own]) => ({ kind, share: shareSlower(own, unknown) }))
  return {
    what: `how far the time tells who was ${what}, of 0.5`,
    measured: Math.max(...shares.map(({ share }) => Math.abs(share - 0.5))),
    // Three standard deviations of the share of two alike classes (Mann and Whitney): what is below is chance.
    target: Number((3 * Math.sqrt((2 * samples + 1) / (12 * samples ** 2))).toFixed(3)),
    better: 'less',
    note: shares.map(({ kind, share }) => `${kind} slower than unknown in ${(share * 100).toFixed(1)} %`).join(', '),
  }
}

/** In how many of all pairs the first is the slower one. */
function shareSlower(ones: readonly number[], others: readonly number[]): number {
  const sorted = others.toSorted((a, b) => a - b)
  const below = ones.reduce((sum, one) => {
    const least = sorted.findIndex((other) => other >= one)
    return sum + (least < 0 ? sorted.length : least)
  }, 0)
  return below / (ones.length * others.length)
}
