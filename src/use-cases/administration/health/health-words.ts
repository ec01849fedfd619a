// The texts and links of a finding.
import type { Texts } from '../../../foundation/texts/texts.ts'
import type { FindingFacts } from '../../../foundation/texts/english/findings.ts'
import { ACTIVITY_PATH } from '../audit/activity-filter.ts'
import type { Finding } from './health.ts'
import { usersHref } from '../users/user-list-query.ts'
import type { UsersShown } from '../users/user-list-query.ts'

export interface FindingInWords {
  /** The name of the check. */
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

interface FindingLink {
  readonly path: string
  /** The key of the link's text. */
  readonly to: keyof Texts['checkup']['links']
}

/** The page on which the finding can be fixed; undefined if there is none. */
export function findingLink({ code, level, userId }: Finding): FindingLink | undefined {
  if (userId !== null) return { path: `/admin/users/${userId}`, to: 'user' }
  return level === 'ok' ? undefined : LINKS[code]
}

const LINKS: Readonly<Record<string, FindingLink>> = {
  admins: { path: '/admin/users?role=admin', to: 'admins' },
  'second-steps': usersLink('no-factor', 'withoutSecondStep'),
  'audit-chain': { path: ACTIVITY_PATH, to: 'activity' },
  'audit-checkpoint': { path: ACTIVITY_PATH, to: 'activity' },
}

function usersLink(show: UsersShown, to: FindingLink['to']): FindingLink {
  return { path: usersHref({ show, sort: 'username' }), to }
}

/** Removes hosts of URLs, IP addresses and paths, so that the report can be sent to third parties. */
export function redactedFinding(finding: Finding): Finding {
  const { url, otherUrl, address, command } = finding.facts
  const facts: FindingFacts = {
    ...finding.facts,
    url: withoutHost(url),
    otherUrl: withoutHost(otherUrl),
    address: address === '' ? '' : '[address]',
    command: command.replaceAll(FLAG_VALUE, ' $1 …'),
  }
  return { ...finding, facts }
}

/** A flag with its value, as `commandFor` quotes it for a shell. */
const FLAG_VALUE = / (--[a-z-]+) (?:'(?:[^']|'\\'')*'|\S+)/g

function withoutHost(url: string): string {
  return url.replace(/^(https?:\/\/).*$/s, '$1[host]')
}
