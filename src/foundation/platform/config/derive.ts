import { isIP } from 'node:net'
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'

import { isLoopback } from '#foundation/kernel/loopback.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { readableAccent, shortfallOf } from './accent.ts'
import { hostUrls, ownDatabaseUrl } from './database-url.ts'
import { mailFaults, mailOf } from './mail-config.ts'
import { flagOf, type SettingName, settingName, type SettingValues, variableOf } from './settings.ts'
import type { Config, ConfigFault, ConfigInput, PathFlag, RegistrationSettings } from './types.ts'

/** argon2id costs of equal strength in OWASP's password storage cheat sheet, parallelism 1: memory in KiB and passes. */
const RECOMMENDED_COSTS = [
  { memory: 47_104, passes: 1 },
  { memory: 19_456, passes: 2 },
  { memory: 12_288, passes: 3 },
  { memory: 9_216, passes: 4 },
  { memory: 7_168, passes: 5 },
]

/** The settings that a stored policy for everyone replaces unless they are set, by the name of its term. */
const POLICY_TERMS = [
  ['secondFactor', 'second_factor'],
  ['sessionIdle', 'session_idle'],
  ['sessionAbsolute', 'session_absolute'],
  ['reauthentication', 'proof_lifetime'],
] as const

/** The settings as the program uses them: grouped, with absolute paths, and with the defaults that depend on other settings. */
export function derive(
  values: SettingValues,
  { cwd, isSet }: { readonly cwd: string; readonly isSet: (name: SettingName) => boolean },
): Omit<Config, 'pathFlags' | 'mailTemplates'> {
  const dataDir = resolve(cwd, values.data_dir)
  const publicUrl = values.public_url ?? defaultPublicUrl(values.host, values.port)
  return {
    instanceName: values.instance_name,
    accent: values.accent,
    accentDark: values.accent_dark,
    logo: values.logo === null ? null : resolve(cwd, values.logo),
    icon: values.icon === null ? null : resolve(cwd, values.icon),
    defaultLocale: values.default_locale,
    supportContact: values.support_contact,
    securityContact: values.security_contact,
    host: values.host,
    port: values.port,
    publicUrl,
    secureCookies: publicUrl.startsWith('https:'),
    insecureHttp: values.insecure_http,
    trustedProxies: values.trusted_proxies,
    corsOrigins: values.cors_origins,
    dataDir,
    databaseUrl: Secret.of(databaseUrl(values.database_url, dataDir, cwd)),
    keyring: values.keyring === null ? null : Secret.of(values.keyring),
    policySettings: {
      secondFactor: values.second_factor,
      sessionIdle: values.session_idle,
      sessionAbsolute: values.session_absolute,
      passwordMinimum: values.password_minimum,
      twoPersonRule: values.two_person_rule === 'on',
      approvalWait: values.approval_wait,
      setExplicitly: POLICY_TERMS.filter(([, name]) => isSet(name)).map(([term]) => term),
    },
    reauthenticationLifetime: values.proof_lifetime,
    attemptLifetime: values.attempt_lifetime,
    setupLinkLifetime: values.setup_link_lifetime,
    invitationLifetime: values.invitation_lifetime,
    accessTokenLifetime: values.access_token_lifetime,
    refreshTokenLifetime: values.refresh_token_lifetime,
    breachedPasswordsUrl: values.breached_passwords_url,
    pepper: values.pepper,
    hash: {
      memory: values.hash_memory,
      passes: values.hash_passes,
      parallelism: 1,
      workers: values.hash_workers || availableParallelism(),
      queue: values.hash_queue,
    },
    weakHash: !RECOMMENDED_COSTS.some(
      ({ memory, passes }) => values.hash_memory >= memory && values.hash_passes >= passes,
    ),
    mail: mailOf(values),
    registration: registrationOf(values),
    roles: values.roles,
    auditCheckpointInterval: values.audit_checkpoint_interval,
    docs: values.docs,
    bodyLimit: values.body_limit,
    requestTimeout: values.request_timeout,
    shutdownGrace: values.shutdown_grace,
    logLevel: values.log_level,
  }
}

/** Faults between settings whose values are each valid alone. */
export function contradictions(values: SettingValues, sourceOf: (name: SettingName) => string): ConfigFault[] {
  const faults: ConfigFault[] = []
  const add = (key: SettingName, found: string, wanted: string) =>
    faults.push({ key, source: sourceOf(key), found, wanted })
  if (values.session_idle > values.session_absolute)
    add('session_idle', 'more than session_absolute', 'at most as much')
  const publicUrl = values.public_url ?? defaultPublicUrl(values.host, values.port)
  if (!isLoopback(values.host) && publicUrl.startsWith('http:') && !values.insecure_http) {
    const found = `plain http (${publicUrl}) while host is ${values.host}, which other machines can reach`
    add('public_url', found, 'an https URL, or `--insecure-http` on a network where traffic cannot be intercepted')
  }
  return [
    ...faults,
    ...mailFaults(values, sourceOf),
    ...registrationFaults(values, sourceOf),
    ...accentFaults(values, sourceOf),
  ]
}

function accentFaults(values: SettingValues, sourceOf: (name: SettingName) => string): ConfigFault[] {
  const accents = [
    { key: 'accent', theme: 'light', accent: values.accent },
    { key: 'accent_dark', theme: 'dark', accent: values.accent_dark },
  ] as const
  return accents.flatMap(({ key, theme, accent }) => {
    const missed = accent === null ? undefined : shortfallOf(accent, theme)
    if (accent === null || missed === undefined) return []
    const other = `; no colour can be read in both themes, so set accent_dark = "${readableAccent(accent, 'dark')}" as well`
    const found = `${accent}, with a contrast of ${missed.reached} to 1 for ${missed.pair} in the ${theme} theme`
    const wanted = `at least ${missed.needed} to 1, as with ${readableAccent(accent, theme)}`
    return [{ key, source: sourceOf(key), found, wanted: values.accent_dark === null ? wanted + other : wanted }]
  })
}

function registrationOf(values: SettingValues): RegistrationSettings {
  return {
    mode: values.registration,
    domains: values.registration_domains,
    groups: values.registration_groups,
    proofOfWork: values.registration_proof_of_work,
  }
}

/** The fault of registration without mail: no email could be confirmed. */
function registrationFaults(values: SettingValues, sourceOf: (name: SettingName) => string): ConfigFault[] {
  const { registration, mail_host: host } = values
  if (registration === 'off' || host !== null) return []
  const found = `${registration}, while email is off, so that no address could be confirmed`
  const wanted = '`off`, or an SMTP server in mail_host and mail_from'
  return [{ key: 'registration', source: sourceOf('registration'), found, wanted }]
}

/** The wildcard IP addresses `0.0.0.0` and `::` cannot be opened in a browser, so `localhost` stands for them. */
function defaultPublicUrl(host: string, port: number): string {
  const reachable = host === '0.0.0.0' || host === '::' ? 'localhost' : host
  return new URL(`http://${isIP(reachable) === 6 ? `[${reachable}]` : reachable}:${port}`).origin
}

function databaseUrl(typed: string | null, dataDir: string, cwd: string): string {
  if (typed === null) return ownDatabaseUrl(dataDir)
  const [, path] = /^sqlite:(.+)$/.exec(typed) ?? []
  return path === undefined ? typed : `sqlite:${resolve(cwd, path)}`
}

/** Settings that locate the database, its keyring and the server. */
const LOCATION_SETTINGS = [
  'config',
  'data_dir',
  'database_url',
  'database_url_file',
  'keyring_file',
  'host',
  'port',
  'public_url',
]

/** The location settings that were set by flags. Variables and files need no repetition: the next command reads them too. */
export function pathFlagsIn(flags: NonNullable<ConfigInput['flags']>): PathFlag[] {
  const given = new Map(Object.entries(flags).map(([name, value]) => [settingName(name), value]))
  return LOCATION_SETTINGS.flatMap((name) => {
    const text = given.get(name)
    if (text === undefined) return []
    const isHidden = name === 'database_url' && mayHoldPassword(String(text).trim())
    return [{ flag: flagOf(name), value: isHidden ? null : String(text), variable: variableOf(name) }]
  })
}

/** A PostgreSQL URL may hold a password in its query too. */
function mayHoldPassword(databaseUrl: string): boolean {
  if (/^sqlite:/i.test(databaseUrl)) return false
  const [first = ''] = hostUrls(databaseUrl) ?? []
  const url = URL.parse(first)
  return url === null || url.password !== '' || url.search !== ''
}
