import { chainLag } from '../../../domain/audit/chain-writer.service.ts'
import { newestSealed, verifyAudit } from '../../../domain/audit/verify.service.ts'
import type { AuditReport } from '../../../domain/audit/verify.service.ts'
import type { With } from '../../../foundation/context.ts'
import type { Duration, Instant } from '../../../foundation/kernel/time.ts'
import { WORST_SEALING } from '../health/health.ts'

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

/** Makes a function that verifies the whole chain. Requests that arrive during a verification share its result. */
export function sharedVerification(): (ctx: With<'db' | 'keyring' | 'config'>) => Promise<AuditReport> {
  let running: Promise<AuditReport> | undefined
  return (ctx) => (running ??= verifyAudit(ctx).finally(() => (running = undefined)))
}
