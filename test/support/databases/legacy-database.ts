// A database file as the legacy app leaves it: one table, plaintext TOTP secrets, bcrypt hashes, unchecked values.
import { hash } from '@node-rs/bcrypt'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { TestContext } from 'node:test'

import { toBase32 } from '#domain/factors/totp/base32.ts'
import { count } from '../runner/cost.ts'
import { temporaryFolder } from './temporary.ts'

export interface LegacyUser {
  readonly id: number
  readonly email: string | null
  readonly username: string
  readonly fullName: string | null
  readonly password: string
  /** The setup key in base32, which the legacy app stores in plaintext. */
  readonly secret: string
  readonly disabled: boolean
  readonly role: 'admin' | 'user'
}

/** The lowest cost that bcrypt takes; the legacy app used 12. */
const CHEAP_COST = 4

const COLUMNS = ['id', 'email', 'username', 'full_name', 'hashed_password', 'otp_secret', 'disabled', 'role'] as const

export type LegacyRow = Record<(typeof COLUMNS)[number], string | number | null>

/** The users after the recorded requests: the first admin was inserted externally, the others by `POST /users/`. */
export const LEGACY_USERS: readonly LegacyUser[] = [
  // The tutorial shows a key of 80 bits; the keys that the legacy app generates have 160.
  { ...user(1, 'johndoe', 'secret', { fullName: 'John Doe', role: 'admin' }), secret: setupKeyOf('johndoe', 10) },
  user(2, 'alice', 'alicepw', { fullName: 'Alice Example' }),
  user(3, 'bob', 'bobpw', { role: 'admin' }),
  user(4, 'carol2', 'carolpw', { email: null, fullName: 'Carol Renamed' }),
  user(5, 'dave', 'davepw', { email: null, disabled: true }),
  user(6, 'erin', 'erinpw'),
  user(7, 'frank', 'frankpw', { email: 'not an e-mail' }),
  user(8, 'jürgen', 'pässwörd', { email: 'j@example.com', fullName: 'Jürgen Ω' }),
  user(9, '', '', { email: 'empty@example.com' }),
  user(10, 'longpw', 'x'.repeat(100)),
  user(11, 'x5', 'p', { email: null }),
]

/** Two users whose names differ only in case, which the legacy app allowed. */
export const COLLIDING_USERS: readonly LegacyUser[] = [
  user(1, 'Ada', 'the first of them', { role: 'admin', email: 'ada@example.com' }),
  user(2, 'ada', 'the second of them', { email: 'Ada@Example.com' }),
]

type Rest = Partial<Pick<LegacyUser, 'email' | 'fullName' | 'disabled' | 'role'>>

function user(id: number, username: string, password: string, rest: Rest = {}): LegacyUser {
  const email = `${username}@example.com`
  const secret = setupKeyOf(`${id} ${username}`, 20)
  return { id, username, password, email, fullName: null, disabled: false, role: 'user', secret, ...rest }
}

/** A setup key derived from the name: so many bytes, the same in each run. */
export function setupKeyOf(name: string, bytes: number): string {
  return toBase32(createHash('sha256').update(`authenticator of ${name}`).digest().subarray(0, bytes))
}

/** Writes such a file into a folder that is removed with the test; returns its path. */
export async function legacyDatabase(
  t: TestContext,
  { users = LEGACY_USERS, cost = CHEAP_COST }: { users?: readonly LegacyUser[]; cost?: number } = {},
): Promise<string> {
  count('databases')
  const path = join(await temporaryFolder(t), 'twofactor_app.db')
  const hashes = await Promise.all(users.map(({ password }) => hash(password, cost)))
  const db = new DatabaseSync(path)
  db.exec(`
    create table users (
      id integer not null,
      email varchar,
      username varchar,
      full_name varchar,
      hashed_password varchar,
      otp_secret varchar,
      disabled boolean,
      role varchar(5),
      primary key (id)
    );
    create unique index ix_users_email on users (email);
    create unique index ix_users_username on users (username);
    create index ix_users_id on users (id)`)
  const insert = db.prepare(`insert into users (${COLUMNS.join(', ')}) values (?, ?, ?, ?, ?, ?, ?, ?)`)
  for (const [index, one] of users.entries()) {
    const { id, email, username, fullName, secret, disabled, role } = one
    insert.run(id, email, username, fullName, hashes[index] ?? null, secret, disabled ? 1 : 0, role)
  }
  db.close()
  return path
}

/** The eight columns of every row, ordered by id, read without any code of the product. */
export function legacyRows(path: string): LegacyRow[] {
  const db = new DatabaseSync(path, { readOnly: true })
  try {
    const rows = db.prepare(`select ${COLUMNS.join(', ')} from users order by id`).all() as LegacyRow[]
    return rows.map((row) => ({ ...row }))
  } finally {
    db.close()
  }
}
