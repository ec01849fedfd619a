import type { Secret } from '../../kernel/secret.ts'
import type { SecondFactorPolicy } from '../../kernel/strength.ts'
import type { Duration } from '../../kernel/time.ts'
import { contradictions, derive } from './derive.ts'
import { ConfigFaults } from './faults.ts'
import type { ValueOrigin } from './origins.ts'
import { pathFlagsIn } from './place-flags.ts'
import { SETTING_NAMES } from './settings.ts'
import type { SettingName } from './settings.ts'
import { collect } from './sources.ts'
import { readValues, shownTexts } from './values.ts'
import type { Environment } from '../environment.ts'

export { ConfigFaults } from './faults.ts'
export type { ValueOrigin } from './origins.ts'
export { configFlags } from './flags.ts'

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent'

/** What is demanded of users, as it was set. Only `src/policies/` reads it; everything else is handed a policy. */
export interface PolicySettings {
  readonly secondFactor: SecondFactorPolicy
  readonly sessionIdle: Duration
  readonly sessionAbsolute: Duration
  /** Characters (code points). */
  readonly passwordMinimum: number
}

export interface HashPolicy {
  /** argon2id memory in KiB. */
  readonly memory: number
  /** argon2id passes over that memory. */
  readonly passes: number
  readonly parallelism: 1
  /** Worker threads. */
  readonly workers: number
  /** Jobs that may wait beside those being worked on. */
  readonly queue: number
}

/** A flag that says where something is, as it was typed. */
export interface PathFlag {
  /** Such as `--data-dir`. */
  readonly flag: string
  /** Null where it may hold a password. */
  readonly value: string | null
  readonly variable: string
}

/** Every setting, parsed and frozen; `config/settings.ts` says what each means. */
export interface Config {
  readonly instanceName: string
  /** Colours of sRGB in six digits of lower case, such as `#0f6b5c`, of the light and the dark theme; null for the shipped one. */
  readonly accent: string | null
  readonly accentDark: string | null
  /** An absolute path. */
  readonly logo: string | null
  /** Whom people ask when they cannot sign in; null when nobody was named. */
  readonly supportContact: string | null
  /** A URI for reports of weaknesses. */
  readonly securityContact: string | null
  readonly host: string
  readonly port: number
  /** An origin without a trailing slash, such as `https://id.example.org`. */
  readonly publicUrl: string
  /** Whether the public URL is https, so that cookies can insist on it. */
  readonly secureCookies: boolean
  readonly insecureHttp: boolean
  /** Addresses and CIDR ranges whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly string[]
  /** Origins whose browsers may read answers. */
  readonly corsOrigins: readonly string[]
  /** An absolute path. */
  readonly dataDir: string
  /** `sqlite:` and an absolute path, or a `postgres://` address. */
  readonly databaseUrl: Secret
  /** A whole keyring as JSON text; null to use the data folder's. */
  readonly keyring: Secret | null
  readonly policySettings: PolicySettings
  readonly proofLifetime: Duration
  readonly attemptLifetime: Duration
  readonly setupLinkLifetime: Duration
  readonly invitationLifetime: Duration
  /** Where a prefix of a password's SHA-1 is looked up, without a trailing slash; null asks nobody. */
  readonly breachedPasswordsUrl: string | null
  /** Whether new hashes are made with the keyring's pepper. */
  readonly pepper: boolean
  readonly hash: HashPolicy
  /** Whether the hash costs less than OWASP advises. */
  readonly weakHash: boolean
  readonly auditCheckpointInterval: Duration
  readonly docs: boolean
  /** Bytes. */
  readonly bodyLimit: number
  readonly requestTimeout: Duration
  readonly shutdownGrace: Duration
  readonly logLevel: LogLevel
  /** For commands that are to act on the same database. */
  readonly pathFlags: readonly PathFlag[]
}

export interface ConfigInput {
  /** Command-line flags in any spelling: `public-url`, `publicUrl` or `public_url`; undefined ones count as absent. */
  readonly flags?: Readonly<Record<string, string | boolean | undefined>>
  readonly env?: Environment
  /** Text of a file, or undefined when there is none. */
  readonly readFile?: (path: string) => string | undefined
  readonly cwd?: string
}

export interface LoadedConfig {
  readonly config: Config
  /** By setting name as the file spells it, such as `public_url`. */
  readonly origins: Readonly<Record<string, ValueOrigin>>
  /** What was typed or stands for it, by setting name, secrets redacted. */
  readonly texts: Readonly<Record<string, string>>
  /** The configuration file that was read. */
  readonly file: string | null
}

export interface ShownSetting {
  readonly key: string
  /** Secrets are redacted. */
  readonly value: string
  readonly source: ValueOrigin['source']
  readonly detail: string
}

/** Reads flags over environment over file over defaults; throws `ConfigFaults` naming everything that is wrong. */
export function loadConfig(input: ConfigInput = {}): LoadedConfig {
  const { typed, faults, file } = collect(input)
  const sourceOf = (name: SettingName): string => typed[name]?.detail ?? 'default'
  const { values, faults: unreadable } = readValues(typed)
  faults.push(...unreadable)
  // A file that could not be read leaves values out, and what they would contradict is not known.
  const isComplete = unreadable.length === 0 && faults.every(({ key }) => key !== 'config')
  if (isComplete) faults.push(...contradictions(values, sourceOf))
  if (faults.length > 0) throw new ConfigFaults(faults)
  const config = {
    ...derive(values, input.cwd ?? process.cwd()),
    pathFlags: pathFlagsIn(input.flags ?? {}),
  }
  const origins = Object.fromEntries(
    SETTING_NAMES.map((name) => [name, { source: typed[name]?.source ?? 'default', detail: sourceOf(name) }]),
  )
  return freeze({ config, origins, texts: shownTexts(typed, config), file })
}

/** Every setting with its value and where it came from, secrets redacted. */
export function showConfig({ origins, texts }: LoadedConfig): ShownSetting[] {
  return SETTING_NAMES.map((key) => ({
    key,
    value: texts[key] ?? '',
    source: origins[key]?.source ?? 'default',
    detail: origins[key]?.detail ?? 'default',
  }))
}

/** Plain objects and lists all the way down; a `Secret` cannot change anyway. */
function freeze<Value>(value: Value): Value {
  const plain = Array.isArray(value) || (value instanceof Object && Object.getPrototypeOf(value) === Object.prototype)
  if (!plain) return value
  for (const part of Object.values(value as object)) freeze(part)
  return Object.freeze(value)
}
