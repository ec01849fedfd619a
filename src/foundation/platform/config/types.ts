import type { SecondFactorPolicy } from '#foundation/kernel/assurance.ts'
import type { Secret } from '#foundation/kernel/secret.ts'
import type { Duration } from '#foundation/kernel/time.ts'
import type { Environment } from '../system.ts'
import type { ConfiguredRole, Kind } from './parse.ts'

/** The settings of policies. Only `src/domain/policies/` reads them; all other code receives a policy. */
export interface PolicySettings {
  readonly secondFactor: SecondFactorPolicy
  readonly sessionIdle: Duration
  readonly sessionAbsolute: Duration
  /** Characters (code points). */
  readonly passwordMinimum: number
  readonly twoPersonRule: boolean
  readonly approvalWait: Duration
  /** Which of these settings have a value of their own instead of the default: a stored policy for everyone cannot replace them. */
  readonly setExplicitly: readonly ('secondFactor' | 'sessionIdle' | 'sessionAbsolute' | 'reauthentication')[]
}

export interface HashPolicy {
  /** argon2id memory in KiB. */
  readonly memory: number
  /** argon2id passes over that memory. */
  readonly passes: number
  readonly parallelism: 1
  /** Worker threads. */
  readonly workers: number
  /** Maximum number of jobs that wait, in addition to those in progress. */
  readonly queue: number
}

/** The SMTP server that takes the mails of this server. */
export interface MailSettings {
  readonly host: string
  readonly port: number
  /** `implicit`: TLS from the first byte; `starttls`: TLS is required before anything is sent; `none`: no encryption. */
  readonly tls: 'implicit' | 'starttls' | 'none'
  readonly user: string | null
  readonly password: Secret | null
  /** The email of the sender. */
  readonly from: string
}

/** Who may create an account without an invitation. */
export interface RegistrationSettings {
  readonly mode: 'off' | 'open' | 'approval'
  /** The domains of emails that may register; empty for all. */
  readonly domains: readonly string[]
  /** The names of the groups that everyone who registers joins. */
  readonly groups: readonly string[]
  /** How many leading bits of the hash must be 0; 0 asks for no proof of work. */
  readonly proofOfWork: number
}

/** A file with texts of one mail in one language. */
export interface MailTextFile {
  readonly path: string
  /** Without its ending, such as `test.en`. */
  readonly name: string
  readonly values: Readonly<Record<string, unknown>>
  /** The line of each key, from 1. */
  readonly lines: Readonly<Record<string, number>>
}

export interface MailTemplateFiles {
  readonly texts: readonly MailTextFile[]
  /** The style sheet; null where there is none. */
  readonly look: { readonly path: string; readonly css: string } | null
}

/** A flag that locates the database, its keyring or the server. */
export interface PathFlag {
  /** Such as `--data-dir`. */
  readonly flag: string
  /** Null if the value may hold a password. */
  readonly value: string | null
  readonly variable: string
}

/** Every setting, parsed and frozen; `settings.ts` describes each one. */
export interface Config {
  readonly instanceName: string
  /** sRGB colours in six lower-case digits, such as `#0f6b5c`, for the light and the dark theme; null for the shipped one. */
  readonly accent: string | null
  readonly accentDark: string | null
  /** Absolute paths. */
  readonly logo: string | null
  readonly icon: string | null
  /** The language, as its ISO 639 code, of those for whom no other is known. */
  readonly defaultLocale: 'en' | 'de'
  /** The contact for users who cannot sign in; null if none is named. */
  readonly supportContact: string | null
  /** A URI for reports of vulnerabilities; null if none is named. */
  readonly securityContact: string | null
  readonly host: string
  readonly port: number
  /** An origin without a trailing slash, such as `https://id.example.org`. */
  readonly publicUrl: string
  /** Whether the public URL is https, so that cookies get the attribute `Secure`. */
  readonly secureCookies: boolean
  readonly insecureHttp: boolean
  /** IP addresses and CIDR ranges of proxies whose `X-Forwarded-For` is used. */
  readonly trustedProxies: readonly string[]
  /** Origins whose pages may read responses (CORS). */
  readonly corsOrigins: readonly string[]
  /** An absolute path. */
  readonly dataDir: string
  /** `sqlite:` and an absolute path, or a `postgres://` URL. */
  readonly databaseUrl: Secret
  /** A complete keyring as JSON text; null to use the file in the data folder. */
  readonly keyring: Secret | null
  readonly policySettings: PolicySettings
  readonly reauthenticationLifetime: Duration
  readonly attemptLifetime: Duration
  readonly setupLinkLifetime: Duration
  readonly invitationLifetime: Duration
  /** The tokens that apps get by OpenID Connect. */
  readonly accessTokenLifetime: Duration
  readonly refreshTokenLifetime: Duration
  /** The URL where a prefix of a password's SHA-1 is looked up, without a trailing slash; null for no look-up. */
  readonly breachedPasswordsUrl: string | null
  /** Whether new hashes use the keyring's pepper. */
  readonly pepper: boolean
  readonly hash: HashPolicy
  /** Whether the hash costs less than OWASP recommends. */
  readonly weakHash: boolean
  /** Null where mail is off: then nothing is queued. */
  readonly mail: MailSettings | null
  readonly registration: RegistrationSettings
  /** The roles that the configuration declares. */
  readonly roles: readonly ConfiguredRole[]
  /** Texts and a look of mails that replace the shipped ones, as their files say them; null where there are none. */
  readonly mailTemplates: MailTemplateFiles | null
  readonly auditCheckpointInterval: Duration
  readonly docs: boolean
  /** Bytes. */
  readonly bodyLimit: number
  readonly requestTimeout: Duration
  readonly shutdownGrace: Duration
  readonly logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent'
  /** The flags that a suggested command repeats to act on the same database. */
  readonly pathFlags: readonly PathFlag[]
}

export interface ConfigInput {
  /** Command-line flags in any spelling: `public-url`, `publicUrl` or `public_url`; an undefined one counts as absent. */
  readonly flags?: Readonly<Record<string, string | boolean | undefined>>
  readonly env?: Environment
  /** The text of a file; undefined if it does not exist. */
  readonly readFile?: (path: string) => string | undefined
  readonly cwd?: string
}

export interface LoadedConfig {
  readonly config: Config
  /** Sources by the name of the setting in the file, such as `public_url`. */
  readonly origins: Readonly<Record<string, ValueOrigin>>
  /** Texts to show by the name of the setting; secrets are redacted. */
  readonly texts: Readonly<Record<string, string>>
  /** The configuration file that was read. */
  readonly file: string | null
}

export interface ShownSetting extends ValueOrigin {
  readonly key: string
  /** Secrets are redacted. */
  readonly value: string
}

export interface Setting<Value> {
  readonly kind: Kind<Value>
  /** The default as text; null if the default depends on other settings or is none, which `otherwise` then describes. */
  readonly standard: string | null
  readonly otherwise?: string
  /** A deprecated name, which is accepted until 0.2. */
  readonly former?: string
  /** The description in the manual and in the help of the flag. */
  readonly sentence: string
  /** The value is never shown, and it can be read from a file that `<name>_file` names. */
  readonly secret?: true
  /** The flag is refused, because every user of the machine can read command lines. */
  readonly neverFlag?: true
  readonly example: string
}

/** One fault of the configuration, in words for the operator. */
export interface ConfigFault {
  /** The setting as the file spells it, such as `public_url`. */
  readonly key: string
  /** The exact location of the value, such as `--port`, `DOORWARD_PORT` or `/etc/doorward/config.toml`. */
  readonly source: string
  /** The value that was found; a secret is not repeated. */
  readonly found: string
  readonly wanted: string
}

export interface ValueOrigin {
  readonly source: 'flag' | 'environment' | 'file' | 'default'
  /** The same as the `source` of a fault; also `DATABASE_URL` and `default`. */
  readonly detail: string
}

/** The text of a setting before it is parsed. */
export interface Typed extends ValueOrigin {
  readonly text: string
}
