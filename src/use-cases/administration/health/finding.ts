// A finding of the check-up: its level and its facts, its texts and its link.
// Tested in health.test.ts.
import type { Permission, PrincipalUser } from '#foundation/kernel/principal.ts'
import type { Saying } from '#foundation/texts/english/checkup.ts'
import type { FindingFacts } from '#foundation/texts/english/findings.ts'
import type { Texts } from '#foundation/texts/texts.ts'
import type { IconName } from '#foundation/web/components/status.ts'
import { ACTIVITY_PATH } from '../audit/activity-filter.ts'
import { POLICIES_PATH } from '../policy-rollout/policy-path.ts'
import { usersHref } from '../users/user-list-query.ts'

export const CHECK_LEVELS = ['ok', 'note', 'warning', 'failure'] as const
export type CheckLevel = (typeof CHECK_LEVELS)[number]

export const KIND_OF_LEVEL: Readonly<Record<CheckLevel, IconName>> = {
  ok: 'ok',
  note: 'info',
  warning: 'warn',
  failure: 'danger',
}

/** The checks whose findings are about a user. */
export type RowCode = Extract<
  Saying,
  | `username-${string}`
  | `email-${string}`
  | `${string}-secret-unreadable`
  | 'role-unknown'
  | 'value-unreadable'
  | 'admin-kept'
>

export interface Finding {
  readonly code: string
  readonly level: CheckLevel
  /** The key of the sentence in the texts. */
  readonly says: Saying
  readonly facts: FindingFacts
  /** The id of the user concerned; null for a finding about the server. */
  readonly userId: number | null
}

const NO_FACTS: FindingFacts = {
  count: 0,
  more: 0,
  bytes: 0,
  logBytes: 0,
  span: 0,
  ago: 0,
  url: '',
  otherUrl: '',
  ipAddress: '',
  engine: '',
  version: '',
  node: '',
  schema: 0,
  id: 0,
  command: '',
  job: '',
  columns: '',
  policies: '',
  groups: '',
  apps: '',
  error: '',
}

/** Makes a finding about the server; its code is the part of `says` before the first dot. */
export function finding(level: CheckLevel, says: Saying, facts: Partial<FindingFacts> = {}): Finding {
  const [code = says] = says.split('.', 1)
  return { code, level, says, facts: { ...NO_FACTS, ...facts }, userId: null }
}

export interface FindingInWords {
  readonly name: string
  readonly sentence: string
  /** The remedy; null if none is needed. */
  readonly fix: string | null
}

/** The texts of a finding in one language. */
export function inWords({ checkup }: Texts, { code, says, facts, userId }: Finding): FindingInWords {
  const { sentence, fix } = checkup.findings[says]
  return { name: checkName(checkup, code, userId), sentence: sentence(facts), fix: fix?.(facts) ?? null }
}

function checkName({ checks, user }: Texts['checkup'], code: string, userId: number | null): string {
  if (userId !== null) return user(userId)
  const names: Readonly<Record<string, string>> = checks
  return names[code] ?? code
}

/** Of admins only an active one can open a page with findings, so the only one is its reader. */
export function addressedToReader(finding: Finding, { role }: Pick<PrincipalUser, 'role'>): Finding {
  return finding.says === 'admins.one' && role === 'admin' ? { ...finding, says: 'admins.you' } : finding
}

interface FindingLink {
  readonly path: string
  readonly to: keyof Texts['checkup']['links']
}

/** The page on which the finding can be fixed; undefined if there is none, or if it would be refused with these permissions. */
export function findingLink(
  { code, says, level, userId }: Finding,
  permissions: readonly Permission[],
): FindingLink | undefined {
  if (userId !== null) return { path: `/admin/users/${userId}`, to: 'user' }
  const link = level === 'ok' ? undefined : (LINKS[says] ?? LINKS[code])
  const needed = link && NEEDED[link.to]
  return needed === undefined || permissions.includes(needed) ? link : undefined
}

const NEEDED: Partial<Record<FindingLink['to'], Permission>> = {
  activity: 'audit:read',
  policies: 'policy:write',
  attributes: 'policy:write',
  apps: 'apps:write',
}

/** By check, or by finding where it counts only a part of what the page lists: the list then shows as many. */
const LINKS: Readonly<Record<string, FindingLink>> = {
  admins: { path: '/admin/users?role=admin', to: 'admins' },
  'second-steps': { path: usersHref({ show: 'no-factor', sort: 'username' }), to: 'withoutSecondStep' },
  policies: { path: POLICIES_PATH, to: 'policies' },
  attributes: { path: '/admin/attributes', to: 'attributes' },
  apps: { path: '/admin/apps', to: 'apps' },
  mail: { path: '/admin/mails', to: 'mails' },
  'mail.waiting': { path: '/admin/mails?state=queued', to: 'mails' },
  'mail.refused': { path: '/admin/mails?state=failed', to: 'mails' },
  'mail.expired': { path: '/admin/mails?state=expired', to: 'mails' },
  'audit-chain': { path: ACTIVITY_PATH, to: 'activity' },
  'audit-checkpoint': { path: ACTIVITY_PATH, to: 'activity' },
}

/** Removes hosts of URLs, IP addresses, paths and names of policies, groups and apps, so that the report can be sent to third parties. */
export function redactedFinding(finding: Finding): Finding {
  const { url, otherUrl, ipAddress, command, error, policies, groups, apps } = finding.facts
  const facts: FindingFacts = {
    ...finding.facts,
    url: withoutHost(url),
    otherUrl: withoutHost(otherUrl),
    ipAddress: ipAddress === '' ? '' : '[address]',
    command: command.replaceAll(FLAG_VALUE, ' $1 …'),
    error: error === '' ? '' : '[answer]',
    policies: policies === '' ? '' : '[names]',
    groups: groups === '' ? '' : '[names]',
    apps: apps === '' ? '' : '[names]',
  }
  return { ...finding, facts }
}

/** A flag with its value, as `commandFor` quotes it for a shell. */
const FLAG_VALUE = / (--[a-z-]+) (?:'(?:[^']|'\\'')*'|\S+)/g

function withoutHost(url: string): string {
  return url.replace(/^(https?:\/\/).*$/s, '$1[host]')
}
