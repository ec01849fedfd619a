// A request of the two-person rule: a change of an account with permissions, of a role, of a policy, of an app, a resource or a protected host that waits for a second admin.
import { createHash } from 'node:crypto'

import type { Role } from '#domain/roles/role.ts'
import type { Permission, PrincipalUser } from '#foundation/kernel/principal.ts'
import type { RefusalCode } from '#foundation/kernel/refusal.ts'
import type { Secret } from '#foundation/kernel/secret.ts'
import { days, type Duration, type Instant } from '#foundation/kernel/time.ts'
import { type ApprovalChange, type ApprovalKind, type ApprovalParameters, encodeChange } from './approval-change.ts'

/** How a change is called: a change of an account by what it changes first of all. */
export type ChangeName = ApprovalKind | 'promote' | 'demote' | 'give-role' | 'change-email' | 'rename' | 'change-end'

/** Returns how the change is called in texts. */
export function changeName({ kind, values }: ApprovalChange): ChangeName {
  if (kind !== 'change') return kind
  const { role, email, username, expiresAt } = values
  if (role === 'user') return 'demote'
  if (role !== undefined) return role === 'admin' ? 'promote' : 'give-role'
  if (email !== undefined) return 'change-email'
  if (username !== undefined) return 'rename'
  return expiresAt === undefined ? 'change' : 'change-end'
}

export const APPROVAL_STATES = ['waiting', 'carried-out', 'declined', 'withdrawn', 'objected', 'lapsed'] as const
export type ApprovalState = (typeof APPROVAL_STATES)[number]

export type ApprovalRequest = ApprovalChange & {
  /** Of a password, or of a new secret of an app. */
  readonly passwordHash?: Secret | null
  readonly reason?: string | null | undefined
  /** The username of a user who is yet to be created, or the name of a role, policy, app, resource or host. */
  readonly newName?: string
}

/** A change that was asked for, and how it ended. */
export type Approval = ApprovalChange & ApprovalFacts

export interface ApprovalFacts {
  readonly id: string
  readonly actor: string
  readonly actorEpoch: number
  /** The subject of the user concerned; null for a user who is yet to be created, for a role, a policy, an app, a resource and a host. */
  readonly target: string | null
  readonly targetName: string
  readonly targetState: string | null
  /** The values as they are stored. */
  readonly parameters: ApprovalParameters
  readonly passwordHash: Secret | null
  readonly reason: string | null
  readonly state: ApprovalState
  readonly createdAt: Instant
  /** From then on it is carried out without a second admin. */
  readonly readyAt: Instant
  /** From then on it can no longer be carried out. */
  readonly expiresAt: Instant
  readonly decidedBy: string | null
  readonly decidedAt: Instant | null
  /** Why it lapsed, an error code. */
  readonly endReason: string | null
}

/** How long a request whose waiting time has passed can still be carried out. */
const READY_FOR: Duration = days(7)
/** Ended requests are kept this long, so that admins see how they ended; the audit log keeps its events. */
export const KEPT_AFTER_DECISION: Duration = days(90)

/**
 * Whether carrying it out makes a link that is shown once and without which the user has no way in. Such a request waits for the admin who
 * takes the link; the job would have nowhere to show it. An invitation that is mailed needs no page.
 */
export function endsInLink({ kind, values }: ApprovalChange): boolean {
  if (kind === 'invite') return values.delivery !== 'mail'
  if (kind === 'create-user') return values.delivery !== 'mail' && values.invite !== false
  return kind === 'reset-second-factor' && values.resetPassword
}

/** Whether the waiting time has passed and the request can still be carried out. */
export function isDue({ state, readyAt, expiresAt }: Approval, now: Instant): boolean {
  return state === 'waiting' && now >= readyAt && now < expiresAt
}

/** Whether the request can be decided: it waits, and its last deadline has not passed. */
export function isDecidable({ state, expiresAt }: Approval, now: Instant): boolean {
  return state === 'waiting' && now < expiresAt
}

/** What a user may do to a request on the pages and routes for admins. */
export type Decision = 'approve' | 'decline' | 'withdraw' | 'carry-out'

/**
 * Returns why an admin may not decide this now; undefined if they may. No admin approves their own request, and the person concerned
 * objects instead, so that a request always has the consent of two admins or the silence of all during its waiting time.
 */
export function refusalOf(
  approval: Approval,
  decision: Decision,
  by: { readonly subject: string; readonly now: Instant },
): RefusalCode | undefined {
  if (!isDecidable(approval, by.now)) return 'approval.ended'
  const isOwn = by.subject === approval.actor
  if (decision === 'withdraw') return isOwn ? undefined : 'approval.not_yours'
  if (by.subject === approval.target) return 'approval.about_you'
  if (decision === 'carry-out') return isDue(approval, by.now) ? undefined : 'approval.not_due'
  return isOwn ? 'approval.own_request' : undefined
}

/** The permission of the changes of something else than an account. */
const PERMISSIONS: readonly (readonly [Permission, readonly ApprovalKind[]])[] = [
  ['roles:write', ['create-role', 'change-role']],
  ['policy:write', ['create-policy', 'change-policy', 'exempt', 'unexempt']],
  ['groups:write', ['add-member']],
  ['apps:write', ['create-app', 'change-app', 'enable-app', 'add-app-secret', 'create-resource', 'change-resource']],
  ['apps:write', ['change-agents', 'create-host', 'change-host']],
]

/** Returns the permission without which such a request cannot be made, approved or carried out, beside those that it gives. */
export function permissionFor({ kind, values }: ApprovalChange): Permission {
  const [permission] = PERMISSIONS.find(([, kinds]) => kinds.includes(kind)) ?? []
  if (permission !== undefined) return permission
  if (kind === 'reset-second-factor' && !values.resetPassword) return 'users:reset-factors'
  return 'users:write'
}

/** Returns the hash of what a request relies on about a user; it changes with their credentials, role and what it permits, status, username and email. */
export function stateOfTarget(user: PrincipalUser): string {
  const { subject, credentialEpoch, role, rolePermissions, disabled, username, email } = user
  return hashOfValues([subject, credentialEpoch, role, rolePermissions.join(' '), disabled, username, email])
}

/** Returns the hash of what a request to change a role relies on: what the role permits. */
export function stateOfRole({ name, permissions }: Pick<Role, 'name' | 'permissions'>): string {
  return hashOfValues([name, permissions.join(' ')])
}

/** Returns the hash of what a request to change a policy relies on: its name and versions, each change of which raises the revision. */
export function stateOfPolicy({ id, revision }: { readonly id: string; readonly revision: number }): string {
  return hashOfValues([id, revision])
}

/** Returns the hash of what a request about an app relies on: its row, each change of which raises the revision. */
export function stateOfClient({ id, revision }: { readonly id: string; readonly revision: number }): string {
  return hashOfValues(['app', id, revision])
}

/** Returns the hash of what a request about a resource relies on, in the same way. */
export function stateOfResource({ id, revision }: { readonly id: string; readonly revision: number }): string {
  return hashOfValues(['resource', id, revision])
}

/** Returns the hash of what a request about a protected host relies on, in the same way. */
export function stateOfHost({ id, revision }: { readonly id: string; readonly revision: number }): string {
  return hashOfValues(['host', id, revision])
}

/** Returns the hash of what a request about agents relies on, in the same way. */
export function stateOfAgents({ revision }: { readonly revision: number }): string {
  return hashOfValues(['agents', revision])
}

/** Returns the hash by which the same request is found again. A password hash is salted, so a request with a password is always a new one. */
export function requestKey(request: ApprovalRequest, target: string | null): string {
  const { kind, passwordHash, newName } = request
  const sorted = Object.entries(encodeChange(request)).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return hashOfValues([kind, target, newName ?? null, JSON.stringify(sorted), passwordHash?.reveal() ?? null])
}

function hashOfValues(values: readonly (string | number | boolean | null)[]): string {
  return createHash('sha256').update(JSON.stringify(values)).digest('base64url')
}

/** Returns when a request that is made now becomes ready, and when it can no longer be carried out. */
export function deadlinesOf(now: Instant, wait: Duration): Pick<Approval, 'readyAt' | 'expiresAt'> {
  return { readyAt: now + wait, expiresAt: now + wait + READY_FOR }
}
