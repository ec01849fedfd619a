// Better Auth, the peer: installs it in bench/better-auth at first use and writes the same users into its database.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { toBase32 } from '#domain/factors/totp/base32.ts'
import { install } from '../scripts/install.mjs'
import { type BenchPerson, PASSWORD, SIGNED_IN } from './people.ts'

const FOLDER = join(import.meta.dirname, 'better-auth')

const { dependencies } = JSON.parse(readFileSync(join(FOLDER, 'package.json'), 'utf8')) as {
  dependencies: { 'better-auth': string }
}
export const BETTER_AUTH_VERSION = dependencies['better-auth']

/** Writes the users into a new database of Better Auth. Returns the cookies of the signed-in users. */
export async function seedBetterAuth(people: readonly BenchPerson[], path: string): Promise<string[]> {
  await install(FOLDER, { what: 'Better Auth, which the bench measures beside Doorward' })
  const { seed } = await import('./better-auth/seed.js')
  const users = people.map(({ username, secret }) => ({ username, base32Secret: toBase32(secret) }))
  return seed(path, users, { password: PASSWORD, signedIn: SIGNED_IN })
}
