// Signed-in people who can be replaced: for tests that send so much nonsense that now and then it ends somebody's session.
import { randomBytes } from 'node:crypto'

import type { Transport, Role } from '../../../src/foundation/kernel/principal.ts'
import { startSession } from '../../../src/domain/sessions/session.service.ts'
import { insertUser } from '../../../src/domain/users/user.service.ts'
import type { User } from '../../../src/domain/users/user.ts'
import type { Server } from '../server/start.ts'

export interface StandIn {
  readonly user: User
  readonly token: string
  readonly sessionId: string
}

/** Somebody new, signed in just now. An admin without `secondFactor` has the role and may do nothing with it. */
export async function standIn(
  server: Server,
  role: Role,
  { transport = 'bearer', secondFactor = true }: { transport?: Transport; secondFactor?: boolean } = {},
): Promise<StandIn> {
  const ctx = server.operator()
  const username = `${role}-${randomBytes(6).toString('hex')}`
  const user = await insertUser(ctx, { username, role, secondFactorAt: secondFactor ? ctx.now : null })
  const { token, session } = await startSession(ctx, { user, methods: ['password', 'totp'], transport })
  return { user, token: token.reveal(), sessionId: session.id }
}

/** One user and one admin at a time; `replace` when one may be spoilt. */
export class StandIns {
  readonly #server: Server
  readonly #people = new Map<Role, Promise<StandIn>>()

  constructor(server: Server) {
    this.#server = server
  }

  of(role: Role): Promise<StandIn> {
    const known = this.#people.get(role) ?? standIn(this.#server, role)
    this.#people.set(role, known)
    return known
  }

  replace(role: Role): void {
    this.#people.delete(role)
  }
}
