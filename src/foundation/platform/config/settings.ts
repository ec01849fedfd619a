import { PAGE_SETTINGS, PASSWORD_SETTINGS } from './account-settings.ts'
import {
  addressRange,
  databaseAddress,
  duration,
  flag,
  hostName,
  httpOrigin,
  keyringText,
  listOf,
  oneOf,
  path,
  size,
  wholeNumber,
} from './parse.ts'
import type { Kind } from './parse.ts'
import type { Setting } from './types.ts'

/** One setting a line of the manual, in the order in which it is shown. The name is how the file spells it. */
export const SETTINGS = {
  host: {
    kind: hostName,
    standard: 'localhost',
    sentence: 'Name or address to listen on; `localhost` is reached from this machine only.',
    example: '0.0.0.0',
  },
  port: {
    kind: wholeNumber(0, 65_535),
    standard: '8000',
    sentence: 'TCP port to listen on; 0 takes any free one.',
    example: '8443',
  },
  public_url: {
    kind: httpOrigin,
    standard: null,
    otherwise: '`http://`, the host and the port',
    sentence: 'The address people type: links, cookies and the same-site check are built from it.',
    example: 'https://id.example.org',
  },
  insecure_http: {
    kind: flag,
    standard: 'false',
    sentence:
      'Allows listening beyond this machine while the public URL is plain http, where passwords can be read on the way.',
    example: 'true',
  },
  trusted_proxies: {
    kind: listOf(addressRange, 'IP addresses or CIDR ranges'),
    standard: '',
    sentence: 'Proxies whose `X-Forwarded-For` is believed when telling from where a request comes.',
    example: '10.0.0.0/8, ::1',
  },
  cors_origins: {
    kind: listOf(httpOrigin, 'addresses such as `https://app.example.org`'),
    standard: '',
    sentence: 'Origins whose pages may read answers of the JSON routes.',
    example: 'https://app.example.org',
  },
  data_dir: {
    kind: path,
    standard: './data',
    sentence: 'Folder for what belongs to this server: the SQLite database, the keyring, the head of the audit chain.',
    example: '/var/lib/doorward',
  },
  database_url: {
    kind: databaseAddress,
    standard: null,
    otherwise: '`sqlite:` and `doorward.db` in the data folder',
    sentence:
      'The database: `sqlite:PATH` or `postgres://…`, with several hosts separated by commas; a plain `DATABASE_URL` in the environment is taken too.',
    secret: true,
    example: 'postgres://doorward:password@db.internal/doorward',
  },
  keyring: {
    kind: keyringText,
    standard: null,
    otherwise: '`keyring.json` in the data folder, made at the first start',
    sentence:
      'The keys that seal code secrets and the audit chain, as the text of a keyring.json; several nodes need the same.',
    secret: true,
    neverFlag: true,
    example: '{"version":1,"keys":[…]}',
  },
  ...PAGE_SETTINGS,
  session_idle: {
    kind: duration('1m', '30d'),
    standard: '1h',
    sentence: 'A session that is not used for this long is over.',
    example: '30m',
  },
  session_absolute: {
    kind: duration('1m', '365d'),
    standard: '24h',
    sentence: 'A session this old is over, however busy.',
    example: '12h',
  },
  proof_lifetime: {
    kind: duration('30s', '1d'),
    standard: '10m',
    sentence: 'For this long after proving password and code, changes that need a recent proof are allowed.',
    example: '5m',
  },
  attempt_lifetime: {
    kind: duration('1m', '1h'),
    standard: '15m',
    sentence: 'A sign-in must be finished within this time after the password.',
    example: '10m',
  },
  setup_link_lifetime: {
    kind: duration('1m', '1d'),
    standard: '30m',
    sentence: 'How long the link that makes the first admin works.',
    example: '15m',
  },
  invitation_lifetime: {
    kind: duration('10m', '60d'),
    standard: '7d',
    sentence: 'How long an invitation works.',
    example: '2d',
  },
  ...PASSWORD_SETTINGS,
  audit_checkpoint_interval: {
    kind: duration('1m', '7d'),
    standard: '1h',
    former: 'audit_head_interval',
    sentence: 'Interval at which a checkpoint of the audit log is written to the log and to the data folder.',
    example: '15m',
  },
  docs: { kind: flag, standard: 'true', sentence: 'Whether the page `/docs` is served.', example: 'false' },
  body_limit: {
    kind: size('1KiB', '16MiB'),
    standard: '64KiB',
    sentence: 'Largest request body that is read.',
    example: '128KiB',
  },
  request_timeout: {
    kind: duration('1s', '10m'),
    standard: '30s',
    sentence: 'A request must have arrived in full within this time.',
    example: '10s',
  },
  shutdown_grace: {
    kind: duration('1s', '10m'),
    standard: '10s',
    sentence: 'How long a stopping server lets requests in flight finish.',
    example: '25s',
  },
  log_level: {
    kind: oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']),
    standard: 'info',
    sentence: 'The least important lines that are logged.',
    example: 'warn',
  },
} as const satisfies Record<string, Setting<unknown>>

export type SettingName = keyof typeof SETTINGS
type ValueOf<Entry> = Entry extends { kind: Kind<infer Value>; standard: infer Standard }
  ? Standard extends string
    ? Value
    : Value | null
  : never
/** The parsed value of every setting; null where nothing was typed and the default follows from others. */
export type SettingValues = { -readonly [Name in SettingName]: ValueOf<(typeof SETTINGS)[Name]> }

export const SETTING_NAMES = Object.keys(SETTINGS) as SettingName[]

/** Present names by the former ones, which are accepted until 0.2. */
export const FORMER_NAMES: ReadonlyMap<string, SettingName> = new Map(
  SETTING_NAMES.flatMap((name) => {
    const { former } = settingOf(name)
    return former === undefined ? [] : [[former, name] as const]
  }),
)

export function settingOf(name: SettingName): Setting<unknown> {
  return SETTINGS[name]
}

export function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(SETTINGS, name)
}

/** The two other spellings of a setting's name. */
export const flagOf = (name: string): string => `--${name.replaceAll('_', '-')}`
export const variableOf = (name: string): string => `DOORWARD_${name.toUpperCase()}`

/** A flag's name in any spelling, as the file spells it. */
export function settingName(flag: string): string {
  return flag.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`).replaceAll('-', '_')
}
