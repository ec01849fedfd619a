// Pushed authorization requests (RFC 9126): what an app asks for, sent by itself before it sends the browser of its user. Stores and finds them.
import type { With } from '#foundation/context.ts'
import { type GrantToken, INTERACTION_LIFETIME, PUSHED_REQUEST_LIFETIME } from './grant.ts'
import * as queries from './token.queries.ts'
import { consumeToken, PREFIX, tokenIdOf } from './token.service.ts'

/**
 * Stores a request. Its row outlives the time in which it can be used by that of an interaction: the authorization that it began consumes it at its
 * end, and of two that began with one request only one has an answer.
 */
export async function storePushedRequest(
  { db, now }: With<'db' | 'now'>,
  value: string,
  payload: string,
): Promise<void> {
  await queries.putToken(db, {
    id: tokenIdOf('request', value),
    kind: 'request',
    grantId: null,
    isOffline: false,
    payload,
    createdAt: now,
    expiresAt: now + PUSHED_REQUEST_LIFETIME + INTERACTION_LIFETIME,
  })
}

/** Returns the request of a value, also one that cannot be used any more. */
export async function findPushedRequest({ db }: With<'db'>, value: string): Promise<GrantToken | undefined> {
  return value.startsWith(PREFIX.request) ? queries.selectToken(db, tokenIdOf('request', value)) : undefined
}

/** Consumes the request with this id: true for one of all authorizations that began with it; false also if it is gone. */
export function consumePushedRequest(ctx: With<'db' | 'now'>, id: string): Promise<boolean> {
  return consumeToken(ctx, { id })
}
