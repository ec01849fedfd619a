// Objections of the person whom a request of the two-person rule concerns: in their account, or by the link of a mail.
import {
  type ApprovalDeps,
  endApproval,
  listApprovalsAbout,
  nameApprovals,
  type NamedApproval,
  readApproval,
} from '#domain/approvals/approval.service.ts'
import { type Approval, isDecidable } from '#domain/approvals/approval.ts'
import { auditedChange } from '#domain/authorization/audited-change.service.ts'
import { consumeLink, readLink } from '#domain/links/link.service.ts'
import { findUser } from '#domain/users/user.service.ts'
import type { With, WithAuthenticated } from '#foundation/context.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import type { Secret } from '#foundation/kernel/secret.ts'

/** Returns the requests about the signed-in user that can still be carried out, the oldest first. */
export async function listRequestsAboutMe(
  ctx: WithAuthenticated<'db' | 'now' | 'principal'>,
): Promise<NamedApproval[]> {
  return nameApprovals(ctx, await listApprovalsAbout(ctx, ctx.principal.user.subject))
}

/**
 * Ends a request about the signed-in user. A request about another user counts as unknown. Throws `approval.not_found`,
 * `approval.ended`.
 */
export async function objectInAccount<Ctx extends WithAuthenticated<keyof ApprovalDeps>>(
  ctx: Ctx,
  id: string,
): Promise<void> {
  await auditedChange(ctx, { lock: 'none' }, async (tx) => {
    const { subject } = tx.principal.user
    const approval = await readApproval(tx, id)
    if (approval.target !== subject) throw new Refusal('approval.not_found')
    await objectTo(tx, approval, subject)
  })
}

/** A request with the time zone of the person concerned. */
interface Objection extends NamedApproval {
  readonly timeZone: string | null
}

/** Returns the request that an objection link answers. Throws `link.unknown`, `link.used`, `link.expired`, `approval.ended`. */
export async function readObjection(ctx: With<'db' | 'now'>, token: Secret): Promise<Objection> {
  const link = await readLink(ctx, token, 'objection')
  const approval = await readApproval(ctx, aboutRequest(link))
  if (!isDecidable(approval, ctx.now)) throw new Refusal('approval.ended')
  const [named] = await nameApprovals(ctx, [approval])
  if (named === undefined) throw new Refusal('approval.not_found')
  const user = link.subject === null ? undefined : await findUser(ctx, link.subject)
  return { ...named, timeZone: user?.timeZone ?? null }
}

/**
 * Consumes an objection link and ends its request. It opens no session: the link proves that its mail was received and nothing else.
 * Throws what `readObjection` throws.
 */
export async function objectByLink(ctx: ApprovalDeps, token: Secret): Promise<void> {
  await auditedChange(ctx, { lock: 'none' }, async (tx) => {
    const link = await readLink(tx, token, 'objection')
    const approval = await readApproval(tx, aboutRequest(link))
    if (!(await consumeLink(tx, link.id))) throw new Refusal('link.used')
    await objectTo(tx, approval, link.subject)
  })
}

function aboutRequest({ about }: { readonly about: string | null }): string {
  if (about === null) throw new Refusal('link.unknown')
  return about
}

async function objectTo(ctx: ApprovalDeps, approval: Approval, subject: string | null): Promise<void> {
  if (!isDecidable(approval, ctx.now)) throw new Refusal('approval.ended')
  await endApproval(ctx, approval, { state: 'objected', by: subject })
}
