// Contexts for calling services without HTTP, as the operator or as a user with a session.
import type { TestContext } from 'node:test'

import { sessionRulesOf } from '#domain/policies/evaluation/session-rules.service.ts'
import { startSession } from '#domain/sessions/session.service.ts'
import type { Context, WithSession } from '#foundation/context.ts'
import type { PrincipalUser, SessionPrincipal } from '#foundation/kernel/principal.ts'
import { hashOf } from '#foundation/kernel/secret-token.ts'
import type { Secret } from '#foundation/kernel/secret.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import { systemClock } from '#foundation/platform/clock.ts'
import { loadConfig } from '#foundation/platform/config/config.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import { newLogger } from '#foundation/platform/logging/logger.ts'
import { systemOutbound } from '#foundation/platform/network/outbound.ts'
import { newKnownPasswords } from '#foundation/platform/passwords/known-passwords.ts'
import { newPasswordHasher } from '#foundation/platform/passwords/password-hasher.ts'
import { contextOn, STRANGER } from '../databases/stores.ts'
import { temporaryFolder } from '../databases/temporary.ts'

export const OPERATOR = { kind: 'operator', source: STRANGER.source } as const

/** All dependencies, with cheap hash parameters; the principal is the operator unless given. */
export async function wholeContext(t: TestContext, db: Database, given: Partial<Context> = {}): Promise<Context> {
  const cheap = { hash_memory: '64', hash_passes: '1', hash_workers: '1' }
  const { config } = loadConfig({
    flags: { ...cheap, data_dir: await temporaryFolder(t) },
    env: {},
    readFile: () => undefined,
  })
  const hasher = newPasswordHasher(config.hash)
  t.after(() => hasher.close())
  const log = newLogger({ logLevel: 'silent' })
  const knownPasswords = newKnownPasswords({ url: null, clock: systemClock(), log })
  return {
    ...contextOn(db, { principal: OPERATOR }),
    hasher,
    knownPasswords,
    config,
    log,
    outbound: systemOutbound,
    ...given,
  }
}

/** The same context as that of a request of this user, in a session that began at that instant. */
export async function signedInAs(
  ctx: Context,
  user: PrincipalUser,
  startedAt: Instant = ctx.now,
): Promise<SignedInContext> {
  const { session } = await startSession(
    { ...ctx, now: startedAt },
    { user, methods: ['password', 'totp'], transport: 'bearer' },
  )
  const principal: SessionPrincipal = {
    kind: 'session',
    source: ctx.principal.source,
    user,
    session,
    terms: await sessionRulesOf(ctx, user),
  }
  return { ...ctx, principal }
}

/** The same session with the token that a change of credentials has given it. */
export function under<Ctx extends SignedInContext>(ctx: Ctx, token: Secret): Ctx {
  const { principal } = ctx
  return { ...ctx, principal: { ...principal, session: { ...principal.session, tokenHash: hashOf(token) } } }
}

export type SignedInContext = WithSession<keyof Context>
