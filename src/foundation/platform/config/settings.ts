import { MAIL_SETTINGS } from './mail-settings.ts'
import { PAGE_SETTINGS, PASSWORD_SETTINGS } from './page-and-password-settings.ts'
import {
  databaseUrl,
  domainName,
  duration,
  flag,
  hostName,
  httpOrigin,
  ipAddressRange,
  keyringText,
  type Kind,
  listOf,
  nameList,
  oneOf,
  path,
  roleList,
  size,
  wholeNumber,
} from './parse.ts'
import type { Setting } from './types.ts'

/** All settings in the order of the manual, by their name in the configuration file. */
export const SETTINGS = {
  host: {
    kind: hostName,
    standard: 'localhost',
    sentence: 'Host to listen on. `localhost` accepts connections from this machine only.',
    example: '0.0.0.0',
  },
  port: {
    kind: wholeNumber(0, 65_535),
    standard: '8000',
    sentence: 'TCP port to listen on. 0 picks a free one.',
    example: '8443',
  },
  public_url: {
    kind: httpOrigin,
    standard: null,
    otherwise: '`http://`, the host and the port',
    sentence: 'URL under which people open this server. Links, cookies and the same-site check use it.',
    example: 'https://id.example.org',
  },
  insecure_http: {
    kind: flag,
    standard: 'false',
    sentence: 'Permission to serve other machines without HTTPS. Anyone on the network can then read passwords.',
    example: 'true',
  },
  trusted_proxies: {
    kind: listOf(ipAddressRange, 'IP addresses or CIDR ranges'),
    standard: '',
    sentence: 'Proxies to trust: their `X-Forwarded-For` header gives the IP address of a request.',
    example: '10.0.0.0/8, ::1',
  },
  cors_origins: {
    kind: listOf(httpOrigin, 'origins such as `https://app.example.org`'),
    standard: '',
    sentence: 'Origins with pages that may read answers of the JSON routes (CORS).',
    example: 'https://app.example.org',
  },
  data_dir: {
    kind: path,
    standard: './data',
    sentence: 'Folder for the files of this server: SQLite database, keyring and audit checkpoints.',
    example: '/var/lib/doorward',
  },
  database_url: {
    kind: databaseUrl,
    standard: null,
    otherwise: '`sqlite:` and `doorward.db` in the data folder',
    sentence:
      'Database: `sqlite:PATH` or `postgres://…`, with several hosts separated by commas. The variable `DATABASE_URL` works, too.',
    secret: true,
    example: 'postgres://doorward:password@db.internal/doorward',
  },
  keyring: {
    kind: keyringText,
    standard: null,
    otherwise: '`keyring.json` in the data folder, created at the first start',
    sentence:
      'Keys for TOTP secrets, the audit chain, the rate limiter, device cookies and the pepper, as the text of a keyring.json. All nodes need the same one.',
    secret: true,
    neverFlag: true,
    example: '{"version":1,"keys":[…]}',
  },
  ...PAGE_SETTINGS,
  session_idle: {
    kind: duration('1m', '30d'),
    standard: '1h',
    sentence: 'Idle sessions end after this.',
    example: '30m',
  },
  session_absolute: {
    kind: duration('1m', '365d'),
    standard: '24h',
    sentence: 'Every session ends after this.',
    example: '12h',
  },
  proof_lifetime: {
    kind: duration('30s', '1d'),
    standard: '10m',
    sentence: 'Time after a sign-in or confirmation in which sensitive changes do not ask again.',
    example: '5m',
  },
  attempt_lifetime: {
    kind: duration('1m', '1h'),
    standard: '15m',
    sentence: 'Time to finish a sign-in after the password.',
    example: '10m',
  },
  setup_link_lifetime: {
    kind: duration('1m', '1d'),
    standard: '30m',
    sentence: 'How long the setup link is valid.',
    example: '15m',
  },
  invitation_lifetime: {
    kind: duration('10m', '60d'),
    standard: '7d',
    sentence: 'How long an invitation link is valid.',
    example: '2d',
  },
  access_token_lifetime: {
    kind: duration('1m', '1h'),
    standard: '10m',
    sentence: 'How long an access token of an app is valid.',
    example: '5m',
  },
  refresh_token_lifetime: {
    kind: duration('1h', '180d'),
    standard: '30d',
    sentence:
      'How long a refresh token of an app is valid. Each use gives the app another one: while the session lives, or with `offline_access` until 180 days after the sign-in.',
    example: '14d',
  },
  ...PASSWORD_SETTINGS,
  // The settings of the two-person rule. No page and no route changes them, so that an admin cannot turn the rule off alone.
  two_person_rule: {
    kind: oneOf(['off', 'on']),
    standard: 'off',
    sentence:
      'Two-person rule, `off` or `on`: a second admin approves changes to accounts with permissions and to roles. Only this configuration changes it, and each change is audited at the next start.',
    example: 'on',
  },
  approval_wait: {
    kind: duration('1h', '30d'),
    standard: '24h',
    sentence:
      'Waiting time of the two-person rule: without a second admin, a request is carried out after it, unless the person concerned objects. Only this configuration changes it.',
    example: '48h',
  },
  // The roles of the configuration. No page and no route changes them.
  roles: {
    kind: roleList,
    standard: '',
    sentence:
      'Roles besides `admin` and `user`, with their permissions. Only this configuration changes them, and each change is audited at the next start. A role removed here keeps its users and loses its permissions.',
    example: 'support=users:read,users:help; auditor=audit:read',
  },
  ...MAIL_SETTINGS,
  // Who may create an account without an invitation.
  registration: {
    kind: oneOf(['off', 'open', 'approval']),
    standard: 'off',
    sentence:
      'Self-registration: `off`, `open`, or `approval`, where an admin decides on each account. Needs email, because each address is confirmed first.',
    example: 'approval',
  },
  registration_domains: {
    kind: listOf(domainName, 'domains such as `example.org`'),
    standard: '',
    sentence:
      'Domains of the email addresses that may register, without subdomains. Everyone can read the list. Empty means every domain.',
    example: 'example.org, example.com',
  },
  registration_groups: {
    kind: nameList,
    standard: '',
    sentence:
      'Names of the groups that everyone who registers joins, separated by commas, or by semicolons if a name has a comma. Another choice can be made at an approval. A group that does not exist is a finding of the check-up.',
    example: 'Members, Newsletter',
  },
  registration_proof_of_work: {
    kind: wholeNumber(0, 24),
    standard: '0',
    sentence:
      'Work that a browser does before it may register, in bits: each one doubles it. 0 asks for none, and 18 is right for a public server. With it, the page needs JavaScript.',
    example: '18',
  },
  audit_checkpoint_interval: {
    kind: duration('1m', '7d'),
    standard: '1h',
    former: 'audit_head_interval',
    sentence: 'Interval between checkpoints of the audit log, which go to the server log and the data folder.',
    example: '15m',
  },
  docs: { kind: flag, standard: 'true', sentence: 'API documentation at `/docs`, on or off.', example: 'false' },
  body_limit: {
    kind: size('1KiB', '16MiB'),
    standard: '64KiB',
    sentence: 'Maximum size of a request body.',
    example: '128KiB',
  },
  request_timeout: {
    kind: duration('1s', '10m'),
    standard: '30s',
    sentence: 'Time to receive a complete request.',
    example: '10s',
  },
  shutdown_grace: {
    kind: duration('1s', '10m'),
    standard: '10s',
    sentence: 'Time for requests in progress when the server stops.',
    example: '25s',
  },
  log_level: {
    kind: oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']),
    standard: 'info',
    sentence: 'Minimum log level.',
    example: 'warn',
  },
} as const satisfies Record<string, Setting<unknown>>

export type SettingName = keyof typeof SETTINGS
type ValueOf<Entry> = Entry extends { kind: Kind<infer Value>; standard: infer Standard }
  ? Standard extends string
    ? Value
    : Value | null
  : never
/** The parsed value of every setting; null if it is not set and its default depends on other settings. */
export type SettingValues = { -readonly [Name in SettingName]: ValueOf<(typeof SETTINGS)[Name]> }

export const SETTING_NAMES = Object.keys(SETTINGS) as SettingName[]

/** Current names by the former ones, which are accepted until 0.2. */
export const FORMER_NAMES: ReadonlyMap<string, SettingName> = new Map(
  SETTING_NAMES.flatMap((name) => {
    const { former } = settingOf(name)
    return former === undefined ? [] : [[former, name] as const]
  }),
)

/** The setting of a name, without the narrow type that it has in `SETTINGS`. */
export function settingOf(name: SettingName): Setting<unknown> {
  return SETTINGS[name]
}

export function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(SETTINGS, name)
}

/** The two other spellings of a setting's name. */
export const flagOf = (name: string): string => `--${name.replaceAll('_', '-')}`
export const variableOf = (name: string): string => `DOORWARD_${name.toUpperCase()}`

/** The name of a setting as the file spells it, from any spelling of its flag. */
export function settingName(flag: string): string {
  return flag.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`).replaceAll('-', '_')
}
