// A finding in somebody's language.
import type { Texts } from '../../../foundation/texts/texts.ts'
import type { FindingFacts } from '../../../foundation/texts/english/finding.ts'
import { ACTIVITY_PATH } from '../audit/activity-filter.ts'
import type { Finding } from './health.ts'
import { usersHref } from '../users/user-list-query.ts'
import type { PeopleShown } from '../users/user-list-query.ts'

export interface FindingInWords {
  /** What the check is about. */
  readonly name: string
  readonly sentence: string
  /** What to do; null where nothing is to be done. */
  readonly fix: string | null
}

export function inWords({ checkup }: Texts, { code, says, facts, userId }: Finding): FindingInWords {
  const { sentence, fix } = checkup.findings[says]
  return { name: nameOf(checkup, code, userId), sentence: sentence(facts), fix: fix?.(facts) ?? null }
}

function nameOf({ checks, user }: Texts['checkup'], code: string, userId: number | null): string {
  if (userId !== null) return user(userId)
  const names: Readonly<Record<string, string>> = checks
  return names[code] ?? code
}

interface Place {
  readonly path: string
  /** What a link to it says. */
  readonly to: keyof Texts['checkup']['links']
}

/** Where somebody looks who wants to mend it; undefined where no page of ours helps. */
export function findingLink({ code, level, userId }: Finding): Place | undefined {
  if (userId !== null) return { path: `/admin/users/${userId}`, to: 'user' }
  return level === 'ok' ? undefined : PLACES[code]
}

const PLACES: Readonly<Record<string, Place>> = {
  admins: { path: '/admin/users?role=admin', to: 'admins' },
  'second-steps': listOf('no-factor', 'withoutSecondStep'),
  'audit-chain': { path: ACTIVITY_PATH, to: 'activity' },
  'audit-checkpoint': { path: ACTIVITY_PATH, to: 'activity' },
}

function listOf(show: PeopleShown, to: Place['to']): Place {
  return { path: usersHref({ show, sort: 'username' }), to }
}

/** For a report that is passed on: leaves out the host of a URL, IP addresses and paths. */
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
