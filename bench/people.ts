// The same people for every contestant: one password, an authenticator app each.
import { randomBytes } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'

import { hashSync } from '@node-rs/argon2'

import { openDoorward, OPERATOR } from '../src/boot.ts'
import { contextFor, inTransaction } from '../src/context.ts'
import { addConfirmedTotp } from '../src/factors/totp/totp.service.ts'
import { totpCode, totpStep } from '../src/factors/totp/totp.ts'
import { Secret } from '../src/kernel/secret.ts'
import { loadConfig } from '../src/platform/config.ts'
import { createUser } from '../src/users/user.service.ts'

export const PASSWORD = 'three calm words'
export const HASH = hashSync(PASSWORD, { memoryCost: 19_456, timeCost: 2, parallelism: 1 })

export interface BenchPerson {
  readonly username: string
  readonly secret: Uint8Array
  /** The last step they signed in with. */
  step: number
}

export function newPeople(count: number): BenchPerson[] {
  return Array.from({ length: count }, (_, index) => ({ username: `person${index}`, secret: randomBytes(20), step: 0 }))
}

/** Writes them into a Doorward database, through its own services. */
export async function seedDoorward(people: readonly BenchPerson[], settings: Readonly<Record<string, string>>): Promise<void> {
  const { config } = loadConfig({ flags: { ...settings, log_level: 'error' }, env: {} })
  const doorward = await openDoorward(config, { createDatabase: true })
  const ctx = contextFor(doorward, OPERATOR)
  const now = Date.now()
  for (let first = 0; first < people.length; first += 1000) {
    await inTransaction(ctx, async (tx) => {
      for (const { username, secret } of people.slice(first, first + 1000)) {
        const user = await createUser(tx, { username, role: 'user', hashedPassword: Secret.of(HASH), secondFactorAt: now })
        const id = tx.newId()
        const sealedSecret = tx.keyring.seal(secret, { subject: user.subject, factorId: id })
        await addConfirmedTotp(tx, { id, subject: user.subject, sealedSecret, step: null })
      }
    })
  }
  await doorward.close()
}

/** Writes them into the floor's database. */
export function seedFloor(people: readonly BenchPerson[], path: string): void {
  const db = new DatabaseSync(path)
  db.exec('create table if not exists users (id integer primary key, username text unique, hash text, secret blob, last_step integer); begin')
  const insert = db.prepare('insert into users (username, hash, secret) values (?, ?, ?)')
  for (const { username, secret } of people) insert.run(username, HASH, secret)
  db.exec('commit')
  db.close()
}

/** The form of their next sign-in; undefined when they have used up every code of the present window. */
export function nextForm(person: BenchPerson): string | undefined {
  const present = totpStep(Date.now())
  const step = Math.max(person.step + 1, present)
  if (step > present + 1) return undefined
  person.step = step
  return `username=${person.username}&password=${encodeURIComponent(PASSWORD)}${totpCode(person.secret, step)}`
}
