// Protected hosts for tests.
import { storeHost } from '#domain/hosts/host.service.ts'
import { type HostFields, type HostRule, NEW_HOST, type ProtectedHost, SIGNED_IN_RULE } from '#domain/hosts/host.ts'
import { type Context, inTransaction } from '#foundation/context.ts'

/** Stores a protected host, by default `wiki.example.org`, for all who are signed in. */
export function storeTestHost(ctx: Context, wanted: Partial<HostFields> = {}): Promise<ProtectedHost> {
  const fields = { ...NEW_HOST, name: 'wiki.example.org', ...wanted }
  return inTransaction(ctx, (tx) => storeHost(tx, { id: tx.newId(), fields, createdBy: null }))
}

/** A rule for all who are signed in, but for what is given. */
export function hostRule(path: string, said: Partial<HostRule> = {}): HostRule {
  return { ...SIGNED_IN_RULE, path, ...said }
}
