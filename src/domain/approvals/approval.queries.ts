import { Secret } from '#foundation/kernel/secret.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import { deleteInBatches } from '#foundation/platform/database/batches.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import { countRows } from '#foundation/platform/database/row-count.ts'
import { updatedOne } from '#foundation/platform/database/updated-one.ts'
import { type ApprovalParameters, decodeChange } from './approval-change.ts'
import type { Approval, ApprovalFacts, ApprovalState } from './approval.ts'

const COLUMNS = [
  'id',
  'kind',
  'actor',
  'actor_epoch as actorEpoch',
  'target',
  'target_name as targetName',
  'target_state as targetState',
  'parameters',
  'password_hash as passwordHash',
  'reason',
  'state',
  'created_at as createdAt',
  'ready_at as readyAt',
  'expires_at as expiresAt',
  'decided_by as decidedBy',
  'decided_at as decidedAt',
  'end_reason as endReason',
] as const

type Row = Omit<ApprovalFacts, 'parameters' | 'passwordHash'> & {
  readonly kind: string
  readonly parameters: string
  readonly passwordHash: string | null
}

function approvalFromRow({ kind, parameters, passwordHash, ...row }: Row): Approval {
  const stored = JSON.parse(parameters) as ApprovalParameters
  return {
    ...row,
    ...decodeChange(kind, stored),
    parameters: stored,
    passwordHash: passwordHash === null ? null : Secret.of(passwordHash),
  }
}

/** Inserts a request; false if the same waits already. */
export function insertApproval(db: Database, approval: Approval, key: string): Promise<boolean> {
  const insertion = db.insertInto('approval_request').values({
    id: approval.id,
    kind: approval.kind,
    actor: approval.actor,
    actor_epoch: approval.actorEpoch,
    target: approval.target,
    target_name: approval.targetName,
    target_state: approval.targetState,
    wish_key: key,
    parameters: JSON.stringify(approval.parameters),
    password_hash: approval.passwordHash?.reveal() ?? null,
    reason: approval.reason,
    state: approval.state,
    created_at: approval.createdAt,
    ready_at: approval.readyAt,
    expires_at: approval.expiresAt,
    decided_by: approval.decidedBy,
    decided_at: approval.decidedAt,
    end_reason: approval.endReason,
  })
  return updatedOne(insertion.onConflict((conflict) => conflict.doNothing()))
}

/** Returns the request with this id; undefined if there is none. */
export async function selectApproval(db: Database, id: string): Promise<Approval | undefined> {
  const row = await db.selectFrom('approval_request').select(COLUMNS).where('id', '=', id).executeTakeFirst()
  return row && approvalFromRow(row)
}

/** Returns the waiting request with this key; undefined if there is none. */
export async function selectSameRequest(db: Database, key: string): Promise<Approval | undefined> {
  const row = await db
    .selectFrom('approval_request')
    .select(COLUMNS)
    .where('wish_key', '=', key)
    .where('state', '=', 'waiting')
    .executeTakeFirst()
  return row && approvalFromRow(row)
}

export interface ApprovalEnd {
  readonly state: Exclude<ApprovalState, 'waiting'>
  readonly by: string | null
  readonly reason: string | null
}

/** Ends a waiting request: true for exactly one of all concurrent calls, in any process. Its password hash is erased. */
export function endWaitingRequest(
  db: Database,
  id: string,
  { state, by, reason }: ApprovalEnd,
  now: Instant,
): Promise<boolean> {
  const update = db
    .updateTable('approval_request')
    .set({ state, decided_by: by, decided_at: now, end_reason: reason, password_hash: null })
  return updatedOne(update.where('id', '=', id).where('state', '=', 'waiting'))
}

/** Returns waiting requests, the oldest first, or ended ones, the newest first; requests are at most `most`. */
export async function selectApprovals(db: Database, which: 'waiting' | 'ended', most: number): Promise<Approval[]> {
  const rows = await db
    .selectFrom('approval_request')
    .select(COLUMNS)
    .where('state', which === 'waiting' ? '=' : '!=', 'waiting')
    .orderBy('id', which === 'waiting' ? 'asc' : 'desc')
    .limit(most)
    .execute()
  return rows.map(approvalFromRow)
}

/** Returns the waiting requests about a user, the oldest first. */
export async function selectApprovalsAbout(db: Database, target: string): Promise<Approval[]> {
  const rows = await db
    .selectFrom('approval_request')
    .select(COLUMNS)
    .where('target', '=', target)
    .where('state', '=', 'waiting')
    .orderBy('id')
    .execute()
  return rows.map(approvalFromRow)
}

/** Returns the waiting requests whose waiting time has passed, the oldest first, at most `most`. */
export async function selectReady(db: Database, now: Instant, most: number): Promise<Approval[]> {
  const rows = await db
    .selectFrom('approval_request')
    .select(COLUMNS)
    .where('state', '=', 'waiting')
    .where('ready_at', '<=', now)
    .orderBy('ready_at')
    .limit(most)
    .execute()
  return rows.map(approvalFromRow)
}

export function countWaitingRequests(db: Database): Promise<number> {
  return countRows(db.selectFrom('approval_request').where('state', '=', 'waiting'))
}

/** Deletes requests that ended before an instant, in batches. */
export async function deleteEndedApprovals(db: Database, before: Instant): Promise<void> {
  await deleteInBatches(db, 'approval_request', 'id', (rows) =>
    rows.where('state', '!=', 'waiting').where('decided_at', '<', before),
  )
}

/**
 * Stores the setting of the two-person rule that a start found; returns the one before, undefined if another node has stored the same
 * first, and null if none was known.
 */
export async function exchangeRule(
  db: Database,
  rule: { readonly isOn: boolean; readonly wait: number },
): Promise<{ readonly isOn: boolean; readonly wait: number } | null | undefined> {
  const next = { is_on: Number(rule.isOn), wait: rule.wait }
  const known = await db.selectFrom('approval_policy').select(['is_on', 'wait']).where('id', '=', 1).executeTakeFirst()
  if (known === undefined) {
    const insertion = db.insertInto('approval_policy').values({ id: 1, ...next })
    return (await updatedOne(insertion.onConflict((conflict) => conflict.doNothing()))) ? null : undefined
  }
  if (known.is_on === next.is_on && known.wait === next.wait) return undefined
  const update = db.updateTable('approval_policy').set(next).where('id', '=', 1)
  const changed = await updatedOne(update.where('is_on', '=', known.is_on).where('wait', '=', known.wait))
  return changed ? { isOn: known.is_on !== 0, wait: known.wait } : undefined
}
