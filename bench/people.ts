// The users of every contestant, each with the same password and an authenticator app.
import { hashSync } from '@node-rs/argon2'
import { hash, randomBytes } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'

import { addConfirmedTotp } from '#domain/factors/totp/totp.service.ts'
import { totpCode, totpStep } from '#domain/factors/totp/totp.ts'
import { startSession } from '#domain/sessions/session.service.ts'
import { insertUser } from '#domain/users/user.service.ts'
import type { User } from '#domain/users/user.ts'
import { type Application, openApplication, OPERATOR } from '#entry/boot.ts'
import { type Context, contextFor, inTransaction } from '#foundation/context.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { loadConfig } from '#foundation/platform/config/config.ts'

export const PASSWORD = 'three calm words'
export const HASH = hashSync(PASSWORD, { memoryCost: 19_456, timeCost: 2, parallelism: 1 })

export interface BenchPerson {
  readonly username: string
  readonly secret: Uint8Array
  /** The TOTP step of the last sign-in. */
  step: number
}

export function newPeople(count: number): BenchPerson[] {
  return Array.from({ length: count }, (_, index) => ({ username: `person${index}`, secret: randomBytes(20), step: 0 }))
}

/** The number of signed-in users; who-am-I requests use their sessions in turn. */
export const SIGNED_IN = 5000

export type Settings = Readonly<Record<string, string>>

/** Opens a Doorward database in this process, and creates it if it is missing. */
export function openWithSettings(settings: Settings): Promise<Application> {
  const { config } = loadConfig({ flags: { ...settings, log_level: 'error' }, env: {} })
  return openApplication(config, { createDatabase: true })
}

/** Inserts a user with an authenticator app. */
export async function insertPerson(
  tx: Context,
  { username, secret, hash: hashed }: Pick<BenchPerson, 'username' | 'secret'> & { readonly hash: string },
): Promise<User> {
  const hashedPassword = Secret.of(hashed)
  const user = await insertUser(tx, { username, role: 'user', hashedPassword, secondFactorAt: tx.now })
  const id = tx.newId()
  const sealedSecret = tx.keyring.seal(secret, { subject: user.subject, factorId: id })
  await addConfirmedTotp(tx, { id, subject: user.subject, sealedSecret, step: null })
  return user
}

/** Writes the users into a Doorward database with its own services. Returns the access tokens of the signed-in users. */
export async function seedDoorward(people: readonly BenchPerson[], settings: Settings): Promise<string[]> {
  await using doorward = await openWithSettings(settings)
  const ctx = contextFor(doorward, OPERATOR)
  const tokens: string[] = []
  for (let first = 0; first < people.length; first += 1000) {
    await inTransaction(ctx, async (tx) => {
      for (const { username, secret } of people.slice(first, first + 1000)) {
        const user = await insertPerson(tx, { username, secret, hash: HASH })
        if (tokens.length >= SIGNED_IN) continue
        const { token } = await startSession(tx, { user, methods: ['password', 'totp'], transport: 'bearer' })
        tokens.push(token.reveal())
      }
    })
  }
  return tokens
}

/** Writes the users into the floor's database. Returns the access tokens of the signed-in users. */
export function seedFloor(people: readonly BenchPerson[], path: string): string[] {
  const db = new DatabaseSync(path)
  db.exec(`create table if not exists users (id integer primary key, username text unique, hash text, secret blob, last_step integer);
    create table if not exists sessions (token_hash text primary key, user_id integer, at integer);
    begin`)
  const insert = db.prepare('insert into users (username, hash, secret) values (?, ?, ?)')
  for (const { username, secret } of people) insert.run(username, HASH, secret)
  const remember = db.prepare('insert into sessions (token_hash, user_id, at) values (?, ?, ?)')
  const tokens = Array.from({ length: Math.min(SIGNED_IN, people.length) }, () => randomBytes(32).toString('base64url'))
  tokens.forEach((token, index) => remember.run(hash('sha256', token), index + 1, Date.now()))
  db.exec('commit')
  db.close()
  return tokens
}

/** The code of the next sign-in; empty, and therefore refused, if every code of the current window is consumed. */
export function nextCode(person: BenchPerson): string {
  const current = totpStep(Date.now())
  const step = Math.max(person.step + 1, current)
  if (step > current + 1) return ''
  person.step = step
  return totpCode(person.secret, step)
}
