// The acts of admins with policies: store one at once or with a deadline, cancel, end, exempt, and move people in and out of a group.
import { hours } from '#foundation/kernel/time.ts'
import { withdrawRequest } from '#use-cases/administration/approvals/approval-decision.service.ts'
import { type Act, whyNoAccess, whyNotRecent } from './act.ts'
import { asAdmin, isPrivileged, whyBeyond } from './admin-acts.ts'
import {
  askedOf,
  inForce,
  isExemptionOfUse,
  isNamed,
  isPlanned,
  isStopped,
  type Kind,
  KINDS,
  LEVELS,
  permissionsNow,
  permitted,
  type PolicyFact,
  REMEMBERED_FOR,
  type Rules,
  type VersionFact,
  versionsToCome,
} from './demands.ts'
import type { Account, Actor, TokenCopy, WalkRole } from './facts.ts'
import { STAFF } from './population.ts'
import type { World } from './world.ts'

type Terms = Pick<VersionFact, 'level' | 'kinds' | 'remembers'>
type Concern = Pick<PolicyFact, 'scope' | 'ref'>

const CONCERNS: readonly (Concern & { readonly weight: number })[] = [
  { weight: 4, scope: 'everyone', ref: null },
  { weight: 3, scope: 'role', ref: 'user' },
  { weight: 1, scope: 'role', ref: 'help' },
  { weight: 1, scope: 'role', ref: 'admin' },
  { weight: 3, scope: 'group', ref: STAFF },
]

function someTerms({ random }: World): Terms {
  const [optional, required, resistant] = LEVELS
  const level = random.weighed([
    { weight: 5, of: optional },
    { weight: 3, of: required },
    { weight: 2, of: resistant },
    { weight: 2, of: null },
  ]).of
  const kinds = random.weighed([
    { weight: 5, of: null },
    { weight: 1, of: KINDS },
    { weight: 1, of: ['totp'] as const },
    { weight: 1, of: ['passkey'] as const },
  ]).of
  return { level, kinds, remembers: random.chance(0.5) }
}

/** The factors that terms allow; null where they say nothing of them. */
function allowedBy({ level, kinds }: Terms): readonly Kind[] | null {
  return level === 'phishing-resistant' ? (kinds ?? KINDS).filter((kind) => kind === 'passkey') : kinds
}

/** Whether terms are refused: empty, too weak for a role with permissions, or with another policy no factor is left. */
function areImpossible(world: World, concern: Concern, terms: Terms): boolean {
  const { level, kinds, remembers } = terms
  if (level === null && kinds === null && !remembers) return true
  const role = concern.scope === 'role' ? (concern.ref as WalkRole) : 'user'
  if (level === 'optional' && permitted(world, role).length > 0) return true
  const allowed = allowedBy(terms)
  if (allowed === null) return false
  const isDisjoint = (version: VersionFact): boolean =>
    allowedBy(version)?.every((kind) => !allowed.includes(kind)) ?? false
  return (
    allowed.length === 0 ||
    world.policies.some(
      (other) =>
        !isSame(other, concern) &&
        (other.scope !== 'role' || concern.scope !== 'role') &&
        versionsToCome(world, other).some(isDisjoint),
    )
  )
}

const isSame = (policy: Concern, { scope, ref }: Concern): boolean => policy.scope === scope && policy.ref === ref

/** Whether another version waits that would begin at the same time or later. */
function isOvertaken({ now }: World, { versions }: PolicyFact, from: number): boolean {
  return versions.some((version) => isPlanned(version, now) && version.from >= from)
}

async function storesPolicy(world: World, actor: Actor, copy: TokenCopy): Promise<void> {
  const { random, now } = world
  const { scope, ref } = random.weighed(CONCERNS)
  const terms = someTerms(world)
  const from = random.chance(0.4) ? now + Math.ceil(random.next() * hours(20)) : null
  const known = world.policies.find((policy) => isSame(policy, { scope, ref }))
  const impossible = areImpossible(world, { scope, ref }, terms) ? 'request.validation_failed' : undefined
  const overtaken = known !== undefined && isOvertaken(world, known, from ?? now) ? 'policy.version_planned' : undefined
  const access = whyNoAccess(world, copy, { needs: 'policy:write', recent: true })
  const refused = access ?? impossible ?? overtaken
  const said = {
    second_factor: terms.level,
    factors: terms.kinds,
    remember_for: terms.remembers ? REMEMBERED_FOR / 1000 : null,
    in_force_from: from === null ? null : new Date(from).toISOString(),
  }
  const named = { name: `For ${ref ?? scope}`, scope, scope_ref: ref }
  const act = from === null ? 'policy at once' : 'policy with a deadline'
  const policy = known ?? { id: '', scope, ref, versions: [], exempt: new Map<Account, number>() }
  const version = { ...terms, isEnd: false, from: from ?? now, number: policy.versions.length + 1 }
  const waits = refused === undefined && stopsOthers(world, copy, policy, version)
  const reply = await world.asks(waits ? 'request: policy' : act, actor, refused ?? (waits ? 'waiting' : 'done'), {
    method: 'POST',
    url: known === undefined ? '/policies' : `/policies/${known.id}/versions`,
    payload: known === undefined ? { ...named, ...said } : said,
    token: copy.token,
  })
  if (refused !== undefined) return
  if (waits) return withdrawn(world, reply)
  if (known !== undefined) return addVersion(known, version)
  world.policies.push({ ...policy, id: String(reply.body['id']), versions: [{ ...version, isCancelled: false }] })
}

function addVersion({ versions }: PolicyFact, version: Omit<VersionFact, 'number' | 'isCancelled'>): void {
  versions.push({ ...version, number: versions.length + 1, isCancelled: false })
}

/** Whether an account with permissions has to set up another second factor before it gets a session. */
function isStoppedBy(rules: Rules, account: Account): boolean {
  return isStopped(askedOf(rules, account), account)
}

/** The accounts with permissions for which the two-person rule asks a second admin: not one's own. */
function othersOf(world: World, copy: TokenCopy): Account[] {
  return world.accounts.filter((one) => one !== copy.session.account && isPrivileged(world, one))
}

const demandsFactor = ({ level, kinds }: Terms): boolean => kinds !== null || (level !== null && level !== 'optional')

/** Whether a version would stop another account with permissions that is not stopped without it. No exemption of the walk lasts for a week. */
function stopsOthers(
  world: World,
  copy: TokenCopy,
  policy: PolicyFact,
  version: Omit<VersionFact, 'isCancelled'>,
): boolean {
  const { policies, staff, help } = world
  const now = version.from
  const stored = { ...policy, versions: [...policy.versions, { ...version, isCancelled: false }], exempt: new Map() }
  const after = { now, staff, help, policies: [...policies.filter((one) => one !== policy), stored] }
  const isNew = (account: Account): boolean =>
    !account.isDisabled && isStoppedBy(after, account) && !isStoppedBy({ now, staff, help, policies }, account)
  return demandsFactor(version) && othersOf(world, copy).some(isNew)
}

/** Whether a change stops another account with permissions at some time of the next days. */
function stopsOne(world: World, copy: TokenCopy, account: Account, after: Partial<Rules>): boolean {
  const { now, policies, staff, help } = world
  const changes = [...policies, ...(after.policies ?? [])].flatMap(({ versions, exempt }) => [
    ...versions.filter(({ isCancelled }) => !isCancelled).map(({ from }) => from),
    ...exempt.values(),
  ])
  const isNew = (at: number): boolean =>
    isStoppedBy({ policies, staff, help, ...after, now: at }, account) &&
    !isStoppedBy({ policies, staff, help, now: at }, account)
  return othersOf(world, copy).includes(account) && [now, ...changes.filter((at) => at > now)].some(isNew)
}

/** The operator withdraws what waits, so that no request about a policy is left; its mail is never read. */
async function withdrawn(world: World, { body }: { readonly body: Readonly<Record<string, unknown>> }): Promise<void> {
  const id = String(body['id'])
  await withdrawRequest(world.server.operator(), id)
  const { db } = world.server.doorward
  const links = db.selectFrom('link').select('id').where('about', '=', id)
  await db.deleteFrom('outbox').where('link_id', 'in', links).execute()
  await db.deleteFrom('outbox').where('template', '=', 'approval-waiting').execute()
}

/** An act on a policy that exists. */
function onPolicy(act: (world: World, actor: Actor, copy: TokenCopy, policy: PolicyFact) => Promise<void>): Act['run'] {
  return asAdmin(async (world, actor, copy) => {
    const policy = world.random.pick(world.policies)
    if (policy !== undefined) await act(world, actor, copy, policy)
  }, 'policy:write')
}

const ACCESS = { needs: 'policy:write', recent: true } as const

async function endsPolicy(world: World, actor: Actor, copy: TokenCopy, policy: PolicyFact): Promise<void> {
  const ended = versionsToCome(world, policy).length === 0 ? 'policy.ended' : undefined
  const overtaken = isOvertaken(world, policy, world.now) ? 'policy.version_planned' : undefined
  const refused = whyNoAccess(world, copy, ACCESS) ?? ended ?? overtaken
  const url = `/policies/${policy.id}/end`
  const question = { method: 'POST', url, payload: {}, token: copy.token } as const
  await world.asks('end of a policy', actor, refused ?? 'done', question)
  const silent = { level: null, kinds: null, remembers: false, from: world.now }
  if (refused === undefined) addVersion(policy, { ...silent, isEnd: true })
}

async function cancelsVersion(world: World, actor: Actor, copy: TokenCopy, policy: PolicyFact): Promise<void> {
  const planned = policy.versions.filter((version) => isPlanned(version, world.now))
  const version = world.random.pick(world.random.chance(0.7) ? planned : policy.versions)
  if (version === undefined) return
  // What the two-person rule says of a former version that would hold on is left to other tests.
  const left = inForce({ versions: policy.versions.filter((one) => one !== version) }, version.from)
  if (left !== undefined && demandsFactor(left)) return
  const begun = isPlanned(version, world.now) ? undefined : 'policy.version_in_force'
  const unable = version.isCancelled ? 'policy.version_not_found' : begun
  const refused = whyNoAccess(world, copy, ACCESS) ?? unable
  const url = `/policies/${policy.id}/versions/${version.number}`
  await world.asks('cancelled policy', actor, refused ?? 'done', { method: 'DELETE', url, token: copy.token })
  if (refused === undefined) version.isCancelled = true
}

async function exempts(world: World, actor: Actor, copy: TokenCopy, policy: PolicyFact): Promise<void> {
  const target = world.random.pick(world.accounts)!
  const isOver = policy.exempt.has(target) && world.random.chance(0.5)
  const own = copy.session.account === target && !isOver ? 'policy.own_exemption' : undefined
  const until = world.now + Math.ceil(world.random.next() * hours(30))
  const useless = isOver || isExemptionOfUse(world, target, { policy, until }) ? undefined : 'policy.exemption_useless'
  const refused =
    whyNoAccess(world, copy, { ...ACCESS, besides: 'users:read' }) ?? whyBeyond(world, copy, target) ?? own ?? useless
  const url = `/policies/${policy.id}/exemptions/${target.id}`
  const payload = { reason: 'Waits for a phone', ends_at: new Date(until).toISOString() }
  const { token } = copy
  const exempt = new Map(policy.exempt)
  if (isOver) exempt.delete(target)
  else exempt.set(target, until)
  const policies = world.policies.map((one) => (one === policy ? { ...policy, exempt } : one))
  const waits = refused === undefined && stopsOne(world, copy, target, { policies })
  const answer = refused ?? (waits ? 'waiting' : 'done')
  const done = isOver ? 'end of an exemption' : 'exemption'
  const act = waits ? 'request: exemption' : done
  const reply = await world.asks(
    act,
    actor,
    answer,
    isOver ? { method: 'DELETE', url, token } : { method: 'PUT', url, payload, token },
  )
  if (refused !== undefined) return
  if (waits) return withdrawn(world, reply)
  if (isOver) policy.exempt.delete(target)
  else policy.exempt.set(target, until)
}

async function joinsStaff(world: World, actor: Actor, copy: TokenCopy): Promise<void> {
  const target = world.random.pick(world.accounts)!
  const beyond = isNamed(world, 'group', STAFF) ? whyBeyond(world, copy, target) : undefined
  const refused = whyNoAccess(world, copy, { needs: 'groups:write', besides: 'users:read' }) ?? beyond
  const url = `/groups/${STAFF}/members/${target.id}`
  const staff = new Set([...world.staff, target])
  const waits = refused === undefined && stopsOne(world, copy, target, { staff })
  const answer = refused ?? (waits ? 'waiting' : 'done')
  const act = waits ? 'request: new member' : 'new member'
  const reply = await world.asks(act, actor, answer, { method: 'PUT', url, token: copy.token })
  if (waits) return withdrawn(world, reply)
  if (refused === undefined) world.staff.add(target)
}

/** A member of a group that a policy names leaves it only by somebody who may change policies. */
async function leavesStaff(world: World, actor: Actor, copy: TokenCopy): Promise<void> {
  const target = world.random.pick([...world.staff])
  if (target === undefined) return
  const mayWeaken = permissionsNow(world, copy.session.account).includes('policy:write')
  const weakens = mayWeaken ? whyNotRecent(world, copy) : 'group.policy_needed'
  const unable = isNamed(world, 'group', STAFF) ? weakens : undefined
  const refused = whyNoAccess(world, copy, { needs: 'groups:write', besides: 'users:read' }) ?? unable
  const url = `/groups/${STAFF}/members/${target.id}`
  await world.asks('member who leaves', actor, refused ?? 'done', { method: 'DELETE', url, token: copy.token })
  if (refused === undefined) world.staff.delete(target)
}

export const POLICY_ACTS: readonly Act[] = [
  { weight: 8, run: asAdmin(storesPolicy, 'policy:write') },
  { weight: 3, run: onPolicy(endsPolicy) },
  { weight: 2, run: onPolicy(cancelsVersion) },
  { weight: 4, run: onPolicy(exempts) },
  { weight: 4, run: asAdmin(joinsStaff, 'groups:write') },
  { weight: 3, run: asAdmin(leavesStaff, 'groups:write') },
]
