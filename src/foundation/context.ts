import type { AuthenticatedPrincipal, Principal, SessionPrincipal } from '#foundation/kernel/principal.ts'
import type { RandomBytes } from '#foundation/kernel/secret-token.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import type { Clock } from '#foundation/platform/clock.ts'
import type { Config } from '#foundation/platform/config/types.ts'
import type { Keyring } from '#foundation/platform/crypto/keyring.ts'
import type { Database, Transaction } from '#foundation/platform/database/database.ts'
import { runInTransaction } from '#foundation/platform/database/transaction.ts'
import type { WriteProbe } from '#foundation/platform/database/write-probe.ts'
import type { Limits } from '#foundation/platform/limits.ts'
import type { Logger } from '#foundation/platform/logging/logger.ts'
import type { Outbound } from '#foundation/platform/network/outbound.ts'
import type { KnownPasswords } from '#foundation/platform/passwords/known-passwords.ts'
import type { PasswordHasher } from '#foundation/platform/passwords/password-hasher.ts'

/** Every dependency that a function may ask for; a function lists those that it uses, as in `With<'db' | 'now'>`. */
export interface Context {
  readonly db: Database
  /** The time of this request or command, read once. */
  readonly now: Instant
  /** A new UUIDv7 (RFC 9562 §5.7) as text. */
  readonly newId: () => string
  readonly random: RandomBytes
  readonly hasher: PasswordHasher
  readonly knownPasswords: KnownPasswords
  readonly keyring: Keyring
  readonly config: Config
  readonly log: Logger
  readonly limits: Limits
  readonly outbound: Outbound
  readonly principal: Principal
}

export type With<Field extends keyof Context> = Pick<Context, Field>

/** The dependencies of a request that acts as a user, in a session or with an API token. */
export type WithAuthenticated<Field extends keyof Context = 'principal'> = Omit<With<Field>, 'principal'> & {
  readonly principal: AuthenticatedPrincipal
}

/** The dependencies of a request in a session, for functions that use the session or its authentication time. */
export type WithSession<Field extends keyof Context = 'principal'> = Omit<With<Field>, 'principal'> & {
  readonly principal: SessionPrincipal
}

/**
 * The same dependencies inside a transaction, which only `inTransaction` and what is made of it begin. A function that writes more than one
 * row, or that locks one, asks for it.
 */
export type InTransaction<Ctx> = Ctx & { readonly db: Transaction }

/**
 * Runs `work` in one transaction: with the same context and another `db`. `work` must use the context that it is passed: on SQLite,
 * awaiting the outer `db` inside the transaction is a deadlock. Hashing, mail and HTTP requests stay outside. If PostgreSQL reports a
 * serialization failure or a deadlock, `work` runs again, so its queries must be its only effects.
 */
export function inTransaction<Ctx extends With<'db'>, Result>(
  ctx: Ctx,
  work: (tx: InTransaction<Ctx>) => Promise<Result>,
): Promise<Result> {
  return runInTransaction(ctx.db, (db) => work({ ...ctx, db }))
}

/** The dependencies of one running program, from which each request or command makes its context. */
export type Dependencies = Omit<Context, 'now' | 'principal'> & {
  readonly clock: Clock
  readonly writeProbe: WriteProbe
}

/** The context of one request or command: the dependencies, the time and the principal. */
export function contextFor(deps: Dependencies, principal: Principal): Context {
  const { db, newId, random, hasher, knownPasswords, keyring, config, log, limits, outbound, clock } = deps
  const now = clock.now()
  return { db, now, newId, random, hasher, knownPasswords, keyring, config, log, limits, outbound, principal }
}
