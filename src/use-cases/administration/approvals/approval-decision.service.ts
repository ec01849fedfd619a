// What admins decide about requests of the two-person rule, and what happens when their waiting time has passed.
import { permissionsToDecide } from '#domain/approvals/approval-permissions.service.ts'
import {
  endApproval,
  lapseApproval,
  lockAsker,
  readApproval,
  readyApprovals,
  whyOutdated,
} from '#domain/approvals/approval.service.ts'
import { type Approval, type Decision, endsInLink, isDecidable, isDue, refusalOf } from '#domain/approvals/approval.ts'
import type { EventAction } from '#domain/audit/event.ts'
import { auditedChange, type ChangeDeps } from '#domain/authorization/audited-change.service.ts'
import { findUser } from '#domain/users/user.service.ts'
import type { InTransaction, With } from '#foundation/context.ts'
import { actorOf, permissionsOf } from '#foundation/kernel/principal.ts'
import { Refusal, type RefusalKind } from '#foundation/kernel/refusal.ts'
import { sealTargetSecret } from '../access/access.service.ts'
import { requireMayManage } from '../access/role-grant.service.ts'
import { type CarriedOut, makeApprovedChange } from './carry-out.service.ts'

/**
 * Approves a request of another admin and carries it out in the same transaction, after checking it again. Throws `approval.not_found`,
 * `approval.own_request`, `approval.about_you`, `approval.ended`, `role.beyond_own`, and `approval.lapsed` if it can no longer be carried out.
 */
export function approveRequest(ctx: ChangeDeps, id: string): Promise<CarriedOut> {
  return carryOutBy(ctx, id, 'approve')
}

/**
 * Carries out a request whose waiting time has passed without an objection. Throws `approval.not_found`, `approval.not_due`,
 * `approval.about_you`, `approval.ended`, `role.beyond_own`, `approval.lapsed`.
 */
export function carryOutReady(ctx: ChangeDeps, id: string): Promise<CarriedOut> {
  return carryOutBy(ctx, id, 'carry-out')
}

async function carryOutBy(ctx: ChangeDeps, id: string, decision: 'approve' | 'carry-out'): Promise<CarriedOut> {
  const found = await readApproval(ctx, id)
  await sealSecretFor(ctx, found)
  return decide(ctx, found, decision, (tx, approval) =>
    carryOut(tx, approval, decision === 'approve' ? actorOf(tx.principal) : null),
  ).catch(async (error: unknown) => {
    throw await lapseIfOutdated(ctx, found, error)
  })
}

/**
 * Declines a request of another admin. Throws `approval.not_found`, `approval.own_request`, `approval.about_you`, `approval.ended`,
 * `role.beyond_own`.
 */
export async function declineRequest(ctx: ChangeDeps, id: string): Promise<void> {
  await decide(ctx, await readApproval(ctx, id), 'decline', (tx, approval) =>
    endApproval(tx, approval, { state: 'declined', by: actorOf(tx.principal) }),
  )
}

/**
 * Returns a request that the principal may see: with `server:read` each, and otherwise an own one, which its asker can withdraw. Throws
 * `approval.not_found`.
 */
export async function readShownApproval(ctx: With<'db' | 'principal'>, id: string): Promise<Approval> {
  const approval = await readApproval(ctx, id)
  const isShown = permissionsOf(ctx.principal).includes('server:read') || approval.actor === actorOf(ctx.principal)
  if (!isShown) throw new Refusal('approval.not_found')
  return approval
}

/** Withdraws the admin's own request, or as the operator any. Throws `approval.not_found`, `approval.not_yours`, `approval.ended`. */
export async function withdrawRequest(ctx: ChangeDeps, id: string): Promise<void> {
  await decide(ctx, await readApproval(ctx, id), 'withdraw', (tx, approval) =>
    endApproval(tx, approval, { state: 'withdrawn', by: actorOf(tx.principal) }),
  )
}

const ACTION_OF = {
  approve: 'approval.carried_out',
  'carry-out': 'approval.carried_out',
  decline: 'approval.declined',
  withdraw: 'approval.withdrawn',
} as const satisfies Record<Decision, EventAction>

/** Reads the request again in one authorized transaction, checks whether the principal may decide, and decides. Records a refusal. */
function decide<Result>(
  ctx: ChangeDeps,
  { id, target, targetName }: Approval,
  decision: Decision,
  work: (tx: InTransaction<ChangeDeps>, approval: Approval) => Promise<Result>,
): Promise<Result> {
  const details = { username: targetName, approval: id }
  return auditedChange(ctx, { action: ACTION_OF[decision], target, details }, async (tx) => {
    const approval = await readApproval(tx, id)
    const subject = actorOf(tx.principal)
    const refused =
      subject === null
        ? !isDecidable(approval, tx.now) && 'approval.ended'
        : refusalOf(approval, decision, { subject, now: tx.now })
    if (refused) throw new Refusal(refused)
    // Who asked may take it back, whatever their permissions are by now.
    if (decision !== 'withdraw') requireMayManage(tx.principal, await permissionsToDecide(tx, approval))
    return work(tx, approval)
  })
}

/** Where a change that was approved comes from: no request of the admin who asked. */
const NO_SOURCE = { ipAddress: 'local', network: 'local', userAgent: 'approved request', deviceCookie: null }

/**
 * Ends a request and makes its change, in the transaction of `tx`. The conditional update comes first, so that of an approval, an objection
 * and the passing of time exactly one wins. Throws `approval.ended`, and `approval.lapsed` with the reason as its cause.
 */
async function carryOut(tx: InTransaction<ChangeDeps>, approval: Approval, by: string | null): Promise<CarriedOut> {
  await endApproval(tx, approval, { state: 'carried-out', by })
  const asker = await lockAsker(tx, approval)
  const why = await whyOutdated(tx, approval)
  if (asker === undefined || why !== undefined) throw new Refusal('approval.lapsed', {}, { cause: why })
  const principal = { kind: 'approved', source: NO_SOURCE, user: asker, approval: approval.id } as const
  return makeApprovedChange({ ...tx, principal }, approval).catch((error: unknown) => {
    throw isLasting(error) ? new Refusal('approval.lapsed', {}, { cause: error.code }) : error
  })
}

const LASTING: ReadonlySet<RefusalKind> = new Set(['conflict', 'missing', 'forbidden', 'invalid'])

/** Whether the change is refused for good, such as a username that is taken by now, and not because the server is busy. */
function isLasting(error: unknown): error is Refusal {
  return error instanceof Refusal && LASTING.has(error.kind)
}

/** Ends a request that turned out to be outdated, after the rollback of the transaction that found it. Returns the error. */
async function lapseIfOutdated(ctx: ChangeDeps, approval: Approval, error: unknown): Promise<unknown> {
  if (error instanceof Refusal && error.code === 'approval.lapsed') {
    const reason = typeof error.cause === 'string' ? error.cause : 'asker_changed'
    await auditedChange(ctx, {}, (tx) => lapseApproval(tx, approval, reason))
  }
  return error
}

/** Seals a plaintext secret of an externally inserted row, which a reset or an invitation does; inside a transaction it cannot. */
async function sealSecretFor(ctx: ChangeDeps, { target }: Approval): Promise<void> {
  const user = target === null ? undefined : await findUser(ctx, target)
  if (user !== undefined) await sealTargetSecret(ctx, user)
}

const MOST_AT_ONCE = 100

/**
 * Carries out every request whose waiting time has passed, except those that end in a link: these wait for the admin who takes it. Ends
 * those whose last deadline has passed. Each has a transaction of its own, and one that can no longer be carried out lapses.
 */
export async function carryOutAllReady(ctx: ChangeDeps, signal?: AbortSignal): Promise<void> {
  for (const approval of await readyApprovals(ctx, MOST_AT_ONCE)) {
    if (signal?.aborted) return
    if (!isDecidable(approval, ctx.now)) await auditedChange(ctx, {}, (tx) => lapseApproval(tx, approval, 'too_late'))
    else if (isDue(approval, ctx.now) && !endsInLink(approval)) await carryOutAlone(ctx, approval)
  }
}

async function carryOutAlone(ctx: ChangeDeps, approval: Approval): Promise<void> {
  await sealSecretFor(ctx, approval)
  try {
    await auditedChange(ctx, {}, (tx) => carryOut(tx, approval, null))
  } catch (error) {
    // Another node, an approval or an objection was first.
    if (error instanceof Refusal && error.code === 'approval.ended') return
    // It would send the user too many mails: it goes on waiting, and the next run tries it again.
    if (error instanceof Refusal && error.kind === 'throttled') return
    if ((await lapseIfOutdated(ctx, approval, error)) instanceof Refusal && isLasting(error)) return
    throw error
  }
}
