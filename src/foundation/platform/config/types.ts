import type { Secret } from '../../kernel/secret.ts'
import type { SecondFactorPolicy } from '../../kernel/assurance.ts'
import type { Duration } from '../../kernel/time.ts'
import type { Environment } from '../environment.ts'
import type { Kind } from './parse.ts'

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

/** Every setting, parsed and frozen; `settings.ts` says what each means. */
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

export interface Setting<Value> {
  readonly kind: Kind<Value>
  /** As it would be typed; null where nothing typed means the default, which `otherwise` then describes. */
  readonly standard: string | null
  readonly otherwise?: string
  /** A deprecated name, which is accepted until 0.2. */
  readonly former?: string
  /** Follows the name in the manual. */
  readonly sentence: string
  /** Never shown, and may come from a file named by `<name>_file`. */
  readonly secret?: true
  /** Refused as a flag: every user of the machine can read command lines. */
  readonly neverFlag?: true
  readonly example: string
}

/** One setting that cannot be used, in words for the person who wrote it. */
export interface ConfigFault {
  /** The setting as the file spells it, such as `public_url`. */
  readonly key: string
  /** Where it was found, such as `--port`, `DOORWARD_PORT` or `/etc/doorward/config.toml`. */
  readonly source: string
  /** What stood there; for a secret only that something did. */
  readonly found: string
  readonly wanted: string
}

export type SourceKind = 'flag' | 'environment' | 'file' | 'default'

/** Where a value came from. */
export interface ValueOrigin {
  readonly source: SourceKind
  /** Its exact place, such as `--port`, `DATABASE_URL`, `/etc/doorward/config.toml` or `default`. */
  readonly detail: string
}

/** What was typed for a setting, before it is read. */
export interface Typed extends ValueOrigin {
  readonly text: string
}
