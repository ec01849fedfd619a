// What an operator should know, and what to do about it. Which sentence says so is decided here; how it reads, in the texts.
import type { LastCheckpoint } from '../../../domain/audit/verify.service.ts'
import { isLoopback } from '../../../foundation/kernel/loopback.ts'
import { days, seconds } from '../../../foundation/kernel/time.ts'
import type { Duration, Instant } from '../../../foundation/kernel/time.ts'
import type { SeenRequest } from '../../../foundation/web/http/observed-request.ts'
import type { Saying } from '../../../foundation/texts/english/checkup.ts'
import { CHECK_LEVELS, finding } from './finding.ts'
import type { CheckLevel, Finding } from './finding.ts'
import { WORST_CHAIN_LAG } from '../../../domain/audit/chain.ts'
import { evaluateJobs } from './job-health.ts'
import type { JobFacts } from './job-health.ts'

export { CHECK_LEVELS } from './finding.ts'
export type { CheckLevel, Finding } from './finding.ts'

/** Codes and lifetimes are judged by this node's clock, so it must agree with the clock that the nodes share. */
export const WORST_SKEW = seconds(5)
export const TOLD_SKEW = seconds(1)

/** For how long a jump of the clock is reported as something to fix; afterwards it is a note, until it is deleted. */
const JUMP_TOLD = days(1)

/** SQLite takes its log in at 4 MB; one so much longer is held back by another program. */
const LONG_LOG = 64_000_000

export interface CheckFacts {
  readonly publicUrl: string
  /** The request of whoever looks; null on the command line. */
  readonly seen: SeenRequest | null
  readonly weakHash: boolean
  readonly actingAdmins: number
  readonly waitingAdmins: number
  /** How a command is typed on the server. */
  readonly command: (words: string) => string
  /** Enabled users who could sign in with a password alone, were it not refused; the invited are not among them. */
  readonly withoutFactor: number
  /** Enabled users who have an invitation in place of a second step. */
  readonly invited: number
  readonly importedHashes: number
  readonly plainSecrets: number
  /** Externally inserted rows that the server has not completed yet. */
  readonly incompleteRows: number
  readonly database: {
    readonly kind: 'sqlite' | 'postgres'
    readonly bytes: number
    /** SQLite's write-ahead log; null where there is none. */
    readonly logBytes: number | null
    readonly keepsStatements: boolean
    /** Whether a page of the file is damaged; only the command line checks that. */
    readonly isDamaged: boolean
  }
  /** How far the clock of the database is ahead of ours. */
  readonly skew: Duration
  /** The latest jump of a clock of ours; null where none is kept. */
  readonly clockJump: { readonly at: Instant; readonly movedBy: Duration } | null
  readonly keyring: { readonly keys: number; readonly from: 'file' | 'configuration' }
  /** How long the oldest unchained event has been waiting; zero when there is none. */
  readonly chainLag: Duration
  /** The last checkpoint of the audit log; null when there is none. */
  readonly checkpoint: LastCheckpoint | null
  readonly checkpointInterval: Duration
  readonly program: {
    readonly version: string
    readonly node: string
    readonly schema: number
    readonly wantedSchema: number
  }
  readonly jobs: readonly JobFacts[]
  readonly rows: readonly { readonly code: RowCode; readonly id: number; readonly columns: readonly string[] }[]
}

type RowCode = Extract<
  Saying,
  `username-${string}` | `email-${string}` | `${string}-secret-unreadable` | 'role-unknown' | 'value-unreadable'
>

/** Every check with its result, the good ones too. */
export function evaluateServer(facts: CheckFacts, now: Instant): Finding[] {
  const { seen } = facts
  return [
    address(facts),
    ...(seen === null ? [] : [reached(facts, seen), proxy(facts, seen)]),
    clock(facts),
    clockJumps(facts, now),
    database(facts),
    keyring(facts),
    admins(facts),
    secondSteps(facts),
    hash(facts),
    oldHashes(facts),
    externalRows(facts),
    plainSecrets(facts),
    ...evaluateJobs(facts.jobs, now, facts.command),
    auditChain(facts),
    auditCheckpoint(facts, now),
    version(facts),
    ...evaluateRows(facts.rows),
  ]
}

/** Rows of users that are not as ours would be. */
export function evaluateRows(rows: CheckFacts['rows']): Finding[] {
  return rows.map(({ code, id, columns }) => ({
    ...finding('warning', code, { id, columns: columns.join(', ') }),
    userId: id,
  }))
}

/** The gravest level among findings. */
export function worstOf(findings: readonly Finding[]): CheckLevel {
  const gravest = Math.max(0, ...findings.map(({ level }) => CHECK_LEVELS.indexOf(level)))
  return CHECK_LEVELS[gravest] ?? 'ok'
}

function address({ publicUrl: url }: CheckFacts): Finding {
  const { protocol, hostname } = new URL(url)
  if (protocol === 'https:') return finding('ok', 'address.https', { url })
  return isLoopback(hostname) ? finding('ok', 'address.local', { url }) : finding('warning', 'address.plain', { url })
}

/** The scheme is the public one's: a proxy that ends https need not say so. */
function reached({ publicUrl: url }: CheckFacts, { host }: SeenRequest): Finding {
  const { protocol, origin } = new URL(url)
  const otherUrl = URL.parse(`${protocol}//${host}`)?.origin ?? `${protocol}//${host}`
  if (otherUrl === origin) return finding('ok', 'reached.here', { url })
  return finding('warning', 'reached.elsewhere', { url, otherUrl })
}

function proxy({ publicUrl }: CheckFacts, { address: from, peer, forwarded }: SeenRequest): Finding {
  if (forwarded && from !== peer) return finding('ok', 'proxy.believed', { address: from })
  if (forwarded) return finding('warning', 'proxy.unbelieved', { address: peer })
  // This program speaks no https itself.
  if (publicUrl.startsWith('https:')) return finding('warning', 'proxy.silent', { address: peer })
  return finding('ok', 'proxy.none', { address: from })
}

function clock({ database: { kind }, skew: span }: CheckFacts): Finding {
  if (kind === 'sqlite') return finding('ok', 'clock.own')
  if (Math.abs(span) <= TOLD_SKEW) return finding('ok', 'clock.agrees', { span })
  return finding(Math.abs(span) > WORST_SKEW ? 'failure' : 'warning', 'clock.differs', { span })
}

function clockJumps({ clockJump: jump }: CheckFacts, now: Instant): Finding {
  if (jump === null) return finding('ok', 'clock-jumps.none')
  const ago = Math.max(0, now - jump.at)
  const says = jump.movedBy > 0 ? 'clock-jumps.ahead' : 'clock-jumps.back'
  return finding(ago < JUMP_TOLD ? 'warning' : 'note', says, { span: Math.abs(jump.movedBy), ago })
}

function database({ database: { kind, bytes, logBytes, keepsStatements, isDamaged } }: CheckFacts): Finding {
  if (isDamaged) return finding('failure', 'database.damaged')
  const facts = { engine: kind === 'sqlite' ? 'SQLite' : 'PostgreSQL', bytes, logBytes: logBytes ?? 0 }
  if (!keepsStatements) return finding('note', 'database.unprepared', facts)
  if (logBytes === null) return finding('ok', 'database.size', facts)
  return logBytes > LONG_LOG ? finding('note', 'database.long-log', facts) : finding('ok', 'database.files', facts)
}

function keyring({ keyring: { keys: count, from } }: CheckFacts): Finding {
  return finding('ok', from === 'file' ? 'keyring.file' : 'keyring.given', { count })
}

function admins({ actingAdmins: count, waitingAdmins: more, command }: CheckFacts): Finding {
  if (count > 1) return finding('ok', 'admins.several', { count })
  if (count === 1) return finding('warning', 'admins.one', { more })
  return finding('failure', 'admins.none', { more, command: command('setup-link') })
}

function secondSteps({ withoutFactor: count, invited: more }: CheckFacts): Finding {
  return count === 0
    ? finding('ok', 'second-steps.all', { more })
    : finding('note', 'second-steps.missing', { count, more })
}

function hash({ weakHash }: CheckFacts): Finding {
  return weakHash ? finding('warning', 'password-hash.weak') : finding('ok', 'password-hash.strong')
}

function oldHashes({ importedHashes: count }: CheckFacts): Finding {
  return count === 0
    ? finding('ok', 'old-password-hashes.none')
    : finding('note', 'old-password-hashes.some', { count })
}

function externalRows({ incompleteRows: count }: CheckFacts): Finding {
  return count === 0 ? finding('ok', 'external-rows.completed') : finding('note', 'external-rows.incomplete', { count })
}

function plainSecrets({ plainSecrets: count }: CheckFacts): Finding {
  return count === 0 ? finding('ok', 'code-secrets.sealed') : finding('warning', 'code-secrets.plain', { count })
}

function auditChain({ chainLag: span }: CheckFacts): Finding {
  if (span <= WORST_CHAIN_LAG) return finding('ok', 'audit-chain.current')
  return finding('warning', 'audit-chain.waiting', { span })
}

function auditCheckpoint({ checkpoint, checkpointInterval, command }: CheckFacts, now: Instant): Finding {
  if (checkpoint === null) return finding('note', 'audit-checkpoint.never')
  if (!checkpoint.stands)
    return finding('failure', 'audit-checkpoint.contradicted', { command: command('audit verify') })
  const span = now - checkpoint.at
  return span <= checkpointInterval * 2
    ? finding('ok', 'audit-checkpoint.recent', { span })
    : finding('note', 'audit-checkpoint.late', { span })
}

function version({ program: { wantedSchema, ...facts } }: CheckFacts): Finding {
  if (facts.schema > wantedSchema) return finding('note', 'version.behind', facts)
  return finding('ok', 'version.current', facts)
}
