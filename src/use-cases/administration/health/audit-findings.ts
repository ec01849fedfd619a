// The findings of the check-up about the audit log.
// Tested in health.test.ts.
import { WORST_CHAIN_LAG } from '#domain/audit/chain.ts'
import type { LastCheckpoint } from '#domain/audit/verify.service.ts'
import type { Duration, Instant } from '#foundation/kernel/time.ts'
import { type Finding, finding } from './finding.ts'

export interface AuditFacts {
  /** How long the oldest unchained event has been waiting, in milliseconds; zero if there is none. */
  readonly chainLag: Duration
  /** The last checkpoint of the audit log; null if there is none. */
  readonly checkpoint: LastCheckpoint | null
  readonly checkpointInterval: Duration
  /** Returns how a command is called on this server. */
  readonly command: (command: string) => string
}

/** How long events wait for the chain, and the last checkpoint. */
export function findingsAboutAudit(facts: AuditFacts, now: Instant): Finding[] {
  return [auditChain(facts), auditCheckpoint(facts, now)]
}

function auditChain({ chainLag: span }: AuditFacts): Finding {
  if (span <= WORST_CHAIN_LAG) return finding('ok', 'audit-chain.current')
  return finding('warning', 'audit-chain.waiting', { span })
}

function auditCheckpoint({ checkpoint, checkpointInterval, command }: AuditFacts, now: Instant): Finding {
  if (checkpoint === null) return finding('note', 'audit-checkpoint.never')
  if (!checkpoint.stands)
    return finding('failure', 'audit-checkpoint.contradicted', { command: command('audit verify') })
  const span = now - checkpoint.at
  return span <= checkpointInterval * 2
    ? finding('ok', 'audit-checkpoint.recent', { span })
    : finding('note', 'audit-checkpoint.late', { span })
}
