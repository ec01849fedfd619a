// What the server finds about itself, its clock and its background jobs. The page, the API and the command line say it from here.
import { CLOCK_JUMPS_KEPT } from '#foundation/kernel/stated-limits.ts'
import type { Duration } from '#foundation/kernel/time.ts'
import { ageInWords } from '../spans.ts'
import { stated } from './stated.ts'
import { counted } from './user-questions.ts'

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
  readonly ipAddress: string
  readonly engine: string
  readonly version: string
  readonly node: string
  readonly schema: number
  /** The id of a user. */
  readonly id: number
  /** A command, as it is typed on the server. A sentence ends with it, because a page shows it on a line of its own. */
  readonly command: string
  /** The name of a background job. */
  readonly job: string
  /** Names of columns; the key of an attribute. */
  readonly columns: string
  /** Names of policies. */
  readonly policies: string
  /** Names of groups. */
  readonly groups: string
  /** Names of apps. */
  readonly apps: string
  /** What another server answered. */
  readonly error: string
}

export interface FindingWords {
  /** What is so. */
  readonly sentence: (facts: FindingFacts) => string
  /** What to do; absent where nothing is to be done. */
  readonly fix?: (facts: FindingFacts) => string
}

const megabytes = (bytes: number): string => `${(bytes / 1_000_000).toFixed(1)} MB`
const age = (span: Duration): string => ageInWords('en', span)

const invitedToo = (more: number): string =>
  more > 0 ? ` ${counted(more, 'invited user', 'invited users')} will set one up when they join.` : ''
const waitingAdmins = (more: number): string =>
  more > 0 ? ` ${more} more still ${more === 1 ? 'needs' : 'need'} a second step.` : ''
const seconds = (span: Duration): string => (Math.abs(span) / 1000).toFixed(1)
const SECOND_ADMIN = 'Add a second one, so losing one phone doesn’t lock everyone out.'
const JUMP_FIX =
  'If nobody set the clock and the machine didn’t sleep, check its automatic time (NTP). Events from then may show a wrong time.'

export const findings = {
  'address.https': {
    sentence: ({ url }) => `The server is at ${url}, over HTTPS.`,
  },
  'address.local': { sentence: ({ url }) => `The server is at ${url}, on this machine only.` },
  'address.plain': {
    sentence: ({ url }) =>
      `The server is at ${url}, without encryption. Anyone on the network can read passwords and codes.`,
    fix: () => 'Put it behind a reverse proxy with HTTPS and set public_url to that address.',
  },
  'reached.here': { sentence: ({ url }) => `You opened the public address, ${url}.` },
  'reached.elsewhere': {
    sentence: ({ url, otherUrl }) => `You opened ${otherUrl}, but links and cookies are for ${url}.`,
    fix: ({ otherUrl }) => `Open the public address, or set public_url (DOORWARD_PUBLIC_URL) to ${otherUrl}.`,
  },
  'proxy.none': { sentence: ({ ipAddress }) => `No proxy. Your address is ${ipAddress}.` },
  'proxy.believed': { sentence: ({ ipAddress }) => `The proxy is trusted. It says your address is ${ipAddress}.` },
  'proxy.unbelieved': {
    sentence: ({ ipAddress }) =>
      `The proxy at ${ipAddress} isn’t trusted, so everyone appears to come from one address.`,
    fix: ({ ipAddress }) => `If it’s your proxy, set trusted_proxies to ${ipAddress}.`,
  },
  'proxy.silent': {
    sentence: ({ ipAddress }) => `The HTTPS proxy doesn’t pass on client addresses: everyone appears as ${ipAddress}.`,
    fix: () => 'Have the proxy send X-Forwarded-For and add it to trusted_proxies.',
  },
  'clock.own': { sentence: () => 'Server and database share one clock.' },
  'clock.agrees': { sentence: ({ span }) => `Server and database clocks agree to within ${seconds(span)} seconds.` },
  'clock.differs': {
    sentence: ({ span }) => `Server and database clocks differ by ${seconds(span)} seconds.`,
    fix: () => 'Turn on automatic time (NTP) on both machines. Codes depend on it.',
  },
  'clock-jumps.none': {
    sentence: () => `The server’s clock hasn’t jumped in the last ${stated.span(CLOCK_JUMPS_KEPT)}.`,
  },
  'clock-jumps.ahead': {
    sentence: ({ span, ago }) => `The server’s clock jumped ahead by ${age(span)}. That was ${age(ago)} ago.`,
    fix: () => JUMP_FIX,
  },
  'clock-jumps.back': {
    sentence: ({ span, ago }) => `The server’s clock jumped back by ${age(span)}. That was ${age(ago)} ago.`,
    fix: () => JUMP_FIX,
  },
  'database.size': { sentence: ({ engine, bytes }) => `The database is ${engine} and takes ${megabytes(bytes)}.` },
  'database.unprepared': {
    sentence: ({ engine, bytes }) =>
      `The database is ${engine} and takes ${megabytes(bytes)}. A connection pooler in front of it drops prepared statements, so the database plans every query again.`,
    fix: () => 'Have the pooler track them (PgBouncer: max_prepared_statements = 200), then restart Doorward.',
  },
  'database.files': {
    sentence: ({ engine, bytes, logBytes }) =>
      `The database is ${engine} and takes ${megabytes(bytes)}, with ${megabytes(logBytes)} of write-ahead log.`,
  },
  'database.long-log': {
    sentence: ({ bytes, logBytes }) =>
      `The write-ahead log takes ${megabytes(logBytes)}, next to a database of ${megabytes(bytes)}.`,
    fix: () => 'Close other programs that use the database. The log then shrinks by itself.',
  },
  'database.damaged': {
    sentence: () => 'The database file is damaged: its pages contradict each other.',
    fix: () => 'Stop the server, keep a copy of the file, check the disk and restore the last backup.',
  },
  'keyring.file': {
    sentence: ({ count }) => `The ${count} secret keys are readable only by the server’s user.`,
  },
  'keyring.given': { sentence: ({ count }) => `The ${count} secret keys come from the configuration.` },
  'signing-keys.unreadable': {
    sentence: ({ count }) =>
      `${counted(count, 'signing key', 'signing keys')} of ID tokens can’t be opened with the server’s keys.`,
    fix: ({ span }) =>
      `The next sign-in to an app replaces them. Apps may refuse sign-ins for up to ${stated.span(span)} after that.`,
  },
  'apps.without-pkce': {
    sentence: ({ count, apps }) =>
      `${counted(count, 'app signs', 'apps sign')} users in without PKCE: ${apps}. A stolen code would be worth more there.`,
    fix: () => 'Turn PKCE on in the app if it can do that, then require it on the app’s page.',
  },
  'apps.over-http': {
    sentence: ({ count, apps }) =>
      `${counted(count, 'app is', 'apps are')} allowed to get its answers without TLS, inside your network: ${apps}.`,
    fix: () => 'Give the app a certificate, change its redirect URIs to https, then forbid http on the app’s page.',
  },
  'admins.several': { sentence: ({ count }) => `There are ${count} active admins.` },
  'admins.one': {
    sentence: ({ more }) => `There’s only one ${more > 0 ? 'active admin' : 'admin'}.${waitingAdmins(more)}`,
    fix: () => SECOND_ADMIN,
  },
  /** To that admin. */
  'admins.you': {
    sentence: ({ more }) => `You’re the only ${more > 0 ? 'active admin' : 'admin'}.${waitingAdmins(more)}`,
    fix: () => SECOND_ADMIN,
  },
  'admins.none': {
    sentence: ({ more }) => `There’s no active admin.${waitingAdmins(more)}`,
    fix: ({ command }) => `Open the link that this prints on the server: ${command}`,
  },
  'second-steps.all': { sentence: ({ more }) => `Everyone who has joined has a second step.${invitedToo(more)}` },
  'second-steps.missing': {
    sentence: ({ count, more }) => `${counted(count, 'user has', 'users have')} no second step yet.${invitedToo(more)}`,
    fix: () => 'Remind them, or send them a new invitation.',
  },
  'policies.possible': { sentence: () => 'Every policy can be met at this address.' },
  'registration.unknown-groups': {
    sentence: ({ groups }) => `People who register should join groups that don’t exist: ${groups}.`,
    fix: () => 'Create the groups, or correct registration_groups. Until then, people register without them.',
  },
  'policies.passkeys-only': {
    sentence: ({ count, policies, url }) =>
      `${count === 1 ? 'A policy allows' : 'Some policies allow'} only passkeys (${policies}), but browsers can’t create passkeys at ${url}. People without one can’t sign in.`,
    fix: () => 'Set public_url to an HTTPS address with a domain name, or let the policy allow authenticator apps too.',
  },
  'attributes.free': { sentence: () => 'No attribute has a reserved key.' },
  'attributes.reserved': {
    sentence: ({ columns }) =>
      `The attribute ${columns} has a key that is reserved for claims, so apps can’t receive its values.`,
    fix: ({ command }) =>
      `Programs and lists use the new key once you have renamed it on its page, or on the server: ${command}`,
  },
  'password-hash.strong': { sentence: () => 'Passwords are hashed with the currently recommended settings.' },
  'password-hash.weak': {
    sentence: () => 'Password hashing is weaker than recommended.',
    fix: () => 'Raise hash_memory and hash_passes, or remove them from the configuration.',
  },
  'old-password-hashes.none': { sentence: () => 'No password uses an older hash.' },
  'old-password-hashes.some': {
    sentence: ({ count }) => `${counted(count, 'password uses', 'passwords use')} an older hash.`,
    fix: () => 'Nothing to do. Each is upgraded at the next sign-in.',
  },
  'code-secrets.sealed': { sentence: () => 'All authenticator secrets are encrypted.' },
  'code-secrets.plain': {
    sentence: ({ count }) =>
      `${counted(count, 'authenticator secret is', 'authenticator secrets are')} stored in plain text.`,
    fix: () =>
      'Nothing to do while the server runs: it encrypts them in the background. Those that stay can’t be read, and their users are listed here.',
  },
  'version.current': {
    sentence: ({ version, node, schema }) => `Doorward ${version} on Node ${node}, with schema ${schema}.`,
  },
  'version.behind': {
    sentence: ({ version, schema }) => `Doorward ${version} runs on schema ${schema}, which a newer version created.`,
    fix: () => 'Start the newer version on every node.',
  },
  'jobs.well': { sentence: () => 'All background jobs are on schedule.' },
  'jobs.failing': {
    sentence: ({ job, count }) =>
      `The background job ${job} failed ${count === 1 ? 'once' : `${count} times in a row`}. The server will retry.`,
    fix: ({ command }) => `The server’s log has the details. To see why, run this on the server: ${command}`,
  },
  'jobs.overdue': {
    sentence: ({ job, span }) => `The background job ${job} is overdue. It should have run ${age(span)} ago.`,
    fix: () => 'Jobs run while the server runs. If it’s running, check its clock and its log.',
  },
} satisfies Record<string, FindingWords>
