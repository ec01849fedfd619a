// Codes, access tokens, refresh tokens and interactions: stores, finds and consumes them.
import type { RulesFor } from '#domain/sessions/session.ts'
import type { With } from '#foundation/context.ts'
import { hashOf, newSecretToken } from '#foundation/kernel/secret-token.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { hours, type Instant } from '#foundation/kernel/time.ts'
import { KeyringError } from '#foundation/platform/crypto/keyring-file.ts'
import { consumeOnce } from '#foundation/platform/database/consume-once.ts'
import { type LivingGrant, resolveGrant } from './grant.service.ts'
import { type GrantToken, isWithinGrace, type TokenKind } from './grant.ts'
import * as queries from './token.queries.ts'

/** The prefix of each kind of value, so that a leaked one can be recognised and one of another kind is refused without a query. */
export const PREFIX: Readonly<Record<TokenKind, string>> = {
  code: 'dwk_',
  access: 'dwt_',
  refresh: 'dwr_',
  request: 'dwq_',
  device: 'dwv_',
  interaction: '',
}

/** Returns a new value of this kind, of 256 random bits. */
export function newTokenValue({ random }: With<'random'>, kind: TokenKind): string {
  return newSecretToken(random, PREFIX[kind]).reveal()
}

/** Returns under which id a value is stored. */
export function tokenIdOf(kind: TokenKind, value: string): string {
  return hashOf(Secret.of(`${kind} ${value}`))
}

/** A token with its grant and its user, as they were when it was found. */
export type LivingToken = LivingGrant & { readonly token: GrantToken }

/** Returns the token of a value, expired and consumed ones too, if its grant lives; undefined otherwise. */
export async function findGrantToken(
  ctx: With<'db' | 'now'>,
  { kind, value }: { readonly kind: TokenKind; readonly value: string },
  rulesFor: RulesFor,
): Promise<LivingToken | undefined> {
  if (!value.startsWith(PREFIX[kind])) return undefined
  const token = await queries.selectToken(ctx.db, tokenIdOf(kind, value))
  if (token === undefined || token.grantId === null) return undefined
  const living = await resolveGrant(ctx, { grantId: token.grantId, isOffline: token.isOffline }, rulesFor)
  return living && { ...living, token }
}

export interface IssuedToken {
  readonly kind: TokenKind
  readonly value: string
  readonly payload: string
  readonly expiresAt: Instant
  readonly isOffline: boolean
}

/** Stores a token of a grant; false if the grant was revoked meanwhile, so that nothing was issued. */
export function storeGrantToken(
  { db, now }: With<'db' | 'now'>,
  grantId: string,
  { kind, value, payload, expiresAt, isOffline }: IssuedToken,
): Promise<boolean> {
  const id = tokenIdOf(kind, value)
  return queries.insertGrantToken(db, { id, kind, grantId, isOffline, payload, createdAt: now, expiresAt })
}

/** Consumes a token: true for exactly one of all that bring it. */
export function consumeToken({ db, now }: With<'db' | 'now'>, token: Pick<GrantToken, 'id'>): Promise<boolean> {
  return consumeOnce(db, 'client_token', token.id, now)
}

/** Keeps what followed a consumed refresh token, for a client that does not get the answer. */
export function storeSuccessor(ctx: With<'db' | 'keyring'>, tokenId: string, successor: string): Promise<void> {
  const sealed = ctx.keyring.seal(Buffer.from(successor), { purpose: 'refresh-successor', tokenId })
  return queries.setSuccessor(ctx.db, tokenId, sealed)
}

/**
 * Returns the value that followed a consumed refresh token if the client may have it again: shortly after the refresh, and only while the
 * successor was not used. A client that has used it got the answer, so who presents the old token then has stolen it.
 */
export async function successorOf(ctx: With<'db' | 'now' | 'keyring'>, token: GrantToken): Promise<string | undefined> {
  if (token.successor === null || !isWithinGrace(token, ctx.now)) return undefined
  const value = openSuccessor(ctx, { id: token.id, successor: token.successor })
  if (value === undefined) return undefined
  const following = await queries.selectToken(ctx.db, tokenIdOf('refresh', value))
  return following?.consumedAt === null ? value : undefined
}

function openSuccessor(
  { keyring }: With<'keyring'>,
  { id, successor }: { readonly id: string; readonly successor: string },
): string | undefined {
  try {
    return Buffer.from(keyring.open(successor, { purpose: 'refresh-successor', tokenId: id })).toString()
  } catch (error) {
    if (error instanceof KeyringError) return undefined
    throw error
  }
}

/** Reads a token again, as another transaction has left it. */
export function readTokenAgain({ db }: With<'db'>, { id }: Pick<GrantToken, 'id'>): Promise<GrantToken | undefined> {
  return queries.selectToken(db, id)
}

/** Stores an interaction, or what it says from now on. */
export function putInteraction(
  { db, now }: With<'db' | 'now'>,
  { uid, payload, expiresAt }: { readonly uid: string; readonly payload: string; readonly expiresAt: Instant },
): Promise<void> {
  const id = tokenIdOf('interaction', uid)
  return queries.putToken(db, {
    id,
    kind: 'interaction',
    grantId: null,
    isOffline: false,
    payload,
    createdAt: now,
    expiresAt,
  })
}

/** Returns a stored interaction that has not expired. */
export async function findInteraction({ db, now }: With<'db' | 'now'>, uid: string): Promise<GrantToken | undefined> {
  const found = await queries.selectToken(db, tokenIdOf('interaction', uid))
  return found && now < found.expiresAt ? found : undefined
}

/** Deletes an interaction that has led to its end. */
export function deleteInteraction({ db }: With<'db'>, uid: string): Promise<void> {
  return queries.deleteToken(db, tokenIdOf('interaction', uid))
}

/** Deletes tokens and interactions an hour after their end. */
export function deleteExpiredTokens({ db, now }: With<'db' | 'now'>): Promise<void> {
  return queries.deleteExpiredTokenRows(db, now - hours(1))
}

/** Removes successors that cannot be opened any more: a repetition of their predecessors is then a reuse. */
export function forgetSuccessorsSealedBy({ db }: With<'db'>, keyIds: readonly string[]): Promise<void> {
  return queries.clearSuccessorsSealedBy(db, keyIds)
}
