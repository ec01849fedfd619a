// What an app gets in a session, for tests of the services that issue and find it.
import { type GrantRequest, type OpenGrant, openGrant } from '#domain/grants/grant.service.ts'
import type { TokenKind } from '#domain/grants/grant.ts'
import { findGrantToken, type LivingToken, newTokenValue, storeGrantToken } from '#domain/grants/token.service.ts'
import { sessionRules } from '#domain/policies/evaluation/session-rules.service.ts'
import type { Context } from '#foundation/context.ts'
import { days, type Instant } from '#foundation/kernel/time.ts'
import type { SignedInContext } from './principals.ts'

const WISH: GrantRequest = { clientId: 'photos', clientName: 'Photos', payload: '{}', isOffline: false }

/** Opens the grant of this session at the app `photos`. */
export function grantIn(ctx: SignedInContext, given: Partial<GrantRequest> = {}): Promise<OpenGrant> {
  return openGrant(ctx, { ...WISH, ...given })
}

interface Wanted {
  readonly kind: TokenKind
  readonly isOffline?: boolean
  readonly expiresAt?: Instant
}

/** Issues a token of a grant and returns its value; undefined if the grant was revoked. */
export async function issueIn(
  ctx: Pick<Context, 'db' | 'now' | 'random'>,
  grantId: string,
  { kind, isOffline = false, expiresAt = ctx.now + days(30) }: Wanted,
): Promise<string | undefined> {
  const value = newTokenValue(ctx, kind)
  const isStored = await storeGrantToken(ctx, grantId, { kind, value, payload: '{}', expiresAt, isOffline })
  return isStored ? value : undefined
}

/** Returns the token if its grant lives. */
export function findIn(ctx: Context, kind: TokenKind, value: string | undefined): Promise<LivingToken | undefined> {
  return findGrantToken(ctx, { kind, value: value ?? '' }, sessionRules(ctx))
}
