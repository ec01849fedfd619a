// What the protocol's library stores of pushed authorization requests (RFC 9126), and when one counts as used.
import type { Adapter, AdapterPayload } from 'oidc-provider'

import { isPushedRequestOver } from '#domain/grants/grant.ts'
import { consumePushedRequest, findPushedRequest, storePushedRequest } from '#domain/grants/pushed-request.service.ts'
import { limitInteractionRate } from '#domain/throttle/guess.service.ts'
import type { With } from '#foundation/context.ts'
import type { Exchange } from './exchange.service.ts'

export interface PushedRequestHost {
  exchange(): Exchange
  /** Makes the error of the library for a request that is unknown, over or used. */
  invalidRequestUri(): Error
}

export function pushedRequests(host: PushedRequestHost): Partial<Adapter> {
  return {
    upsert: async (value, { jti: _, ...payload }) => {
      const { ctx } = host.exchange()
      // A stranger can push in the name of an app without a secret. The library calls trusted what a client has sent that authenticated.
      const isAuthenticated = Boolean(payload.trusted)
      if (!isAuthenticated) limitInteractionRate(ctx)
      await storePushedRequest(ctx, value, JSON.stringify(payload))
    },
    find: async (value) => {
      const exchange = host.exchange()
      const found = await findPushedRequest(exchange.ctx, value)
      if (found === undefined) return undefined
      exchange.pushedRequestId = found.id
      const payload = { ...(JSON.parse(found.payload) as AdapterPayload), jti: value }
      if (found.consumedAt !== null) payload.consumed = true
      if (isPushedRequestOver(found, exchange.ctx.now)) payload.exp = 0
      return payload
    },
    // It is consumed in the transaction that stores the code.
    consume: async () => undefined,
  }
}

/**
 * Consumes the pushed request by which an authorization began, if one did. Call it in the transaction that stores the code: the library awaits
 * `consume` and ignores what it returns, so that two browsers with one request would both get a code.
 */
export async function consumePushed(tx: With<'db' | 'now'>, host: PushedRequestHost): Promise<void> {
  const { pushedRequestId: id } = host.exchange()
  if (id !== undefined && !(await consumePushedRequest(tx, id))) throw host.invalidRequestUri()
}
