// Carries out what a request of the two-person rule asked for, through the services that an admin's own change would use.
import type { ApprovalValues } from '#domain/approvals/approval-change.ts'
import type { Approval } from '#domain/approvals/approval.ts'
import type { ChangeDeps } from '#domain/authorization/audited-change.service.ts'
import type { NewPolicy } from '#domain/policies/store/policy-changes.service.ts'
import { findUser } from '#domain/users/user.service.ts'
import type { User } from '#domain/users/user.ts'
import type { InTransaction, With } from '#foundation/context.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import { readUser, type UserRef } from '../access/access.service.ts'
import { deleteUser, disableUser, enableUser } from '../account-status/account-status.service.ts'
import { liftReview } from '../account-status/user-review.service.ts'
import { makeApprovedAgentChange } from '../agents/agents.service.ts'
import { makeApprovedAppChange } from '../clients/approved-app.service.ts'
import { resetSecondFactor, setPasswordHash } from '../credentials/credentials.service.ts'
import type { EnrolmentLink } from '../credentials/enrolment-link.service.ts'
import { addGroupMember } from '../groups/groups.service.ts'
import { makeApprovedHostChange } from '../hosts/hosts.service.ts'
import { inviteUser, mailInvitation } from '../invitations/invitation.service.ts'
import type { Invitation, MailedInvitation } from '../invitations/invitation.ts'
import { createUserWithHash } from '../invitations/new-user.service.ts'
import { addPolicyVersion, createPolicy } from '../policies/policies.service.ts'
import { exemptUser, unexemptUser } from '../policy-rollout/exemptions.service.ts'
import { makeApprovedResourceChange } from '../resources/resources.service.ts'
import { changeRole, createRole } from '../roles/roles.service.ts'
import { changeUser } from '../users/change-user.service.ts'

export interface CarriedOut {
  /** Null for a deleted user, for a role, a policy, an app, a resource and a host. */
  readonly user: User | null
  /** Shown once, to the admin whose decision carried the request out. */
  readonly invitation: Invitation | null
  /** An invitation whose link left by mail alone. */
  readonly mailed?: MailedInvitation
  /** Shown once, after a reset that kept the password. */
  readonly enrolment?: EnrolmentLink | null
}

const NO_USER: CarriedOut = { user: null, invitation: null }

function alone(user: User): CarriedOut {
  return { user, invitation: null }
}

/** Makes the change of a request in the transaction that ends the request. Throws what the change throws. */
export async function makeApprovedChange(ctx: InTransaction<ChangeDeps>, approval: Approval): Promise<CarriedOut> {
  const { target } = approval
  // A creation and a role read no user; every other change is refused for an id that no user has.
  const user = target === null ? undefined : await findUser(ctx, target)
  if (target !== null && user === undefined) throw new Refusal('user.not_found')
  return change(ctx, approval, { id: user?.id ?? NaN })
}

async function change(ctx: ChangeDeps, approval: Approval, ref: UserRef): Promise<CarriedOut> {
  const { kind, values, targetName: name, passwordHash, reason } = approval
  switch (kind) {
    case 'create-user':
      return createUserWithHash(ctx, { ...values, passwordHash })
    case 'invite':
      if (values.delivery !== 'mail') return inviteUser(ctx, ref, values)
      return { ...(await mailInvitation(ctx, ref, values)), invitation: null }
    case 'change':
      return alone(await changeUser(ctx, ref, values))
    case 'enable':
      return alone(await enableUser(ctx, ref))
    case 'disable':
      return alone(await disableUser(ctx, ref))
    case 'delete':
      await deleteUser(ctx, ref)
      return NO_USER
    case 'reset-second-factor':
      if (reason === null) throw new Error('A request that resets a second step has no reason')
      return resetSecondFactor(ctx, ref, { ...values, reason })
    case 'set-password':
      if (passwordHash === null) throw new Error('A request that sets a password has none')
      return alone(await setPasswordHash(ctx, ref, passwordHash, values))
    case 'lift-review':
      return alone(await liftReview(ctx, ref))
    case 'create-role':
      await createRole(ctx, { ...values, name })
      return NO_USER
    case 'change-role':
      await changeRole(ctx, name, values)
      return NO_USER
    case 'create-policy':
      await createPolicy(ctx, { ...policyIn(ctx, values), name })
      return NO_USER
    case 'change-policy': {
      const { policyId, ...policy } = values
      await addPolicyVersion(ctx, policyId, policyIn(ctx, policy))
      return NO_USER
    }
    case 'exempt': {
      const exemption = { reason: reason ?? '', endsAt: values.endsAt }
      return alone((await exemptUser(ctx, values.policyId, ref, exemption)).user)
    }
    case 'unexempt':
      return alone(await unexemptUser(ctx, values.policyId, ref))
    case 'add-member':
      await addGroupMember(ctx, values.groupId, ref)
      return alone(await readUser(ctx, ref))
    case 'create-app':
    case 'change-app':
    case 'enable-app':
    case 'add-app-secret':
      await makeApprovedAppChange(ctx, { ...approval, newName: name })
      return NO_USER
    case 'create-resource':
    case 'change-resource':
      await makeApprovedResourceChange(ctx, { ...approval, newName: name })
      return NO_USER
    case 'create-host':
    case 'change-host':
      await makeApprovedHostChange(ctx, { ...approval, newName: name })
      return NO_USER
    case 'change-agents':
      await makeApprovedAgentChange(ctx, values)
      return NO_USER
  }
}

/** A version whose instant has passed while the request waited begins at once. */
function policyIn(
  { now }: With<'now'>,
  { scope, scopeRef, inForceFrom, ...terms }: ApprovalValues['create-policy'],
): Omit<NewPolicy, 'name'> {
  return { scope, scopeRef, terms, inForceFrom: inForceFrom !== null && inForceFrom > now ? inForceFrom : null }
}
