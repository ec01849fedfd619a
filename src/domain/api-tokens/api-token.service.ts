// Keys for scripts: each acts as its user, with what it was made for and no more.
import { recordEvent } from '../audit/audit.service.ts'
import { inTransaction } from '../../foundation/context.ts'
import type { With } from '../../foundation/context.ts'
import type { PrincipalUser, TokenFacts } from '../../foundation/kernel/principal.ts'
import { Refusal, requireNoFieldErrors } from '../../foundation/kernel/refusal.ts'
import { hashOf, newSecretToken } from '../../foundation/kernel/secret-token.ts'
import { Secret } from '../../foundation/kernel/secret.ts'
import type { SecondFactorPolicy } from '../../foundation/kernel/assurance.ts'
import { CLOCK_TOLERANCE, days, toRfc3339 } from '../../foundation/kernel/time.ts'
import type { Instant } from '../../foundation/kernel/time.ts'
import { userFromRow } from '../users/user-row.ts'
import * as queries from './api-token.queries.ts'
import { faultsInToken, apiTokenStatus, mayUseTokens, scopesFor, scopesIn, TOKENS_MAXIMUM } from './api-token.ts'
import type { ApiToken, WantedToken } from './api-token.ts'

const PREFIX = 'dwp_'
/** Ended rows stay this long for whoever asks what happened, then a job deletes them. */
const KEPT_AFTER_END = days(7)

type Recording = With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal'>

export interface IssuedApiToken {
  readonly apiToken: ApiToken
  /** Shown once, to whoever made it; only its hash is kept. */
  readonly token: Secret
}

/**
 * Makes a token of this user; to be called inside a transaction that has written the user's row, so that two at once are
 * counted one after the other. Throws `request.validation_failed`, `api_token.unusable` or `api_token.too_many`.
 */
export async function issueApiToken(
  ctx: Recording,
  user: PrincipalUser,
  wanted: WantedToken,
  secondFactor: SecondFactorPolicy,
): Promise<IssuedApiToken> {
  requireNoFieldErrors(faultsInToken(wanted, user, ctx.now))
  if (!mayUseTokens(user, secondFactor)) throw new Refusal('api_token.unusable')
  const living = await queries.selectLivingApiTokens(ctx.db, user.subject, ctx.now)
  if (living.length >= TOKENS_MAXIMUM) throw new Refusal('api_token.too_many')
  const token = newSecretToken(ctx.random, PREFIX)
  const apiToken = newApiToken(ctx, user, wanted)
  const { id, name, expiresAt } = apiToken
  const scopes = apiToken.scopes.join(' ')
  await queries.insertApiToken(ctx.db, rowOf(apiToken), hashOf(token))
  await recordEvent(ctx, {
    action: 'api_token.created',
    target: user.subject,
    details: { token: id, name, scopes, expires_at: toRfc3339(expiresAt) },
  })
  return { apiToken, token }
}

function newApiToken({ newId, now }: With<'newId' | 'now'>, user: PrincipalUser, wanted: WantedToken): ApiToken {
  return {
    id: newId(),
    subject: user.subject,
    name: wanted.name.normalize('NFC').trim(),
    scopes: scopesFor(user).filter((scope) => wanted.scopes.includes(scope)),
    createdAt: now,
    expiresAt: wanted.expiresAt,
    lastUsedAt: null,
    revokedAt: null,
  }
}

export interface ResolvedApiToken {
  readonly user: PrincipalUser
  readonly token: TokenFacts
  readonly dueForTouch: boolean
}

/** Whether a bearer token is of this kind, whatever became of it. */
export function isApiToken(token: string): boolean {
  return token.startsWith(PREFIX)
}

/**
 * Whose API token this is, or undefined: unknown, revoked, expired, or of somebody who was deleted, disabled or has lost
 * the second factor they must have.
 */
export async function resolveApiToken(
  ctx: With<'db' | 'now'>,
  token: string,
  secondFactor: SecondFactorPolicy,
): Promise<ResolvedApiToken | undefined> {
  return resolveApiTokenByHash(ctx, { tokenHash: hashOf(Secret.of(token)) }, secondFactor)
}

export interface ApiTokenHash {
  readonly tokenHash: string
  /** `share`: token and user stay as they are until the transaction ends. */
  readonly lock?: 'share' | undefined
}

/** The same by the hash of the token. */
export async function resolveApiTokenByHash(
  ctx: With<'db' | 'now'>,
  { tokenHash, lock }: ApiTokenHash,
  secondFactor: SecondFactorPolicy,
): Promise<ResolvedApiToken | undefined> {
  const select = lock === 'share' ? queries.holdApiTokenWithUser : queries.selectApiTokenWithUser
  const [row] = await select(ctx.db, tokenHash)
  if (row === undefined) return undefined
  const { tokenId, tokenSubject: _, name: _name, scopes, tokenCreatedAt: _created, ...rest } = row
  const { expiresAt, lastUsedAt, revokedAt, ...of } = rest
  const state = apiTokenStatus({ expiresAt, lastUsedAt, revokedAt }, ctx.now)
  const { hashedPassword: _hash, passwordChangedAt: _at, insertedExternally: _typed, ...user } = userFromRow(of)
  if (state === 'revoked' || state === 'expired' || !mayUseTokens(user, secondFactor)) return undefined
  const token = { id: tokenId, tokenHash, scopes: scopesIn(scopes) }
  return { user, token, dueForTouch: state === 'due-for-touch' }
}

/** Notes when these tokens, by id, were last used. */
export function noteTokenUses(ctx: With<'db'>, uses: ReadonlyMap<string, Instant>): Promise<void> {
  // In one order, so that two nodes that write down the same tokens do not wait for each other in a circle.
  const inOrder = Array.from(uses).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return inTransaction(ctx, async (tx) => {
    for (const [id, at] of inOrder) await queries.updateLastUsed(tx.db, id, at, at + CLOCK_TOLERANCE)
  })
}

/** The person's tokens that still count, the newest first. */
export async function listApiTokens(ctx: With<'db' | 'now'>, subject: string): Promise<ApiToken[]> {
  return (await queries.selectLivingApiTokens(ctx.db, subject, ctx.now)).map(tokenOf)
}

/** One of them; refuses with `api_token.not_found` when it is somebody else's, has ended or never was. */
export async function readApiToken(
  ctx: With<'db' | 'now'>,
  { subject, id }: { readonly subject: string; readonly id: string },
): Promise<ApiToken> {
  const found = (await listApiTokens(ctx, subject)).find((token) => token.id === id)
  if (found === undefined) throw new Refusal('api_token.not_found')
  return found
}

/** Ends one token of this person, from the next request on. Refuses with `api_token.not_found`. */
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

/** Ends all tokens of this person; how many there were. Whoever calls it says so in the event of what they did. */
export function revokeApiTokensOf(ctx: With<'db' | 'now'>, subject: string): Promise<number> {
  return queries.revokeApiTokens(ctx.db, subject, ctx.now)
}

/**
 * Takes from this person's tokens, for good, whatever one of two roles may not do, and ends those that are left with
 * nothing; how many it changed. In the transaction of the change of role, which wrote the user's row.
 */
export async function narrowApiTokens(
  ctx: With<'db' | 'now'>,
  ...[before, after]: readonly [before: PrincipalUser, after: PrincipalUser]
): Promise<number> {
  const kept = scopesFor(before).filter((scope) => scopesFor(after).includes(scope))
  const living = await listApiTokens(ctx, after.subject)
  const cut = living.filter(({ scopes }) => scopes.some((scope) => !kept.includes(scope)))
  for (const { id, subject, scopes } of cut) {
    const left = scopes.filter((scope) => kept.includes(scope))
    if (left.length > 0) await queries.updateScopes(ctx.db, id, left.join(' '))
    else await queries.revokeApiTokenOf(ctx.db, { subject, id, now: ctx.now })
  }
  return cut.length
}

/** Deletes what ended long ago. A token ends by itself, whether or not this ever runs. */
export function deleteExpiredApiTokens(ctx: With<'db' | 'now'>): Promise<void> {
  return queries.deleteEndedApiTokens(ctx.db, ctx.now - KEPT_AFTER_END)
}

function rowOf({ id, subject, scopes, createdAt, ...rest }: ApiToken): queries.ApiTokenRow {
  return { ...rest, tokenId: id, tokenSubject: subject, scopes: scopes.join(' '), tokenCreatedAt: createdAt }
}

function tokenOf({ tokenId, tokenSubject, tokenCreatedAt, scopes, ...rest }: queries.ApiTokenRow): ApiToken {
  return { ...rest, id: tokenId, subject: tokenSubject, createdAt: tokenCreatedAt, scopes: scopesIn(scopes) }
}
