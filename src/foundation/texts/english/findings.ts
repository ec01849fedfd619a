// What the server finds about itself, its clock and its background jobs. The page, the API and the command line say it from here.
import { ageInWords } from '../spans.ts'
import type { Duration } from '../../kernel/time.ts'

/** What a sentence about a check may say; each uses a few of them. */
export interface FindingFacts {
  readonly count: number
  /** What is counted besides. */
  readonly more: number
  readonly bytes: number
  readonly logBytes: number
  readonly span: Duration
  /** How long ago something happened. */
  readonly ago: Duration
  /** An origin, such as `https://id.example.org`. */
  readonly url: string
  /** A second one that ought to be the same. */
  readonly otherUrl: string
  /** A network address. */
  readonly address: string
  readonly engine: string
  readonly version: string
  readonly node: string
  readonly schema: number
  /** The id of a user. */
  readonly id: number
  /** A command, as it is typed on the server. */
  readonly command: string
  /** The name of a background job. */
  readonly job: string
  /** Names of columns. */
  readonly columns: string
}

export interface FindingWords {
  /** What is so. */
  readonly sentence: (facts: FindingFacts) => string
  /** What to do; absent where nothing is to be done. */
  readonly fix?: (facts: FindingFacts) => string
}

const megabytes = (bytes: number): string => `${(bytes / 1_000_000).toFixed(1)} MB`
const age = (span: Duration): string => ageInWords('en', span)

function hours(span: Duration): string {
  const whole = Math.floor(span / 3_600_000)
  if (whole === 0) return 'less than an hour'
  return whole === 1 ? '1 hour' : `${whole} hours`
}

const CHECKPOINT_FIX =
  'The server records it while it runs and when it stops. Check that it can write to the data folder.'
const invitedToo = (more: number): string =>
  more > 0 ? ` Not counted: ${more} invited, who set one up when they come in.` : ''
const waitingAdmins = (more: number): string => (more > 0 ? ` ${more} more have no second step yet.` : '')
const seconds = (span: Duration): string => (Math.abs(span) / 1000).toFixed(1)
const JUMP_FIX =
  'If nobody set the clock and the machine did not sleep, check its automatic time (NTP). Events from then can show a wrong time.'

export const findings = {
  'address.https': {
    sentence: ({ url }) => `People reach this server at ${url}, over https; cookies are sent over https only.`,
  },
  'address.local': { sentence: ({ url }) => `People reach this server at ${url}, on this machine only.` },
  'address.plain': {
    sentence: ({ url }) => `People reach this server at ${url}: whoever is on the way can read passwords and codes.`,
    fix: () => 'Put it behind a reverse proxy with https and set public_url to that address.',
  },
  'reached.here': { sentence: ({ url }) => `Your browser reached it at that address, ${url}.` },
  'reached.elsewhere': {
    sentence: ({ url, otherUrl }) =>
      `You reached this server at ${otherUrl}, but its links and cookies are for ${url}.`,
    fix: ({ otherUrl }) => `Open the public address, or set public_url (DOORWARD_PUBLIC_URL) to ${otherUrl}.`,
  },
  'proxy.none': { sentence: ({ address }) => `Requests come without a proxy; yours came from ${address}.` },
  'proxy.believed': { sentence: ({ address }) => `The proxy is trusted; it says that you come from ${address}.` },
  'proxy.unbelieved': {
    sentence: ({ address }) =>
      `A proxy at ${address} says where requests come from, but it is not trusted: everybody counts as one address.`,
    fix: ({ address }) => `If that is your proxy, set trusted_proxies to ${address}.`,
  },
  'proxy.silent': {
    sentence: ({ address }) => `Whatever ends https does not say where requests come from: everybody is ${address}.`,
    fix: () => 'Let the proxy send X-Forwarded-For, and name the proxy in trusted_proxies.',
  },
  'clock.own': { sentence: () => 'Server and database share one clock.' },
  'clock.agrees': { sentence: ({ span }) => `The clocks of server and database agree to ${seconds(span)} seconds.` },
  'clock.differs': {
    sentence: ({ span }) => `The clocks of server and database differ by ${seconds(span)} seconds.`,
    fix: () => 'Turn on automatic time (NTP) on both machines; whether a code is right depends on the clock.',
  },
  'clock-jumps.none': { sentence: () => 'The clock of the server has not jumped in the last 30 days.' },
  'clock-jumps.ahead': {
    sentence: ({ span, ago }) => `The clock of the server jumped ahead by ${age(span)}. That was ${age(ago)} ago.`,
    fix: () => JUMP_FIX,
  },
  'clock-jumps.back': {
    sentence: ({ span, ago }) => `The clock of the server jumped back by ${age(span)}. That was ${age(ago)} ago.`,
    fix: () => JUMP_FIX,
  },
  'database.size': { sentence: ({ engine, bytes }) => `The database is ${engine} and takes ${megabytes(bytes)}.` },
  'database.unprepared': {
    sentence: ({ engine, bytes }) =>
      `The database is ${engine} and takes ${megabytes(bytes)}. A connection pooler in front of it loses prepared statements, so the database plans every statement again each time.`,
    fix: () => 'Let the pooler track them (PgBouncer: max_prepared_statements = 200), then restart Doorward.',
  },
  'database.files': {
    sentence: ({ engine, bytes, logBytes }) =>
      `The database is ${engine} and takes ${megabytes(bytes)}, with ${megabytes(logBytes)} of write-ahead log.`,
  },
  'database.long-log': {
    sentence: ({ bytes, logBytes }) =>
      `The write-ahead log takes ${megabytes(logBytes)}, beside ${megabytes(bytes)} of database.`,
    fix: () => 'End other programs that keep the database open; the log is then taken in.',
  },
  'database.damaged': {
    sentence: () => 'The database file is damaged: pages of it contradict each other.',
    fix: () => 'Stop the server, keep a copy of the file, check the disk, and restore the last backup.',
  },
  'keyring.file': {
    sentence: ({ count }) => `${count} keys lie in the data folder, readable by their owner only.`,
  },
  'keyring.given': { sentence: ({ count }) => `${count} keys come from the configuration.` },
  'admins.several': { sentence: ({ count }) => `${count} admins can act.` },
  'admins.one': {
    sentence: ({ more }) => `Only one admin can act.${waitingAdmins(more)}`,
    fix: () => 'Make a second admin, so that nobody is locked out when one loses their phone.',
  },
  'admins.none': {
    sentence: ({ more }) => `No admin can act.${waitingAdmins(more)}`,
    fix: ({ command }) => `On the server, run ${command} and open the link it prints.`,
  },
  'second-steps.all': { sentence: ({ more }) => `Everybody has a second step.${invitedToo(more)}` },
  'second-steps.missing': {
    sentence: ({ count, more }) =>
      `${count === 1 ? '1 user has' : `${count} users have`} no second step yet.${invitedToo(more)}`,
    fix: () => 'Remind those without one, or send them a new invitation.',
  },
  'password-hash.strong': { sentence: () => 'Passwords are stored at a cost that is advised today.' },
  'password-hash.weak': {
    sentence: () => 'Passwords are stored at a lower cost than is advised.',
    fix: () => 'Raise hash_memory and hash_passes, or leave them out of the configuration.',
  },
  'old-password-hashes.none': { sentence: () => 'No password is stored with an older scheme.' },
  'old-password-hashes.some': {
    sentence: ({ count }) => `${count === 1 ? '1 password is' : `${count} passwords are`} stored with an older scheme.`,
    fix: () => 'Nothing: each is stored anew when its owner signs in.',
  },
  'code-secrets.sealed': { sentence: () => 'Every code secret is sealed.' },
  'code-secrets.plain': {
    sentence: ({ count }) =>
      `${count === 1 ? '1 code secret stands' : `${count} code secrets stand`} in plain text in the database.`,
    fix: () =>
      'Nothing while the server runs: it seals them in the background. A secret that stays can’t be read; this list names its user.',
  },
  'audit-chain.current': { sentence: () => 'The chain of the audit log is up to date.' },
  'audit-chain.waiting': {
    sentence: ({ span }) => `An event of the audit log has waited ${age(span)} to be chained.`,
    fix: () => 'The server chains events while it runs. If it is running, its log says why this failed.',
  },
  'audit-checkpoint.recent': {
    sentence: ({ span }) => `The log’s end was recorded outside the database ${hours(span)} ago.`,
  },
  'audit-checkpoint.late': {
    sentence: ({ span }) => `The log’s end was last recorded outside the database ${hours(span)} ago.`,
    fix: () => CHECKPOINT_FIX,
  },
  'audit-checkpoint.never': {
    sentence: () => 'The log’s end hasn’t been recorded outside the database yet.',
    fix: () => CHECKPOINT_FIX,
  },
  'audit-checkpoint.contradicted': {
    sentence: () => 'The audit log doesn’t match its recorded end: it was cut off or recomputed.',
    fix: ({ command }) =>
      `On the server, run ${command}. It shows what was changed, and the next step after restoring a backup.`,
  },
  'version.current': {
    sentence: ({ version, node, schema }) => `Doorward ${version} on Node ${node}, with schema ${schema}.`,
  },
  'version.behind': {
    sentence: ({ version, schema }) => `Doorward ${version} runs on schema ${schema}, which a newer version made.`,
    fix: () => 'Start the newer version on every node.',
  },
  'jobs.well': { sentence: () => 'No background job has failed or is overdue.' },
  'jobs.failing': {
    sentence: ({ job, count }) =>
      `The background job ${job} failed ${count === 1 ? 'once' : `${count} times in a row`}; the server tries again.`,
    fix: ({ command }) => `Run ${command} on the server to see why. The log of the server says more.`,
  },
  'jobs.overdue': {
    sentence: ({ job, span }) => `The background job ${job} should have run ${age(span)} ago.`,
    fix: () =>
      'Jobs run while the server runs. If it does, check its clock, and its log for what keeps the job waiting.',
  },
} satisfies Record<string, FindingWords>
