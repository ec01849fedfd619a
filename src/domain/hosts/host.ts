// Protected hosts: host names behind a reverse proxy that asks this server about each request (forward-auth). Tested in host-fields.test.ts.
import type { AssuranceLevel } from '#foundation/kernel/assurance.ts'
import type { Duration, Instant } from '#foundation/kernel/time.ts'

/** Whom a rule lets pass. `everyone` needs no sign-in: an open path. */
export const RULE_SCOPES = ['everyone', 'signed-in', 'roles', 'groups'] as const
export type RuleScope = (typeof RULE_SCOPES)[number]

/** Who may send which requests to a part of a host. */
export interface HostRule {
  /** A prefix of the path, which ends at a `/` of the request or at its end: `/admin` concerns `/admin` and `/admin/users`, not `/administration`. */
  readonly path: string
  /** The methods it concerns; empty for all. `GET` means `HEAD` too. */
  readonly methods: readonly string[]
  readonly who: RuleScope
  /** The roles, by name, or the groups, by id; empty for everyone and for all who are signed in. */
  readonly names: readonly string[]
  /** The level that the last authentication must have reached, beside what the policies require. */
  readonly leastAssurance: AssuranceLevel | null
  /** How old the last authentication may be, in milliseconds. */
  readonly maxAge: Duration | null
}

/** What an admin says about a host. */
export interface HostFields {
  /** The DNS name in lower case, without a port: cookies know none. Unique, and never changed. */
  readonly name: string
  /** The first rule that concerns a request decides; a request that none concerns is for all who are signed in. */
  readonly rules: readonly HostRule[]
  /** The ids of the groups that the app behind the host learns of, of those that a user is in. */
  readonly sharedGroups: readonly string[]
  /** Whether API tokens that were made for this host open it. */
  readonly apiTokens: boolean
  /** Whether preflights of browsers (CORS) pass, which never bear a cookie. */
  readonly preflights: boolean
}

export interface ProtectedHost extends HostFields {
  readonly id: string
  readonly createdAt: Instant
  /** The subject of the admin who made it; null for the operator. */
  readonly createdBy: string | null
  readonly revision: number
}

/** What a new host is, where nothing else is said: for all who are signed in. */
export const NEW_HOST: HostFields = { name: '', rules: [], sharedGroups: [], apiTokens: false, preflights: false }

/** What a rule says where nothing else is said, and what applies to a request that no rule concerns. */
export const SIGNED_IN_RULE: HostRule = {
  path: '/',
  methods: [],
  who: 'signed-in',
  names: [],
  leastAssurance: null,
  maxAge: null,
}

export const HOSTS_MAXIMUM = 1000

/** Reads the rules of a row. */
export function rulesIn(stored: string): HostRule[] {
  return JSON.parse(stored) as HostRule[]
}

/** Whether the groups of a user decide something at the host, or are sent to the app behind it. */
export function needsGroups({ rules, sharedGroups }: Pick<HostFields, 'rules' | 'sharedGroups'>): boolean {
  return sharedGroups.length > 0 || rules.some(({ who }) => who === 'groups')
}
