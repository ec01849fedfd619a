// Resources, and the apps that serve them, for tests of the services.
import { storeClient } from '#domain/clients/client.service.ts'
import { type Client, NEW_CLIENT } from '#domain/clients/client.ts'
import { storeResource } from '#domain/clients/resource.service.ts'
import { NEW_RESOURCE, type Resource, type ResourceFields } from '#domain/clients/resource.ts'
import { type Context, inTransaction } from '#foundation/context.ts'

/** Stores an app under this id. */
export function storeTestClient(ctx: Context, id: string, wanted: Partial<Client> = {}): Promise<Client> {
  const fields = { ...NEW_CLIENT, name: id, redirectUris: [`https://${id}.example/callback`], ...wanted }
  return inTransaction(ctx, (tx) => storeClient(tx, { id, fields, createdBy: null }))
}

/** Stores a resource whose tokens are JWTs, so that no app has to serve it. */
export function storeTestResource(ctx: Context, wanted: Partial<ResourceFields> = {}): Promise<Resource> {
  return inTransaction(ctx, (tx) =>
    storeResource(tx, { id: tx.newId(), fields: { ...ORDERS, ...wanted }, createdBy: null }),
  )
}

const ORDERS: ResourceFields = {
  ...NEW_RESOURCE,
  uri: 'https://api.example/orders',
  name: 'Orders',
  tokenFormat: 'jwt',
  scopes: ['read', 'write'],
  allowedClients: 'all',
}
