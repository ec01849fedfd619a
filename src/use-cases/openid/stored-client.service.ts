// The app of an exchange, read once.
import { findClientWithSecrets } from '#domain/clients/client.service.ts'
import type { Exchange, StoredClient } from './exchange.ts'

/** Returns the app with its valid secrets; undefined for one that does not exist or is disabled. */
export async function storedClient({ ctx, clients }: Exchange, id: string): Promise<StoredClient | undefined> {
  const known = clients.get(id)
  if (known !== undefined) return known
  const found = await findClientWithSecrets(ctx, id)
  if (found === undefined || found.client.disabledAt !== null) return undefined
  clients.set(id, found)
  return found
}
