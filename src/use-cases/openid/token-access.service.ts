// Whether the app of a token lets its user use it, asked each time that the protocol's library finds a token.
import type { Client } from '#domain/clients/client.ts'
import { meetsClient } from '#domain/grants/client-access.service.ts'
import type { LivingToken } from '#domain/grants/token.service.ts'
import type { Exchange } from './exchange.service.ts'
import { storedClient } from './stored-client.service.ts'

/** Whether a token may be used in this exchange. Revoking is no use: an app can revoke what its user may not use now, and perhaps may again. */
export async function isUsable(exchange: Exchange, living: LivingToken): Promise<boolean> {
  if (exchange.request.route.url?.endsWith('/revocation')) return true
  const client = await clientOf(exchange, living)
  return client === undefined || meetsClient(exchange.ctx, client, living)
}

/**
 * Returns the app of a token. At the userinfo endpoint no app authenticates, so it is read here and not again by the library; a token for a
 * resource is introspected by the app that serves that. Elsewhere the library refuses a token of another app than the one that has authenticated.
 */
async function clientOf(exchange: Exchange, { grant, resource }: LivingToken): Promise<Client | undefined> {
  const { clients } = exchange
  const canBeOfOther = clients.size === 0 || resource !== null
  const stored = canBeOfOther ? await storedClient(exchange, grant.clientId) : clients.get(grant.clientId)
  return stored?.client
}
