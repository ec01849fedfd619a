// How much apps are used.
import type { With } from '#foundation/context.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import * as queries from './grant-use.queries.ts'

export interface GrantUse {
  /** How many grants of the app are neither revoked nor expired. Whether their sessions still live is not asked. */
  readonly living: number
  /** When tokens were last issued, as far back as grants are kept; null for never. */
  readonly lastUsedAt: Instant | null
}

export const NEVER_USED: GrantUse = { living: 0, lastUsedAt: null }

/** Returns the use of these apps, in the same order. */
export async function grantUseOf({ db, now }: With<'db' | 'now'>, clientIds: readonly string[]): Promise<GrantUse[]> {
  if (clientIds.length === 0) return []
  const rows = await queries.selectGrantUses(db.forLongReads, clientIds, now)
  const uses = new Map(rows.map(({ clientId, ...use }) => [clientId, use]))
  return clientIds.map((id) => uses.get(id) ?? NEVER_USED)
}
