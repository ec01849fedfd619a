// The model of policies: what they ask of an account, and which proofs are enough. Written anew, apart from the product's rules.
import { days } from '#foundation/kernel/time.ts'
import {
  type Account,
  type Actor,
  type AgentSettingFact,
  type ClientFact,
  type ClientToken,
  hasFactor,
  isSessionOpen,
  type SessionFact,
  type TokenCopy,
  type WalkMethod,
  type WalkRole,
} from './facts.ts'

export const KINDS = ['totp', 'passkey'] as const
export type Kind = (typeof KINDS)[number]
export const LEVELS = ['optional', 'required', 'phishing-resistant'] as const
export type Level = (typeof LEVELS)[number]

export interface VersionFact {
  readonly number: number
  readonly level: Level | null
  readonly kinds: readonly Kind[] | null
  readonly remembers: boolean
  readonly isEnd: boolean
  readonly from: number
  isCancelled: boolean
}

export interface PolicyFact {
  readonly id: string
  readonly scope: 'everyone' | 'role' | 'group'
  readonly ref: string | null
  readonly versions: VersionFact[]
  /** Until when an account is exempt. */
  readonly exempt: Map<Account, number>
}

/** What the model knows of the rules of a world. */
export interface Rules {
  readonly now: number
  readonly policies: readonly PolicyFact[]
  readonly staff: ReadonlySet<Account>
  /** What the role `help` permits. */
  readonly help: readonly string[]
}

/** The rules, and which agents are allowed. */
export interface RulesOfClients extends Rules {
  readonly agents: AgentSettingFact
}

const EVERYTHING =
  'apps:write groups:write policy:write roles:write server:read users:help users:read users:reset-factors users:write'.split(
    ' ',
  )

/** What a role permits, of what the walk does. */
export function permitted({ help }: Rules, role: WalkRole): readonly string[] {
  if (role === 'user') return []
  if (role === 'admin') return EVERYTHING
  return help.includes('users:write') ? [...new Set([...help, 'users:help', 'server:read'])] : help
}

/** What the account may do now: nothing while it is disabled or has no second factor. */
export function permissionsNow(rules: Rules, account: Account): readonly string[] {
  return hasFactor(account) && !account.isDisabled ? permitted(rules, account.role) : []
}

export function inForce({ versions }: Pick<PolicyFact, 'versions'>, now: number): VersionFact | undefined {
  const last = versions.findLast(({ from, isCancelled }) => !isCancelled && from <= now)
  return last?.isEnd === true ? undefined : last
}

export const isPlanned = ({ from, isCancelled }: VersionFact, now: number): boolean => !isCancelled && from > now

/** The versions of a policy that are in force or planned. */
export function versionsToCome({ now }: Rules, policy: PolicyFact): VersionFact[] {
  const current = inForce(policy, now)
  return policy.versions.filter((version) => !version.isEnd && (version === current || isPlanned(version, now)))
}

/** Whether a policy names the role or the group, now or later, so that users leave it only by who may change policies. */
export function isNamed(rules: Rules, scope: 'role' | 'group', ref: string): boolean {
  return rules.policies.some(
    (policy) => policy.scope === scope && policy.ref === ref && versionsToCome(rules, policy).length > 0,
  )
}

export interface Asked {
  readonly level: Level
  readonly kinds: readonly Kind[]
  readonly remembers: boolean
}

/** What a policy asks of the second factor of accounts that are exempt from it: the last weaker version, else the default, which requires one. */
function levelWhenExempt({ scope, versions }: PolicyFact, current: VersionFact, now: number): number {
  const rank = (level: Level | null): number =>
    LEVELS.indexOf(level ?? (scope === 'everyone' ? 'required' : 'optional'))
  if (current.level === null) return 0
  for (const one of versions.toReversed()) {
    if (one.isCancelled || one.from > now || one.number >= current.number) continue
    if (one.isEnd) break
    if (rank(one.level) < rank(current.level)) return rank(one.level)
  }
  return Math.min(rank(current.level), rank(null))
}

/**
 * What all policies together ask of an account: the strictest of each. Without one for everyone, a second factor is required.
 * @param joined a policy that is taken to concern the account
 */
export function askedOf(rules: Rules, account: Account, joined?: PolicyFact): Asked {
  const { now, policies, staff } = rules
  const concerns = (policy: PolicyFact): boolean =>
    policy === joined ||
    policy.scope === 'everyone' ||
    (policy.scope === 'role' ? policy.ref === account.role : staff.has(account))
  const isPrivileged = permitted(rules, account.role).length > 0
  let level = isPrivileged ? 1 : 0
  let kinds: readonly Kind[] = KINDS
  let remembers = false
  let isRequired = true
  for (const policy of policies) {
    const version = concerns(policy) ? inForce(policy, now) : undefined
    if (version === undefined) continue
    if (policy.scope === 'everyone' && version.level !== null) isRequired = false
    if ((policy.exempt.get(account) ?? 0) > now) {
      level = Math.max(level, levelWhenExempt(policy, version, now))
      continue
    }
    if (version.level !== null) level = Math.max(level, LEVELS.indexOf(version.level))
    if (version.kinds !== null) kinds = kinds.filter((kind) => version.kinds?.includes(kind))
    remembers ||= version.remembers
  }
  if (isRequired) level = Math.max(level, 1)
  if (level === 2) kinds = kinds.filter((kind) => kind === 'passkey')
  return { level: LEVELS[level] ?? 'required', kinds, remembers: remembers && !isPrivileged && kinds.length === 2 }
}

/** Whether less is ever asked of an account until the end because it is exempt. */
export function isExemptionOfUse(
  rules: Rules,
  account: Account,
  { policy, until }: { policy: PolicyFact; until: number },
) {
  const evaluated = (end: number): ((now: number) => Asked) => {
    const changed = { ...policy, exempt: new Map(policy.exempt).set(account, end) }
    const policies = rules.policies.map((one) => (one === policy ? changed : one))
    return (now) => askedOf({ ...rules, policies, now }, account, changed)
  }
  const changes = rules.policies.flatMap(({ versions, exempt }) => [
    ...versions.flatMap(({ from, isCancelled }) => (isCancelled ? [] : [from])),
    exempt.get(account) ?? 0,
  ])
  const [exempt, bound] = [evaluated(until), evaluated(0)]
  return [rules.now, ...changes.filter((at) => at > rules.now && at < until)].some((at) => {
    const [one, other] = [exempt(at), bound(at)]
    return LEVELS.indexOf(one.level) < LEVELS.indexOf(other.level) || one.kinds.length > other.kinds.length
  })
}

/** Whether these proofs are enough for a session. */
export function areEnough({ level, kinds, remembers }: Asked, methods: readonly WalkMethod[]): boolean {
  const has = (method: WalkMethod): boolean => methods.includes(method)
  const hasSecond = has('totp') || has('recovery-code') || has('passkey')
  if (has('remembered-device') && !hasSecond) return remembers
  if (has('passkey') && kinds.includes('passkey')) return true
  if (level === 'phishing-resistant') return false
  const areForbidden = KINDS.some(has) && !KINDS.some((kind) => has(kind) && kinds.includes(kind))
  if (level === 'optional' && !areForbidden) return true
  const isByApp = has('totp') && kinds.includes('totp') && (has('password') || has('passkey'))
  return isByApp || (has('recovery-code') && has('password'))
}

/** Whether the last authentication is as strong as the account can be, so that a sensitive act may follow. */
export function isStrong({ level, kinds }: Asked, account: Account, methods: readonly WalkMethod[]): boolean {
  const has = (method: WalkMethod): boolean => methods.includes(method)
  if (level === 'phishing-resistant') return has('passkey')
  if (has('recovery-code') && has('password')) return true
  if (kinds.includes('passkey') && account.passkeys.length > 0) return has('passkey')
  if (hasFactor(account)) return has('totp') && has('password')
  return has('password') || has('passkey')
}

/** Whether the account has a second factor that is allowed, so that another one is refused. */
function hasAllowed(account: Account, kinds: readonly Kind[]): boolean {
  return (
    (account.apps.length > 0 && kinds.includes('totp')) || (account.passkeys.length > 0 && kinds.includes('passkey'))
  )
}

/** Whether the account must enrol before it gets a session: it lacks a factor that is needed, or all that it has are not allowed. */
export function isStopped({ level, kinds }: Asked, account: Account): boolean {
  return hasFactor(account) ? !hasAllowed(account, kinds) : level !== 'optional'
}

/** Whether what the account has can prove enough for a sensitive act, so that an allowed factor can be added in a session. */
export function canBeStrong(asked: Asked, account: Account): boolean {
  const ways: WalkMethod[][] = [
    ['password'],
    ...(account.apps.length > 0 ? [['password', 'totp'] satisfies WalkMethod[]] : []),
    ...(account.passkeys.length > 0 ? [['password', 'passkey'] satisfies WalkMethod[]] : []),
  ]
  return ways.some((methods) => isStrong(asked, account, methods))
}

/** Whether the second step with a factor of this kind is refused for an account, which has an allowed one. */
export function isRefused(rules: Rules, account: Account, methods: readonly WalkMethod[]): boolean {
  const { kinds } = askedOf(rules, account)
  const used = KINDS.filter((kind) => methods.includes(kind))
  return used.length > 0 && !used.some((kind) => kinds.includes(kind)) && hasAllowed(account, kinds)
}

/** Whether the token works now: its session is open, and its proofs are enough for the policies in force. */
export function isLive(rules: Rules, copy: TokenCopy): boolean {
  return isSessionOpen(copy.session) && copy.session.token === copy.token && isEnoughNow(rules, copy.session)
}

/** Whether a client may sign users in, and use what it got: it is enabled, and as an agent it is listed while agents are on. */
export function isUsable(
  { agents: { isOn, entries } }: Pick<RulesOfClients, 'agents'>,
  { state, agent, app }: ClientFact,
): boolean {
  if (agent === null) return state === 'enabled'
  return isOn && (entries.includes(app.client.id) || entries.includes(agent.host))
}

/** Whether what a client got is worth something now: in its session, or beyond it with the factors that were verified for it. */
export function isGrantLive(
  rules: RulesOfClients,
  { grant, isOffline }: Pick<ClientToken, 'grant' | 'isOffline'>,
): boolean {
  const { client, session, methods, epoch, isRevoked } = grant
  const { account } = session
  if (isRevoked || !isUsable(rules, client)) return false
  if (!isOffline) return isSessionOpen(session) && isEnoughNow(rules, session)
  return !account.isDisabled && epoch === account.epoch && isEnoughNow(rules, { account, methods })
}

function isEnoughNow(rules: Rules, { account, methods }: Pick<SessionFact, 'account' | 'methods'>): boolean {
  const asked = askedOf(rules, account)
  const canGoOn = hasFactor(account) ? hasAllowed(account, asked.kinds) : asked.level !== 'phishing-resistant'
  return areEnough(asked, methods) && canGoOn
}

/** Whether the device skips the second step now, with its current cookie: it was allowed at each moment since it was made. */
export function isRemembered(
  rules: Rules,
  { account, epoch, createdAt, isForgotten }: Account['devices'][number],
): boolean {
  const isInTime = rules.now < createdAt + REMEMBERED_FOR
  const begun = rules.policies.flatMap(({ versions, exempt }) => [
    ...versions.flatMap(({ from, isCancelled }) => (isCancelled ? [] : [from])),
    exempt.get(account) ?? 0,
  ])
  const changes = begun.filter((at) => at > createdAt && at < rules.now)
  const isAllowed = (now: number): boolean => askedOf({ ...rules, now }, account).remembers
  return !isForgotten && epoch === account.epoch && isInTime && [...changes, rules.now].every(isAllowed)
}

export const REMEMBERED_FOR = days(3)

/** What a request of the two-person rule relies on. */
export function stateOfAccount(rules: Rules, { epoch, isDisabled, email, role }: Account): string {
  return [epoch, isDisabled, email, role, ...permitted(rules, role)].join(' ')
}

/** Whether the owner gets in alone: a passkey, or a known password or a read mailbox, and a second factor or none to prove. */
export function hasOwnWay(rules: Rules, owner: Actor, account: Account): boolean {
  if (account.isDisabled) return false
  const knows = owner.passwords.get(account) === account.password
  const reads = account.isVerified && owner.emails.has(account.email)
  return holdsSecond(rules, owner, account) && (knows || reads || holdsUsable(rules, owner, account, 'passkey'))
}

/** Whether the owner has what the second step asks for: an allowed factor, or any where the account has no allowed one. */
export function holdsSecond(rules: Rules, owner: Actor, account: Account): boolean {
  const holdsCode = (owner.codes.get(account) ?? []).some((code) => account.codes.includes(code))
  return !hasFactor(account) || holdsCode || KINDS.some((kind) => holdsUsable(rules, owner, account, kind))
}

function holdsUsable(rules: Rules, owner: Actor, account: Account, kind: Kind): boolean {
  const held =
    kind === 'totp'
      ? account.apps.some((app) => owner.apps.has(app))
      : account.passkeys.some((passkey) => owner.passkeys.has(passkey))
  return held && !isRefused(rules, account, [kind])
}
