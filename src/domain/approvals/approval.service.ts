// The two-person rule: keeps requests that wait for a second admin, checks them again, and ends each of them once.
import { readAgentSetting } from '#domain/agents/agent.service.ts'
import { recordEvent } from '#domain/audit/audit.service.ts'
import type { EventAction } from '#domain/audit/event.ts'
import { lockIfExists } from '#domain/clients/client.service.ts'
import { lockResourceIfExists } from '#domain/clients/resource.service.ts'
import { lockHostIfExists } from '#domain/hosts/host.service.ts'
import { twoPersonRule } from '#domain/policies/policy.service.ts'
import { findStoredPolicy } from '#domain/policies/store/stored-policy.service.ts'
import { findSharedRole } from '#domain/roles/role.service.ts'
import { findUserSummaries } from '#domain/users/user-summary.service.ts'
import { findUser, lockUserById } from '#domain/users/user.service.ts'
import type { User, UserSummary } from '#domain/users/user.ts'
import type { InTransaction, With } from '#foundation/context.ts'
import { permissionsOfUser, type PrincipalUser } from '#foundation/kernel/principal.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import { parse } from '#foundation/web/http/schema.ts'
import { type ApprovalChange, encodeChange, schemaOf } from './approval-change.ts'
import { notifyOfRequest } from './approval-notice.service.ts'
import * as queries from './approval.queries.ts'
import {
  type Approval,
  type ApprovalFacts,
  type ApprovalRequest,
  type ApprovalState,
  deadlinesOf,
  isDecidable,
  KEPT_AFTER_DECISION,
  permissionFor,
  requestKey,
  stateOfAgents,
  stateOfClient,
  stateOfPolicy,
  stateOfHost,
  stateOfResource,
  stateOfRole,
  stateOfTarget,
} from './approval.ts'

export type ApprovalDeps = With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal' | 'config'>

/**
 * Stores a request and notifies the other admins and the person concerned of it. If the same waits already, returns that request,
 * unless it could no longer be carried out: then it lapses and a new one is made. Call it inside an authorized transaction.
 */
export async function openApproval(
  ctx: InTransaction<ApprovalDeps>,
  request: ApprovalRequest,
  { asker, target }: { readonly asker: PrincipalUser; readonly target: User | null },
): Promise<Approval> {
  const key = requestKey(request, target?.subject ?? null)
  const same = await queries.selectSameRequest(ctx.db, key)
  if (same !== undefined) {
    const why = await whyOutdated(ctx, same)
    if (why === undefined) return same
    await lapseApproval(ctx, same, why)
  }
  const approval = {
    ...newApproval(ctx, request, { asker, target }),
    targetState: await stateConcerned(ctx, target, request),
  }
  if (!(await queries.insertApproval(ctx.db, approval, key))) {
    const concurrent = await queries.selectSameRequest(ctx.db, key)
    // Made and ended by other transactions in this moment: the next try makes a new one.
    if (concurrent === undefined) throw new Refusal('service.busy', { retryAfter: 1 })
    return concurrent
  }
  await recordApproval(ctx, approval, 'approval.requested')
  await notifyOfRequest(ctx, approval, { asker, target })
  return approval
}

function newApproval(
  ctx: ApprovalDeps,
  { passwordHash = null, reason = null, newName = '', ...change }: ApprovalRequest,
  { asker, target }: { readonly asker: PrincipalUser; readonly target: User | null },
): Omit<ApprovalFacts, 'targetState'> & ApprovalChange {
  return {
    ...change,
    id: ctx.newId(),
    actor: asker.subject,
    actorEpoch: asker.credentialEpoch,
    target: target?.subject ?? null,
    targetName: target?.username ?? newName,
    parameters: encodeChange(change),
    passwordHash,
    reason,
    state: 'waiting',
    createdAt: ctx.now,
    ...deadlinesOf(ctx.now, twoPersonRule(ctx).wait),
    decidedBy: null,
    decidedAt: null,
    endReason: null,
  }
}

/** Returns the request with this id. Throws `approval.not_found`. */
export async function readApproval(ctx: With<'db'>, id: string): Promise<Approval> {
  const approval = await queries.selectApproval(ctx.db, id)
  if (approval === undefined) throw new Refusal('approval.not_found')
  return approval
}

const MOST_LISTED = 200

/** Returns the waiting requests, the oldest first, or ended ones, the newest first; 200 at most. */
export function listApprovals(ctx: With<'db'>, which: 'waiting' | 'ended'): Promise<Approval[]> {
  return queries.selectApprovals(ctx.db, which, MOST_LISTED)
}

/** Returns the requests about a user that can still be carried out, the oldest first. */
export async function listApprovalsAbout(ctx: With<'db' | 'now'>, subject: string): Promise<Approval[]> {
  const waiting = await queries.selectApprovalsAbout(ctx.db, subject)
  return waiting.filter((approval) => isDecidable(approval, ctx.now))
}

export function countWaitingApprovals(ctx: With<'db'>): Promise<number> {
  return queries.countWaitingRequests(ctx.db)
}

/** Returns the waiting requests whose waiting time has passed, the oldest first, at most `most`. */
export function readyApprovals(ctx: With<'db' | 'now'>, most: number): Promise<Approval[]> {
  return queries.selectReady(ctx.db, ctx.now, most)
}

export interface NamedApproval {
  readonly approval: Approval
  /** Null for a deleted user. */
  readonly asker: UserSummary | null
  /** The username; null for a deleted user, and where no admin decided. */
  readonly decider: string | null
}

/** Returns the requests with who asked, and the username of the admin who decided. */
export async function nameApprovals(ctx: With<'db'>, approvals: readonly Approval[]): Promise<NamedApproval[]> {
  const people = approvals.flatMap(({ actor, decidedBy }) => [actor, decidedBy])
  const users = await findUserSummaries(ctx, people)
  const find = (subject: string | null): UserSummary | null => (subject === null ? null : (users.get(subject) ?? null))
  return approvals.map((approval) => ({
    approval,
    asker: find(approval.actor),
    decider: find(approval.decidedBy)?.username ?? null,
  }))
}

/** Why a request can no longer be carried out: the codes are stored and shown. */
export type Outdated =
  | 'unreadable'
  | 'too_late'
  | 'asker_changed'
  | 'target_changed'
  | 'role_changed'
  | 'policy_changed'
  | 'app_changed'
  | 'resource_changed'
  | 'host_changed'
  | 'agents_changed'

/**
 * Returns why a waiting request can no longer be carried out: its last deadline has passed, only a newer version knows its values, the admin
 * who asked has lost the permission or changed their credentials, or the user, role, policy, app, resource or host is not as it was. Undefined if it still can.
 */
export async function whyOutdated(ctx: With<'db' | 'now'>, approval: Approval): Promise<Outdated | undefined> {
  if (!isDecidable(approval, ctx.now)) return 'too_late'
  if (!isReadable(approval)) return 'unreadable'
  const asker = await findUser(ctx, approval.actor)
  if (asker === undefined || !isStillAsking(asker, approval)) return 'asker_changed'
  const target = approval.target === null ? null : await findUser(ctx, approval.target)
  if (target === undefined) return 'target_changed'
  const state = await stateConcerned(ctx, target, { ...approval, newName: approval.targetName })
  if (state === approval.targetState) return undefined
  if (target !== null) return 'target_changed'
  if ('clientId' in approval.values) return 'app_changed'
  if ('resourceId' in approval.values) return 'resource_changed'
  if ('hostId' in approval.values) return 'host_changed'
  if (approval.kind === 'change-agents') return 'agents_changed'
  return approval.kind === 'change-policy' ? 'policy_changed' : 'role_changed'
}

/** Whether this version knows the kind and each of its stored values: a newer one must not be carried out in part. */
function isReadable({ kind, parameters }: Approval): boolean {
  const schema = schemaOf(kind)
  return schema !== undefined && 'value' in parse(schema, parameters)
}

/** A raised epoch counts too: it is how a user ends what a thief began in their name. */
function isStillAsking(asker: User, approval: Approval): boolean {
  const { actorEpoch } = approval
  return asker.credentialEpoch === actorEpoch && permissionsOfUser(asker).includes(permissionFor(approval))
}

/** Returns the admin who asked, locked until the transaction ends, so that a parallel change cannot take the permission away unseen. */
export async function lockAsker(ctx: With<'db'>, { actor }: Approval): Promise<User | undefined> {
  const asker = await findUser(ctx, actor)
  return asker && lockUserById(ctx, asker.id)
}

export interface ApprovalDecision {
  readonly state: Exclude<ApprovalState, 'waiting'>
  /** The user who decides; null for the passing of time and for a link, which opens no session. */
  readonly by: string | null
  readonly reason?: string | null
}

const ACTION_OF = {
  'carried-out': 'approval.carried_out',
  declined: 'approval.declined',
  withdrawn: 'approval.withdrawn',
  objected: 'approval.objected',
  lapsed: 'approval.lapsed',
} as const satisfies Record<ApprovalDecision['state'], EventAction>

/** Ends a waiting request, once, and records how. Throws `approval.ended` if another transaction has ended it. */
export async function endApproval(
  ctx: ApprovalDeps,
  approval: Approval,
  { state, by, reason = null }: ApprovalDecision,
): Promise<void> {
  if (!(await queries.endWaitingRequest(ctx.db, approval.id, { state, by, reason }, ctx.now))) {
    throw new Refusal('approval.ended')
  }
  await recordApproval(ctx, approval, ACTION_OF[state], reason)
}

/** Ends a request that can no longer be carried out; nothing happens if it has ended already. */
export async function lapseApproval(ctx: ApprovalDeps, approval: Approval, reason: string): Promise<void> {
  const end = { state: 'lapsed', by: null, reason } as const
  if (await queries.endWaitingRequest(ctx.db, approval.id, end, ctx.now)) {
    await recordApproval(ctx, approval, ACTION_OF.lapsed, reason)
  }
}

function recordApproval(
  ctx: ApprovalDeps,
  { id, kind, target, targetName }: Approval,
  action: EventAction,
  reason: string | null = null,
): Promise<string> {
  return recordEvent(ctx, { action, target, reason, details: { username: targetName, approval: id, change: kind } })
}

/** Deletes requests that ended more than `KEPT_AFTER_DECISION` ago. */
export function deleteOldApprovals(ctx: With<'db' | 'now'>): Promise<void> {
  return queries.deleteEndedApprovals(ctx.db, ctx.now - KEPT_AFTER_DECISION)
}

/** Returns the hash of what a request relies on about its user, role, policy, app, resource or host, and lapses without; null for what is yet to be created. */
async function stateConcerned(
  ctx: With<'db'>,
  target: User | null,
  { kind, values, newName = '' }: ApprovalRequest,
): Promise<string | null> {
  if (target !== null) return stateOfTarget(target)
  if (kind === 'change-policy') {
    const policy = await findStoredPolicy(ctx, values.policyId)
    return policy === undefined ? null : stateOfPolicy(policy)
  }
  if (kind === 'change-agents') return stateOfAgents(await readAgentSetting(ctx))
  if ('clientId' in values) {
    const client = await lockIfExists(ctx, values.clientId)
    return client === undefined ? null : stateOfClient(client)
  }
  if ('resourceId' in values) {
    const resource = await lockResourceIfExists(ctx, values.resourceId)
    return resource === undefined ? null : stateOfResource(resource)
  }
  if ('hostId' in values) {
    const host = await lockHostIfExists(ctx, values.hostId)
    return host === undefined ? null : stateOfHost(host)
  }
  const role = kind === 'change-role' ? await findSharedRole(ctx, newName) : undefined
  return role === undefined ? null : stateOfRole(role)
}
