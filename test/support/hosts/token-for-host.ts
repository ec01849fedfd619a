import { issueApiToken } from '#domain/api-tokens/api-token.service.ts'
import type { ProtectedHost } from '#domain/hosts/host.ts'
import { inTransaction } from '#foundation/context.ts'
import { days } from '#foundation/kernel/time.ts'
import { stored } from '../pages/page-scenes.ts'
import type { Server } from '../server/start.ts'

/** Makes an API token of a user for a host. */
export async function tokenForHost(
  server: Server,
  username: string,
  { id: hostId }: Pick<ProtectedHost, 'id'>,
): Promise<string> {
  const ctx = server.operator()
  const user = { ...(await stored(server, username)), rolePermissions: [] }
  const wanted = { name: 'git', scopes: [], expiresAt: ctx.now + days(1), hostId }
  const { token } = await inTransaction(ctx, (tx) => issueApiToken(tx, user, wanted, true))
  return token.reveal()
}
