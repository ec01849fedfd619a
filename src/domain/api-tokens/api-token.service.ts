// API tokens: a script authenticates with a token as its user, limited to the token's scopes.
import { recordEvent } from '#domain/audit/audit.service.ts'
import { isShutOut } from '#domain/users/account-expiry.service.ts'
import { userFromRow } from '#domain/users/user-row.ts'
import { type InTransaction, inTransaction, type With } from '#foundation/context.ts'
import type { Permission, PrincipalUser, Scope, TokenFacts } from '#foundation/kernel/principal.ts'
import { Refusal, requireNoFieldErrors } from '#foundation/kernel/refusal.ts'
import { hashOf, newSecretToken } from '#foundation/kernel/secret-token.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { CLOCK_TOLERANCE, days, type Instant, toRfc3339 } from '#foundation/kernel/time.ts'
import { versionsInRow } from '#foundation/platform/database/user-policies.ts'
import * as queries from './api-token.queries.ts'
import {
  type ApiToken,
  apiTokenStatus,
  fieldErrorsInToken,
  mayUseTokens,
  type MeetsPolicy,
  scopesFor,
  scopesIn,
  TOKENS_MAXIMUM,
  type WantedToken,
} from './api-token.ts'

const PREFIX = 'dwp_'
/** Rows of ended tokens are kept this long for investigations; then a job deletes them. */
const KEPT_AFTER_END = days(7)

type Recording = With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal'>

export interface IssuedApiToken {
  readonly apiToken: ApiToken
  /** Shown once, in the answer to its creation; only its hash is stored. */
  readonly token: Secret
}

/**
 * Creates a token of this user. The transaction has written the user's row, whose lock makes parallel creations count one after the other
 * (write skew). Throws `request.validation_failed`, `api_token.unusable` or `api_token.too_many`.
 */
export async function issueApiToken(
  ctx: InTransaction<Recording>,
  user: PrincipalUser,
  wanted: WantedToken,
  meetsPolicy: boolean,
): Promise<IssuedApiToken> {
  requireNoFieldErrors(fieldErrorsInToken(wanted, user, ctx.now))
  if (!mayUseTokens(user, meetsPolicy)) throw new Refusal('api_token.unusable')
  const living = await listApiTokens(ctx, user.subject)
  if (living.length >= TOKENS_MAXIMUM) throw new Refusal('api_token.too_many')
  const token = newSecretToken(ctx.random, PREFIX)
  const apiToken = {
    id: ctx.newId(),
    subject: user.subject,
    name: wanted.name.normalize('NFC').trim(),
    scopes: scopesFor(user).filter((scope) => wanted.scopes.includes(scope)),
    createdAt: ctx.now,
    expiresAt: wanted.expiresAt,
    lastUsedAt: null,
    revokedAt: null,
    hostId: wanted.hostId ?? null,
  }
  await queries.insertApiToken(ctx.db, apiToken, hashOf(token))
  const { id, name, scopes, expiresAt } = apiToken
  const { hostId } = apiToken
  const details = {
    token: id,
    name,
    scopes: scopes.join(' '),
    expires_at: toRfc3339(expiresAt),
    ...(hostId !== null && { host_id: hostId }),
  }
  await recordEvent(ctx, { action: 'api_token.created', target: user.subject, details })
  return { apiToken, token }
}

export interface ResolvedApiToken {
  readonly user: PrincipalUser
  readonly token: TokenFacts
  readonly dueForTouch: boolean
}

/** Whether a bearer token has the form of an API token, valid or not. */
export function isApiToken(token: string): boolean {
  return token.startsWith(PREFIX)
}

/**
 * Returns the user and the facts of an API token. Undefined if the token is unknown, revoked or expired, or if its user is deleted,
 * disabled, expired or without a required second factor.
 */
export async function resolveApiToken(
  ctx: With<'db' | 'now'>,
  token: string,
  meetsPolicy: MeetsPolicy,
): Promise<ResolvedApiToken | undefined> {
  return resolveApiTokenByHash(ctx, { tokenHash: hashOf(Secret.of(token)) }, meetsPolicy)
}

/** Returns the same for a token that was made for this protected host. One for the API, or for another host, is unknown here. */
export async function resolveHostToken(
  ctx: With<'db' | 'now'>,
  { token, hostId }: { readonly token: string; readonly hostId: string },
  meetsPolicy: MeetsPolicy,
): Promise<ResolvedApiToken | undefined> {
  return resolveApiTokenByHash(ctx, { tokenHash: hashOf(Secret.of(token)), hostId }, meetsPolicy)
}

interface PresentedToken {
  readonly tokenHash: string
  readonly lock?: 'share' | undefined
  /** The protected host where it is presented; null for the API, which accepts no token of a host. */
  readonly hostId?: string | null
}

/** Returns the same for the hash of a token. With a `lock` no other transaction changes the token or its user before this one ends. */
export async function resolveApiTokenByHash(
  ctx: With<'db' | 'now'>,
  { tokenHash, lock, hostId = null }: PresentedToken,
  meetsPolicy: MeetsPolicy,
): Promise<ResolvedApiToken | undefined> {
  const row: queries.ApiTokenWithUser | undefined =
    lock === 'share'
      ? (await queries.lockApiTokenWithUser(ctx.db, tokenHash))[0]
      : await queries.selectApiTokenWithUser(ctx.db, tokenHash)
  if (row === undefined || row.hostId !== hostId) return undefined
  const { tokenId, tokenSubject: _, name: _name, scopes, tokenCreatedAt: _created, ...rest } = row
  const { tokenExpiresAt: expiresAt, lastUsedAt, revokedAt, hostId: _host, anyPolicy: _any, ...others } = rest
  const { policies: _policies, ...of } = others
  const state = apiTokenStatus({ expiresAt, lastUsedAt, revokedAt }, ctx.now)
  const { hashedPassword: _hash, passwordChangedAt: _at, insertedExternally: _external, ...user } = userFromRow(of)
  if (state === 'revoked' || state === 'expired') return undefined
  if (!mayUseTokens(user, await meetsPolicy(user, versionsInRow(row)))) return undefined
  if (await isShutOut(ctx, user)) return undefined
  const token = { id: tokenId, tokenHash, scopes: scopesIn(scopes) }
  return { user, token, dueForTouch: state === 'due-for-touch' }
}

/** Writes when these tokens, by id, were last used. */
export function noteTokenUses(ctx: With<'db'>, uses: ReadonlyMap<string, Instant>): Promise<void> {
  // Sorted, so that two nodes that write the same tokens lock their rows in one order (deadlock).
  const inOrder = Array.from(uses).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return inTransaction(ctx, async (tx) => {
    for (const [id, at] of inOrder) await queries.updateLastUsed(tx.db, id, at, at + CLOCK_TOLERANCE)
  })
}

/** Returns the user's valid tokens, newest first. */
export function listApiTokens(ctx: With<'db' | 'now'>, subject: string): Promise<ApiToken[]> {
  return queries.selectLivingApiTokens(ctx.db, subject, ctx.now)
}

/** Returns one valid token of the user. Throws `api_token.not_found` for a token of another user too, so that ids cannot be probed. */
export async function readApiToken(
  ctx: With<'db' | 'now'>,
  { subject, id }: { readonly subject: string; readonly id: string },
): Promise<ApiToken> {
  const found = (await listApiTokens(ctx, subject)).find((token) => token.id === id)
  if (found === undefined) throw new Refusal('api_token.not_found')
  return found
}

/** Revokes one token of the user, effective from the next request. Throws `api_token.not_found`. */
export function revokeApiToken(
  ctx: Recording,
  { subject, id }: { readonly subject: string; readonly id: string },
): Promise<void> {
  return inTransaction(ctx, async (tx) => {
    const name = await queries.revokeApiTokenOf(tx.db, { subject, id, now: tx.now })
    if (name === undefined) throw new Refusal('api_token.not_found')
    await recordEvent(tx, { action: 'api_token.revoked', target: subject, details: { token: id, name } })
  })
}

/** Revokes all tokens for a protected host, when it is deleted. */
export function revokeTokensOfHost(ctx: With<'db' | 'now'>, hostId: string): Promise<void> {
  return queries.revokeHostTokens(ctx.db, hostId, ctx.now)
}

/** Revokes all tokens of the user; returns how many. Records no event: the event of the caller's change includes the number. */
export function revokeApiTokensOf(ctx: With<'db' | 'now'>, subject: string): Promise<number> {
  return queries.revokeApiTokens(ctx.db, subject, ctx.now)
}

/**
 * Removes from the user's tokens, for good, the scopes that either of two roles does not permit, and revokes the tokens that have none
 * left; returns how many it changed. The transaction is that of the change of role, which has written the user's row.
 */
export async function narrowApiTokens(
  ctx: InTransaction<With<'db' | 'now'>>,
  ...[before, after]: readonly [before: PrincipalUser, after: PrincipalUser]
): Promise<number> {
  const kept = scopesFor(before).filter((scope) => scopesFor(after).includes(scope))
  const living = await listApiTokens(ctx, after.subject)
  const cut = living.filter(({ scopes }) => scopes.some((scope) => !kept.includes(scope)))
  for (const token of cut)
    await keepScopes(
      ctx,
      token,
      token.scopes.filter((scope) => kept.includes(scope)),
    )
  return cut.length
}

/**
 * Removes from the tokens of all users of a role, for good, the permissions that the role has lost, and revokes the tokens that have no
 * scope left; returns how many it changed. The transaction is that of this change, which has written the role.
 */
export async function narrowApiTokensOfRole(
  ctx: InTransaction<With<'db' | 'now'>>,
  { role, removed }: { readonly role: string; readonly removed: readonly Permission[] },
): Promise<number> {
  const lost: readonly Scope[] = removed
  const living = await queries.selectLivingApiTokensOfRole(ctx.db, role, ctx.now)
  const cut = living.filter(({ scopes }) => scopes.some((scope) => lost.includes(scope)))
  for (const token of cut)
    await keepScopes(
      ctx,
      token,
      token.scopes.filter((scope) => !lost.includes(scope)),
    )
  return cut.length
}

async function keepScopes(ctx: With<'db' | 'now'>, { id, subject }: ApiToken, left: readonly Scope[]): Promise<void> {
  if (left.length > 0) await queries.updateScopes(ctx.db, id, left.join(' '))
  else await queries.revokeApiTokenOf(ctx.db, { subject, id, now: ctx.now })
}

/** Deletes rows of tokens that ended more than `KEPT_AFTER_END` ago. The rules reject an ended token before that. */
export function deleteExpiredApiTokens(ctx: With<'db' | 'now'>): Promise<void> {
  return queries.deleteEndedApiTokens(ctx.db, ctx.now - KEPT_AFTER_END)
}
