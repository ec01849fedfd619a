import { chainLag } from '../../audit/sealer.service.ts'
import { newestSealed, verifyAudit } from '../../audit/verify.service.ts'
import type { AuditReport } from '../../audit/verify.service.ts'
import type { With } from '../../context.ts'
import type { Duration, Instant } from '../../kernel/time.ts'
import type { Database } from '../../platform/database/schema.ts'
import { WORST_SEALING } from '../checkup/checkup.ts'

export interface ChainState {
  /** The newest event with a seal; null where none has one. */
  readonly newest: { readonly position: number; readonly at: Instant } | null
  /** How long an event has been waiting, where that is longer than it should; else null. */
  readonly lateBy: Duration | null
}

/** How far the log is sealed. Two rows are read, however long it is. */
export async function chainState(ctx: With<'db' | 'now'>): Promise<ChainState> {
  const newest = await newestSealed(ctx.db)
  const waited = await chainLag(ctx)
  return { newest: newest ?? null, lateBy: waited > WORST_SEALING ? waited : null }
}

const running = new WeakMap<Database, Promise<AuditReport>>()

/** Reads the whole chain; whoever asks meanwhile gets the same answer, so that impatience costs nothing. */
export function verifyChain(ctx: With<'db' | 'keyring' | 'config'>): Promise<AuditReport> {
  const known = running.get(ctx.db)
  if (known) return known
  const started = verifyAudit(ctx).finally(() => running.delete(ctx.db))
  running.set(ctx.db, started)
  return started
}
