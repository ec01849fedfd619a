// Replaces the token of a session, so that a copy of the old token stops working at once.
import type { With } from '#foundation/context.ts'
import type { SessionFacts } from '#foundation/kernel/principal.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import { hashOf, newSecretToken } from '#foundation/kernel/secret-token.ts'
import type { Secret } from '#foundation/kernel/secret.ts'
import { type RenewedRow, renewSession } from './session.queries.ts'
import { TOKEN_PREFIX } from './session.ts'

/**
 * Records a re-authentication (step-up) with the factors verified now, in order, and replaces the token of the session, so that a copy of
 * the old token does not gain the new assurance (session fixation). Returns the new token; undefined if the session has ended since.
 */
export async function recordReauthentication(
  ctx: With<'db' | 'now' | 'random'>,
  { session, methods }: { session: SessionFacts; methods: readonly string[] },
): Promise<Secret | undefined> {
  return renewToken(ctx, session, {
    authenticated_at: ctx.now,
    authentication_methods: methods.join(' '),
    methods: [...new Set([...session.methods, ...methods])].join(' '),
  })
}

/**
 * Moves a session to the new credential epoch of its user and replaces its token, so that a copy of the old token ends like each other
 * session (OWASP ASVS 7.2.4). Returns the new token. Throws `access.invalid_token` if the session has ended since.
 */
export async function renewForNewEpoch(
  ctx: With<'db' | 'random'>,
  session: SessionFacts,
  epoch: number,
): Promise<Secret> {
  const token = await renewToken(ctx, session, { epoch })
  if (token === undefined) throw new Refusal('access.invalid_token')
  return token
}

async function renewToken(
  ctx: With<'db' | 'random'>,
  { tokenHash, transport }: SessionFacts,
  changes: Omit<RenewedRow, 'token_hash'>,
): Promise<Secret | undefined> {
  const token = newSecretToken(ctx.random, TOKEN_PREFIX[transport])
  const renewed = await renewSession(ctx.db, tokenHash, { ...changes, token_hash: hashOf(token) })
  return renewed ? token : undefined
}
