// Signed-in users that can be replaced: for tests whose malformed requests sometimes end a user's session.
import { randomBytes } from 'node:crypto'

import { startSession } from '#domain/sessions/session.service.ts'
import { insertUser } from '#domain/users/user.service.ts'
import type { User } from '#domain/users/user.ts'
import type { BuiltInRole, Transport } from '#foundation/kernel/principal.ts'
import type { Server } from '../server/start.ts'

export interface SignedInUser {
  readonly user: User
  readonly token: string
  readonly sessionId: string
}

/** Inserts a user with a session. An admin without `secondFactor` has the role and none of its permissions. */
export async function newSignedInUser(
  server: Server,
  role: string,
  { transport = 'bearer', secondFactor = true }: { transport?: Transport; secondFactor?: boolean } = {},
): Promise<SignedInUser> {
  const ctx = server.operator()
  const username = `${role}-${randomBytes(6).toString('hex')}`
  const user = await insertUser(ctx, { username, role, secondFactorAt: secondFactor ? ctx.now : null })
  const { token, session } = await startSession(ctx, { user, methods: ['password', 'totp'], transport })
  return { user, token: token.reveal(), sessionId: session.id }
}

/** One user and one admin at a time; `replace` discards one whose session or account is no longer usable. */
export class ReplaceableUsers {
  readonly #server: Server
  readonly #people = new Map<BuiltInRole, Promise<SignedInUser>>()

  constructor(server: Server) {
    this.#server = server
  }

  of(role: BuiltInRole): Promise<SignedInUser> {
    const known = this.#people.get(role) ?? newSignedInUser(this.#server, role)
    this.#people.set(role, known)
    return known
  }

  replace(role: BuiltInRole): void {
    this.#people.delete(role)
  }
}
