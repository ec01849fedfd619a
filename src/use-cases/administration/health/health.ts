// The rules of the check-up: facts about the server become findings, whose sentences are in the texts.
import { WORST_CHAIN_LAG } from '#domain/audit/chain.ts'
import type { LastCheckpoint } from '#domain/audit/verify.service.ts'
import type { WeakenedClients } from '#domain/clients/client.ts'
import { KEY_SET_CACHE } from '#domain/signing-keys/signing-key.ts'
import { isLoopback } from '#foundation/kernel/loopback.ts'
import type { Duration, Instant } from '#foundation/kernel/time.ts'
import type { ClockJump } from '#foundation/platform/database/clock-jumps.ts'
import type { Dialect } from '#foundation/platform/database/dialect.ts'
import type { JobRow } from '#foundation/platform/database/job-rows.ts'
import type { Saying } from '#foundation/texts/english/checkup.ts'
import type { SeenRequest } from '#foundation/web/http/ip-address.ts'
import { findingsAboutClock } from './clock-findings.ts'
import { CHECK_LEVELS, type CheckLevel, type Finding, finding, type RowCode } from './finding.ts'
import { findingsAboutMail, type MailFacts } from './mail-findings.ts'

/** Bytes. SQLite checkpoints its write-ahead log at 4 MB; in a log of this size another program prevents the checkpoint. */
const LONG_LOG = 64_000_000

export interface CheckFacts {
  readonly publicUrl: string
  /** The request of the admin; null on the command line. */
  readonly seen: SeenRequest | null
  readonly weakHash: boolean
  /** How long the oldest unchained event has been waiting, in milliseconds; zero if there is none. */
  readonly chainLag: Duration
  /** The last checkpoint of the audit log; null if there is none. */
  readonly checkpoint: LastCheckpoint | null
  readonly checkpointInterval: Duration
  readonly actingAdmins: number
  readonly waitingAdmins: number
  /** Returns the text of a command for the server's shell. */
  readonly command: (words: string) => string
  /** Enabled users without a second factor and without an invitation. */
  readonly withoutFactor: number
  /** Enabled users who have an invitation and no second factor. */
  readonly invited: number
  /** The names of policies that allow passkeys alone while browsers create none at the public URL. */
  readonly impossiblePolicies: readonly string[]
  /** Attributes whose key was reserved after they were declared, each with a free key. */
  readonly reservedAttributes: readonly { readonly key: string; readonly replacement: string }[]
  /** The names in the setting `registration_groups` that no group has. */
  readonly unknownGroups: readonly string[]
  readonly importedHashes: number
  readonly plainSecrets: number
  /** Externally inserted rows that the server has not completed yet. */
  readonly incompleteRows: number
  readonly database: {
    readonly kind: Dialect
    readonly bytes: number
    /** The size of SQLite's write-ahead log; null if there is none. */
    readonly logBytes: number | null
    readonly keepsStatements: boolean
    /** Whether a page of the file is damaged; only the command line checks that. */
    readonly isDamaged: boolean
  }
  /** How far the database's clock is ahead of this node's, in milliseconds. */
  readonly skew: Duration
  /** The latest recorded clock jump of a node; null if there is none. */
  readonly clockJump: ClockJump | null
  readonly keyring: { readonly keys: number; readonly from: 'file' | 'configuration' }
  /** The signing keys of ID tokens that the keyring cannot open. */
  readonly unreadableKeys: number
  /** Apps that do with less protection, by their names. */
  readonly weakenedApps: WeakenedClients
  readonly program: {
    readonly version: string
    readonly node: string
    readonly schema: number
    readonly wantedSchema: number
  }
  readonly mail: MailFacts
  readonly jobs: readonly Pick<JobRow, 'name' | 'every' | 'next_run_at' | 'failures'>[]
  readonly rows: readonly { readonly code: RowCode; readonly id: number; readonly columns: readonly string[] }[]
}

/** Returns the finding of every check, those of level `ok` included. */
export function evaluateServer(facts: CheckFacts, now: Instant): Finding[] {
  const { seen } = facts
  return [
    publicUrlFinding(facts),
    ...(seen === null ? [] : [reached(facts, seen), proxy(facts, seen)]),
    ...findingsAboutClock(facts, now),
    database(facts),
    keyring(facts),
    ...signingKeys(facts),
    ...apps(facts),
    admins(facts),
    secondFactors(facts),
    policies(facts),
    ...attributes(facts),
    ...registrations(facts),
    hash(facts),
    absence(facts.importedHashes, 'old-password-hashes.none', 'note', 'old-password-hashes.some'),
    absence(facts.incompleteRows, 'external-rows.completed', 'note', 'external-rows.incomplete'),
    absence(facts.plainSecrets, 'code-secrets.sealed', 'warning', 'code-secrets.plain'),
    ...findingsAboutMail(facts, now),
    ...jobs(facts, now),
    auditChain(facts),
    auditCheckpoint(facts, now),
    version(facts),
    ...evaluateRows(facts.rows),
  ]
}

/** Returns a warning for each row of `users` with an invalid value. */
export function evaluateRows(rows: CheckFacts['rows']): Finding[] {
  return rows.map(({ code, id, columns }) => ({
    ...finding('warning', code, { id, columns: columns.join(', ') }),
    userId: id,
  }))
}

/** Returns the worst level among findings; `ok` if there are none. */
export function worstOf(findings: readonly Finding[]): CheckLevel {
  const worst = Math.max(0, ...findings.map(({ level }) => CHECK_LEVELS.indexOf(level)))
  return CHECK_LEVELS[worst] ?? 'ok'
}

/** Returns what needs attention, the worst first. */
export function problemsIn(findings: readonly Finding[]): Finding[] {
  return ['failure', 'warning'].flatMap((level) => findings.filter((finding) => finding.level === level))
}

function publicUrlFinding({ publicUrl: url }: CheckFacts): Finding {
  const { protocol, hostname } = new URL(url)
  if (protocol === 'https:') return finding('ok', 'address.https', { url })
  return isLoopback(hostname) ? finding('ok', 'address.local', { url }) : finding('warning', 'address.plain', { url })
}

/** The host is compared under the public URL's scheme, since a proxy that terminates TLS need not send the original one. */
function reached({ publicUrl: url }: CheckFacts, { host }: SeenRequest): Finding {
  const { protocol, origin } = new URL(url)
  const otherUrl = URL.parse(`${protocol}//${host}`)?.origin ?? `${protocol}//${host}`
  if (otherUrl === origin) return finding('ok', 'reached.here', { url })
  return finding('warning', 'reached.elsewhere', { url, otherUrl })
}

function proxy({ publicUrl }: CheckFacts, { ipAddress, peer, forwarded }: SeenRequest): Finding {
  if (forwarded && ipAddress !== peer) return finding('ok', 'proxy.believed', { ipAddress: ipAddress })
  if (forwarded) return finding('warning', 'proxy.unbelieved', { ipAddress: peer })
  // This server has no TLS itself, so an https URL means a proxy that does not send `X-Forwarded-For`.
  if (publicUrl.startsWith('https:')) return finding('warning', 'proxy.silent', { ipAddress: peer })
  return finding('ok', 'proxy.none', { ipAddress: ipAddress })
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

function apps({ weakenedApps: { withoutPkce, overHttp } }: CheckFacts): Finding[] {
  const named = (names: readonly string[]) => ({ count: names.length, apps: names.join(', ') })
  return [
    ...(withoutPkce.length > 0 ? [finding('warning', 'apps.without-pkce', named(withoutPkce))] : []),
    ...(overHttp.length > 0 ? [finding('warning', 'apps.over-http', named(overHttp))] : []),
  ]
}

function signingKeys({ unreadableKeys: count }: CheckFacts): Finding[] {
  return count === 0 ? [] : [finding('warning', 'signing-keys.unreadable', { count, span: KEY_SET_CACHE })]
}

function admins({ actingAdmins: count, waitingAdmins: more, command }: CheckFacts): Finding {
  if (count > 1) return finding('ok', 'admins.several', { count })
  if (count === 1) return finding('warning', 'admins.one', { more })
  return finding('failure', 'admins.none', { more, command: command('setup-link') })
}

function secondFactors({ withoutFactor: count, invited: more }: CheckFacts): Finding {
  return count === 0
    ? finding('ok', 'second-steps.all', { more })
    : finding('note', 'second-steps.missing', { count, more })
}

function registrations({ unknownGroups: names }: CheckFacts): Finding[] {
  return names.length === 0 ? [] : [finding('warning', 'registration.unknown-groups', { groups: names.join(', ') })]
}

function policies({ impossiblePolicies: names, publicUrl: url }: CheckFacts): Finding {
  if (names.length === 0) return finding('ok', 'policies.possible')
  return finding('failure', 'policies.passkeys-only', { count: names.length, policies: names.join(', '), url })
}

function attributes({ reservedAttributes, command }: CheckFacts): Finding[] {
  if (reservedAttributes.length === 0) return [finding('ok', 'attributes.free')]
  return reservedAttributes.map(({ key, replacement }) =>
    finding('warning', 'attributes.reserved', {
      columns: key,
      command: command(`attribute rename ${key} ${replacement}`),
    }),
  )
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

function hash({ weakHash }: CheckFacts): Finding {
  return weakHash ? finding('warning', 'password-hash.weak') : finding('ok', 'password-hash.strong')
}

/** The finding about things of which there should be none. */
function absence(count: number, none: Saying, level: CheckLevel, some: Saying): Finding {
  return count === 0 ? finding('ok', none) : finding(level, some, { count })
}

/** A warning for each job whose last run failed or whose last success is more than three intervals ago. */
function jobs({ jobs: rows, command }: CheckFacts, now: Instant): Finding[] {
  const warnings = rows.flatMap(({ name: job, every, next_run_at: nextRunAt, failures: count }) => {
    if (count > 0) return [finding('warning', 'jobs.failing', { job, count, command: command('jobs list') })]
    const span = now - nextRunAt
    return span > 2 * every ? [finding('warning', 'jobs.overdue', { job, span })] : []
  })
  return warnings.length === 0 ? [finding('ok', 'jobs.well')] : warnings
}

function version({ program: { wantedSchema, ...facts } }: CheckFacts): Finding {
  if (facts.schema > wantedSchema) return finding('note', 'version.behind', facts)
  return finding('ok', 'version.current', facts)
}
