// Requests of the two-person rule, made without its setting: by the service that keeps them.
import { openApproval } from '#domain/approvals/approval.service.ts'
import { issueLink } from '#domain/links/link.service.ts'
import type { User } from '#domain/users/user.ts'
import { inTransaction } from '#foundation/context.ts'
import { hours } from '#foundation/kernel/time.ts'
import type { Server } from '../server/start.ts'
import { newSignedInUser } from './replaceable-users.ts'

export interface WaitingRequest {
  readonly id: string
  readonly asker: User
  readonly target: User
  /** The token of the objection link. */
  readonly token: string
}

interface Wishes {
  /** New admins where they are left out. */
  readonly asker?: User | undefined
  readonly target?: User | undefined
  /** Whether the waiting time is over. */
  readonly isReady?: boolean
}

/** Makes a request to disable a user. */
export async function newWaitingRequest(server: Server, wishes: Wishes = {}): Promise<WaitingRequest> {
  const ctx = server.operator()
  const asker = wishes.asker ?? (await newSignedInUser(server, 'admin')).user
  const target = wishes.target ?? (await newSignedInUser(server, 'admin')).user
  const { id } = await inTransaction(ctx, (tx) => openApproval(tx, { kind: 'disable', values: {} }, { asker, target }))
  const { subject, credentialEpoch: epoch } = target
  const { token } = await issueLink(ctx, { purpose: 'objection', subject, epoch, lifetime: hours(1), about: id })
  if (wishes.isReady) {
    const update = server.doorward.db.updateTable('approval_request').set({ ready_at: ctx.now })
    await update.where('id', '=', id).execute()
  }
  return { id, asker, target, token: token.reveal() }
}
