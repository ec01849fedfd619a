// What the protocol's library stores of an authorization that needs its user.
import type { Adapter, AdapterPayload } from 'oidc-provider'

import { deleteInteraction, findInteraction, putInteraction } from '#domain/grants/token.service.ts'
import { limitInteractionRate } from '#domain/throttle/guess.service.ts'
import type { Exchange } from './exchange.service.ts'

export function interactions(host: { exchange(): Exchange }): Partial<Adapter> {
  return {
    // Without the values of the interaction and of a pushed request, since they would be readable. Of that its id is stored; the library asks for
    // neither again, nor for the URL in which it repeats the first.
    upsert: async (uid, { jti: _, returnTo: __, parJti: ___, ...payload }) => {
      const { ctx, pushedRequestId } = host.exchange()
      limitInteractionRate(ctx)
      const expiresAt = (payload.exp ?? 0) * 1000
      await putInteraction(ctx, { uid, payload: JSON.stringify({ ...payload, pushedRequestId }), expiresAt })
    },
    find: async (uid) => {
      const current = host.exchange()
      const found = await findInteraction(current.ctx, uid)
      if (found === undefined) return undefined
      const { pushedRequestId, ...payload } = JSON.parse(found.payload) as AdapterPayload & { pushedRequestId?: string }
      current.pushedRequestId = pushedRequestId
      return { ...payload, jti: uid }
    },
    destroy: async (uid) => deleteInteraction(host.exchange().ctx, uid),
  }
}
