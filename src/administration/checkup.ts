// What an operator should know, and what to do about it.
import { hours } from '../kernel/time.ts'
import type { Duration, Instant } from '../kernel/time.ts'

export type CheckLevel = 'ok' | 'note' | 'warning'

export interface Finding {
  readonly code: string
  readonly level: CheckLevel
  /** What is so. */
  readonly sentence: string
  /** What to do; null where nothing is to be done. */
  readonly fix: string | null
  /** The user it is about, where it is about one. */
  readonly userId: number | null
}

export interface CheckFacts {
  readonly publicUrl: string
  readonly weakHash: boolean
  readonly actingAdmins: number
  readonly waitingAdmins: number
  /** Enabled users who could sign in with a password alone, were it not refused. */
  readonly withoutFactor: number
  readonly bcrypt: number
  readonly plainSecrets: number
  readonly database: { readonly kind: 'sqlite' | 'postgres'; readonly bytes: number }
  /** When the end of the audit chain was last written outside the database; null when never. */
  readonly headAt: Instant | null
  readonly headInterval: Duration
  readonly rows: readonly { readonly code: string; readonly id: number; readonly sentence: string }[]
}

/** Every check with its result, the good ones too. */
export function judgeServer(facts: CheckFacts, now: Instant): Finding[] {
  return [
    address(facts),
    admins(facts),
    secondSteps(facts),
    hash(facts),
    oldHashes(facts),
    plainSecrets(facts),
    auditHead(facts, now),
    database(facts),
    ...facts.rows.map(({ code, id, sentence }) => ({
      ...warning(code, sentence, `Open user ${id} and change it.`),
      userId: id,
    })),
  ]
}

/** The gravest level among findings. */
export function worstOf(findings: readonly Finding[]): CheckLevel {
  if (findings.some(({ level }) => level === 'warning')) return 'warning'
  return findings.some(({ level }) => level === 'note') ? 'note' : 'ok'
}

function address({ publicUrl }: CheckFacts): Finding {
  const { protocol, hostname } = new URL(publicUrl)
  if (protocol === 'https:') return ok('address', `People reach this server at ${publicUrl}, over https.`)
  const local = hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname)
  if (local) return ok('address', `People reach this server at ${publicUrl}, on this machine only.`)
  return warning(
    'address',
    `People reach this server at ${publicUrl}: whoever is on the way can read passwords and codes.`,
    'Put it behind a reverse proxy with https and set public_url to that address.',
  )
}

function admins({ actingAdmins, waitingAdmins }: CheckFacts): Finding {
  if (actingAdmins > 1) return ok('admins', `${actingAdmins} admins can act.`)
  const waiting = waitingAdmins > 0 ? ` ${waitingAdmins} more have no second step yet.` : ''
  const found = actingAdmins === 1 ? 'Only one admin can act.' : 'No admin can act.'
  return warning(
    'admins',
    found + waiting,
    'Make a second admin, so that nobody is locked out when one loses their phone.',
  )
}

function secondSteps({ withoutFactor }: CheckFacts): Finding {
  if (withoutFactor === 0) return ok('second-steps', 'Everybody has a second step.')
  const who = withoutFactor === 1 ? '1 user has' : `${withoutFactor} users have`
  return note('second-steps', `${who} no second step yet.`, 'Remind them, or send them a new invitation.')
}

function hash({ weakHash }: CheckFacts): Finding {
  if (!weakHash) return ok('password-hash', 'Passwords are stored at a cost that is advised today.')
  return warning(
    'password-hash',
    'Passwords are stored at a lower cost than is advised.',
    'Raise hash_memory and hash_passes, or leave them out of the configuration.',
  )
}

function oldHashes({ bcrypt }: CheckFacts): Finding {
  if (bcrypt === 0) return ok('old-password-hashes', 'No password is stored with an older scheme.')
  const which = bcrypt === 1 ? '1 password is' : `${bcrypt} passwords are`
  return note(
    'old-password-hashes',
    `${which} stored with bcrypt.`,
    'Nothing: each is stored anew when its owner signs in.',
  )
}

function plainSecrets({ plainSecrets: count }: CheckFacts): Finding {
  if (count === 0) return ok('code-secrets', 'Every code secret is sealed.')
  const which = count === 1 ? '1 code secret stands' : `${count} code secrets stand`
  return warning(
    'code-secrets',
    `${which} in plain text in the database.`,
    'Start the server, which seals them. What stays is no base32 text: empty otp_secret and invite that user.',
  )
}

function auditHead({ headAt, headInterval }: CheckFacts, now: Instant): Finding {
  const fix = 'It is written while the server runs and when it stops; check that the data folder can be written.'
  if (headAt === null)
    return note('audit-head', 'The end of the audit log was not noted outside the database yet.', fix)
  const age = now - headAt
  const sentence = `The end of the audit log was last noted ${inHours(age)} ago.`
  return age <= headInterval * 2 ? ok('audit-head', sentence) : note('audit-head', sentence, fix)
}

function inHours(span: Duration): string {
  const whole = Math.floor(span / hours(1))
  if (whole === 0) return 'less than an hour'
  return whole === 1 ? '1 hour' : `${whole} hours`
}

function database({ database: { kind, bytes } }: CheckFacts): Finding {
  const name = kind === 'sqlite' ? 'SQLite' : 'PostgreSQL'
  return ok('database', `The database is ${name} and takes ${(bytes / 1_000_000).toFixed(1)} MB.`)
}

function ok(code: string, sentence: string): Finding {
  return { code, level: 'ok', sentence, fix: null, userId: null }
}

function note(code: string, sentence: string, fix: string): Finding {
  return { code, level: 'note', sentence, fix, userId: null }
}

function warning(code: string, sentence: string, fix: string): Finding {
  return { code, level: 'warning', sentence, fix, userId: null }
}
