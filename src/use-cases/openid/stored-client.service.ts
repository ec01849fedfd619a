// The app of an exchange, read once.
import { isAllowedClient } from '#domain/agents/agent.service.ts'
import { findClientWithSecrets } from '#domain/clients/client.service.ts'
import type { Exchange, StoredClient } from './exchange.service.ts'

/** Returns the app with its valid secrets; undefined for one that does not exist or is disabled, and for an agent that is not allowed now. */
export async function storedClient(exchange: Exchange, id: string): Promise<StoredClient | undefined> {
  const { ctx, clients } = exchange
  const known = clients.get(id)
  if (known !== undefined) return known
  if (!(await isAllowedClient(ctx, id))) return undefined
  const found = await findClientWithSecrets(ctx, id)
  if (found === undefined) return undefined
  if (found.client.disabledAt !== null) {
    exchange.disabled = found.client
    return undefined
  }
  clients.set(id, found)
  return found
}
