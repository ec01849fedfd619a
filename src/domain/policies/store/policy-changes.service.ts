// Changes of stored policies. Each runs in a transaction of its caller, which has taken the lock of policies.
import { recordEvent } from '#domain/audit/audit.service.ts'
import type { EventAction, EventDetails } from '#domain/audit/event.ts'
import type { With } from '#foundation/context.ts'
import { actorOf } from '#foundation/kernel/principal.ts'
import { Refusal, requireNoFieldErrors } from '#foundation/kernel/refusal.ts'
import { type Instant, toRfc3339 } from '#foundation/kernel/time.ts'
import { NO_TERMS, type Term, TERM_NAMES, TERMS, type UserPolicy } from '../policy.ts'
import { type Scoped, scopeKey } from '../scope.ts'
import * as queries from './policy-changes.queries.ts'
import * as checks from './policy-checks.ts'
import { requireScope, requireValidVersion, type WantedVersion } from './policy-validity.service.ts'
import { findStoredPolicy, listStoredPolicies, type StoredPolicy, type StoredVersion } from './stored-policy.service.ts'
import { isPlanned, versionsToCome } from './version-state.ts'

/** The dependencies of a change, which is recorded. */
export type PolicyChangeDeps = With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal' | 'config'>

/** Returns the policy with this id. Throws `policy.not_found`. */
export async function readStoredPolicy(ctx: With<'db'>, id: string): Promise<StoredPolicy> {
  const found = id.length > 64 ? undefined : await findStoredPolicy(ctx, id)
  if (found === undefined) throw new Refusal('policy.not_found')
  return found
}

export interface NewPolicy extends Scoped, WantedVersion {
  readonly name: string
}

/** Stores a policy with its first version. Throws `request.validation_failed`, `policy.exists`. */
export async function storePolicy(ctx: PolicyChangeDeps, wanted: NewPolicy): Promise<StoredPolicy> {
  const { scope, scopeRef } = wanted
  const name = wanted.name.normalize('NFC').trim()
  requireNoFieldErrors(checks.fieldErrorsInPolicyName(wanted.name))
  await requireScope(ctx, wanted)
  await requireValidVersion(ctx, wanted, wanted)
  const key = scopeKey(scope, scopeRef)
  if ((await listStoredPolicies(ctx)).some((other) => scopeKey(other.scope, other.scopeRef) === key))
    throw new Refusal('policy.exists')
  const policy = { id: ctx.newId(), name, scope, scopeRef, revision: 1, createdAt: ctx.now }
  await queries.insertPolicy(ctx.db, policy)
  await appendVersion(ctx, { ...policy, versions: [] }, { ...wanted, isEnd: false })
  return recorded(ctx, policy.id, 'policy.created')
}

/** Adds a version to a policy. Throws `request.validation_failed`, `policy.version_planned`. */
export async function storeVersion(
  ctx: PolicyChangeDeps,
  policy: StoredPolicy,
  wanted: WantedVersion,
): Promise<StoredPolicy> {
  await requireScope(ctx, policy)
  await requireValidVersion(ctx, policy, wanted)
  await appendVersion(ctx, policy, { ...wanted, isEnd: false })
  return recorded(ctx, policy.id, 'policy.version_added')
}

/** Ends a policy by a last version. Throws `request.validation_failed`, `policy.ended`, `policy.version_planned`. */
export async function storeEnd(
  ctx: PolicyChangeDeps,
  policy: StoredPolicy,
  inForceFrom: Instant | null,
): Promise<StoredPolicy> {
  requireNoFieldErrors(checks.fieldErrorsInStart(inForceFrom ?? ctx.now, ctx.now))
  if (versionsToCome(policy.versions, ctx.now).length === 0) throw new Refusal('policy.ended')
  await appendVersion(ctx, policy, { terms: NO_TERMS, inForceFrom, isEnd: true })
  return recorded(ctx, policy.id, 'policy.ended')
}

// A version that begins before a planned one would have a higher number than that one, which then would never be in force.
async function appendVersion(
  ctx: PolicyChangeDeps,
  policy: StoredPolicy,
  { terms, inForceFrom, isEnd }: WantedVersion & { readonly isEnd: boolean },
): Promise<void> {
  const { id: policyId, versions, revision } = policy
  const from = inForceFrom ?? ctx.now
  if (versions.some((version) => isPlanned(version, ctx.now) && version.inForceFrom >= from))
    throw new Refusal('policy.version_planned')
  const number = Math.max(0, ...versions.map(({ version }) => version)) + 1
  const made = { createdAt: ctx.now, createdBy: actorOf(ctx.principal) }
  const version = { id: ctx.newId(), policyId, version: number, terms, isEnd, inForceFrom: from, ...made }
  await queries.insertVersion(ctx.db, version)
  if (number > 1) await queries.updatePolicy(ctx.db, { ...policy, revision: revision + 1 })
}

/** Cancels a planned version. Throws `policy.version_not_found`, `policy.version_in_force`. */
export async function cancelVersion(
  ctx: PolicyChangeDeps,
  policy: StoredPolicy,
  number: number,
): Promise<StoredPolicy> {
  const version = policy.versions.find((one) => one.version === number)
  if (version === undefined || version.cancelledAt !== null) throw new Refusal('policy.version_not_found')
  if (!isPlanned(version, ctx.now)) throw new Refusal('policy.version_in_force')
  await queries.updateCancelled(ctx.db, version.id, ctx.now)
  await queries.updatePolicy(ctx.db, { ...policy, revision: policy.revision + 1 })
  await record(ctx, policy, 'policy.version_cancelled', { version: number })
  return readStoredPolicy(ctx, policy.id)
}

/** Renames a policy. Throws `request.validation_failed`. */
export async function storeName(ctx: PolicyChangeDeps, policy: StoredPolicy, wanted: string): Promise<StoredPolicy> {
  const name = wanted.normalize('NFC').trim()
  if (name !== policy.name) requireNoFieldErrors(checks.fieldErrorsInPolicyName(wanted))
  await queries.updatePolicy(ctx.db, { ...policy, name, revision: policy.revision + 1 })
  await record(ctx, policy, 'policy.renamed', { name })
  return readStoredPolicy(ctx, policy.id)
}

/** Deletes a policy that was never in force. Throws `policy.in_use`: the history of another one stays. */
export async function removePolicy(ctx: PolicyChangeDeps, policy: StoredPolicy): Promise<void> {
  const hasBegun = policy.versions.some(
    ({ inForceFrom, cancelledAt }) => inForceFrom <= ctx.now && cancelledAt === null,
  )
  if (hasBegun) throw new Refusal('policy.in_use')
  await queries.deletePolicyRow(ctx.db, policy.id)
  await record(ctx, policy, 'policy.deleted', {})
}

async function recorded(ctx: PolicyChangeDeps, id: string, action: EventAction): Promise<StoredPolicy> {
  const policy = await readStoredPolicy(ctx, id)
  const latest = policy.versions.at(-1)
  await record(ctx, policy, action, latest === undefined ? {} : versionDetails(latest))
  return policy
}

async function record(
  ctx: PolicyChangeDeps,
  { id, name, scope, scopeRef }: StoredPolicy,
  action: EventAction,
  details: EventDetails,
): Promise<void> {
  const about = { policy: name, policy_id: id, concerns: scopeKey(scope, scopeRef) }
  await recordEvent(ctx, { action, details: { ...about, ...details } })
}

function versionDetails({ version, terms, inForceFrom }: StoredVersion): EventDetails {
  const said = TERMS.flatMap((term) => {
    const value = terms[term]
    return value === null ? [] : [[TERM_NAMES[term], inWords(value)]]
  })
  const help = terms.helpersMayExempt && { helpers_may_exempt: true }
  return { version, in_force_from: toRfc3339(inForceFrom), ...Object.fromEntries(said), ...help }
}

function inWords(value: UserPolicy[Term]): string {
  if (typeof value === 'number') return checks.shortDuration(value)
  return typeof value === 'string' ? value : value.join(' ')
}
