import { chainLag } from '../../../domain/audit/chain-writer.service.ts'
import { newestChained, verifyAudit } from '../../../domain/audit/verify.service.ts'
import type { AuditReport } from '../../../domain/audit/verify.service.ts'
import type { With } from '../../../foundation/context.ts'
import type { Duration, Instant } from '../../../foundation/kernel/time.ts'
import { WORST_CHAIN_LAG } from '../../../domain/audit/chain.ts'

export interface ChainState {
  /** The newest chained event; null if there is none. */
  readonly newest: { readonly position: number; readonly at: Instant } | null
  /** How long the oldest unchained event has been waiting, in milliseconds, if longer than `WORST_CHAIN_LAG`; else null. */
  readonly lateBy: Duration | null
}

/** Returns how far the log is chained. It reads two rows, whatever the length of the log. */
export async function chainState(ctx: With<'db' | 'now'>): Promise<ChainState> {
  const newest = await newestChained(ctx.db)
  const waited = await chainLag(ctx)
  return { newest: newest ?? null, lateBy: waited > WORST_CHAIN_LAG ? waited : null }
}

/** Makes a function that verifies the whole chain. Requests that arrive during a verification share its result. */
export function sharedVerification(): (ctx: With<'db' | 'keyring' | 'config'>) => Promise<AuditReport> {
  let running: Promise<AuditReport> | undefined
  return (ctx) => (running ??= verifyAudit(ctx).finally(() => (running = undefined)))
}
