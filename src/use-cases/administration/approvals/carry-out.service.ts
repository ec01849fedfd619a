// Carries out what a request of the two-person rule asked for, through the services that an admin's own change would use.
import type { Approval, ApprovalKind } from '../../../domain/approvals/approval.ts'
import { permissionsIn } from '../../../domain/roles/role.ts'
import { GROUP_SEPARATOR } from '../../../domain/groups/group.ts'
import { answersIn } from '../../../domain/attributes/attribute-value.ts'
import type { ProfileChanges } from '../../../domain/users/profile.ts'
import { findUser } from '../../../domain/users/user.service.ts'
import type { User } from '../../../domain/users/user.ts'
import { Refusal } from '../../../foundation/kernel/refusal.ts'
import type { Instant } from '../../../foundation/kernel/time.ts'
import { readUser } from '../access/access.service.ts'
import type { UserRef } from '../access/access.service.ts'
import { deleteUser, disableUser, enableUser } from '../account-status/account-status.service.ts'
import { liftReview } from '../account-status/user-review.service.ts'
import { resetSecondFactor, setPasswordHash } from '../credentials/credentials.service.ts'
import type { EnrolmentLink } from '../credentials/enrolment-link.service.ts'
import { inviteUser, mailInvitation } from '../invitations/invitation.service.ts'
import type { Delivery, Invitation, MailedInvitation } from '../invitations/invitation.ts'
import { createUserWithHash } from '../invitations/new-user.service.ts'
import { addGroupMember } from '../groups/groups.service.ts'
import { addPolicyVersion, createPolicy } from '../policies/policies.service.ts'
import { concernOfParameters, versionOfParameters } from '../policies/policy-request.ts'
import { exemptUser, unexemptUser } from '../policy-rollout/exemptions.service.ts'
import { changeRole, createRole } from '../roles/roles.service.ts'
import { changeUser } from '../users/change-user.service.ts'
import type { ChangeDeps } from '../../../domain/authorization/audited-change.service.ts'

export interface CarriedOut {
  /** Null for a deleted user, for a role and for a policy. */
  readonly user: User | null
  /** Shown once, to the admin whose decision carried the request out. */
  readonly invitation: Invitation | null
  /** An invitation whose link left by mail alone. */
  readonly mailed?: MailedInvitation
  /** Shown once, after a reset that kept the password. */
  readonly enrolment?: EnrolmentLink | null
}

const NO_USER: CarriedOut = { user: null, invitation: null }

type Change = (ctx: ChangeDeps, approval: Approval, ref: UserRef) => Promise<CarriedOut>

/** The parameters were checked when they were asked for, and only this program writes them. */
const CHANGES: Readonly<Record<ApprovalKind, Change>> = {
  'create-user': async (ctx, { parameters, passwordHash }) => {
    const {
      full_name: fullName,
      expires_at: end,
      groups,
      attributes,
      ...rest
    } = parameters as unknown as CreationParameters
    const { lifetime, delivery } = { lifetime: rest.lifetime ?? undefined, delivery: rest.delivery ?? undefined }
    const given = {
      expiresAt: instantIn(end),
      groups: groups?.split(GROUP_SEPARATOR),
      attributes: answersIn(attributes ?? null),
    }
    return createUserWithHash(ctx, { ...rest, lifetime, delivery, fullName, passwordHash, ...given })
  },
  invite: async (ctx, { parameters }, ref) => {
    const { lifetime, delivery } = parameters as unknown as InvitationParameters
    const wish = { lifetime: lifetime ?? undefined }
    if (delivery !== 'mail') return inviteUser(ctx, ref, wish)
    return { ...(await mailInvitation(ctx, ref, wish)), invitation: null }
  },
  change: async (ctx, { parameters }, ref) => {
    const {
      full_name: fullName,
      time_zone: timeZone,
      expires_at: end,
      attributes,
      ...rest
    } = parameters as unknown as ChangeParameters
    const given = { expiresAt: instantIn(end), attributes: answersIn(attributes ?? null) }
    return alone(await changeUser(ctx, ref, { ...rest, fullName, timeZone, ...given }))
  },
  enable: async (ctx, _approval, ref) => alone(await enableUser(ctx, ref)),
  disable: async (ctx, _approval, ref) => alone(await disableUser(ctx, ref)),
  delete: async (ctx, _approval, ref) => {
    await deleteUser(ctx, ref)
    return NO_USER
  },
  'reset-second-factor': async (ctx, { parameters, reason }, ref) => {
    if (reason === null) throw new Error('A request that resets a second step has no reason')
    const wish = { reason, resetPassword: parameters['reset_password'] === true }
    return resetSecondFactor(ctx, ref, wish)
  },
  'set-password': async (ctx, { parameters, passwordHash }, ref) => {
    if (passwordHash === null) throw new Error('A request that sets a password has none')
    const { must_change: mustChange, keep_sessions: keepSessions } = parameters
    const wish = { mustChange: mustChange === true, keepSessions: keepSessions === true }
    return alone(await setPasswordHash(ctx, ref, passwordHash, wish))
  },
  'create-role': async (ctx, { targetName: name, parameters }) => {
    const { description = '', permissions = '' } = parameters as unknown as RoleParameters
    await createRole(ctx, { name, description, permissions: permissionsIn(permissions) })
    return NO_USER
  },
  'change-role': async (ctx, { targetName: name, parameters }) => {
    const { description, permissions } = parameters as unknown as RoleParameters
    await changeRole(ctx, name, {
      ...(description !== undefined && { description }),
      ...(permissions !== undefined && { permissions: permissionsIn(permissions) }),
    })
    return NO_USER
  },
  'create-policy': async (ctx, { targetName: name, parameters }) => {
    await createPolicy(ctx, { name, ...concernOfParameters(parameters), ...versionOfParameters(parameters, ctx.now) })
    return NO_USER
  },
  'change-policy': async (ctx, { parameters }) => {
    await addPolicyVersion(ctx, String(parameters['policy_id']), versionOfParameters(parameters, ctx.now))
    return NO_USER
  },
  exempt: async (ctx, { parameters, reason }, ref) => {
    const exemption = { reason: reason ?? '', endsAt: Date.parse(String(parameters['ends_at'])) }
    return alone((await exemptUser(ctx, String(parameters['policy_id']), ref, exemption)).user)
  },
  unexempt: async (ctx, { parameters }, ref) => alone(await unexemptUser(ctx, String(parameters['policy_id']), ref)),
  'add-member': async (ctx, { parameters }, ref) => {
    await addGroupMember(ctx, String(parameters['group_id']), ref)
    return alone(await readUser(ctx, ref))
  },
  'lift-review': async (ctx, _approval, ref) => alone(await liftReview(ctx, ref)),
}

interface RoleParameters {
  readonly description?: string
  readonly permissions?: string
}

interface CreationParameters {
  readonly username: string
  readonly email: string | null
  readonly full_name: string | null
  readonly role: string
  readonly invite: boolean
  readonly locale: string | null
  readonly expires_at: string | null
  /** Null where none was chosen. */
  readonly delivery: Delivery | null
  readonly lifetime: number | null
  /** The names of groups, separated by semicolons; left out for none. */
  readonly groups?: string
  /** JSON. Requests of an earlier version have none. */
  readonly attributes?: string | null
}

type InvitationParameters = Pick<CreationParameters, 'delivery' | 'lifetime'>

type ChangeParameters = Omit<ProfileChanges, 'fullName' | 'timeZone' | 'expiresAt'> & {
  readonly expires_at?: string | null
  readonly full_name?: string | null
  readonly time_zone?: string | null
  readonly attributes?: string
}

function instantIn(text: string | null | undefined): Instant | null | undefined {
  return typeof text === 'string' ? Date.parse(text) : text
}

function alone(user: User): CarriedOut {
  return { user, invitation: null }
}

/** Makes the change of a request; call it inside the transaction that ends the request. Throws what the change throws. */
export async function makeApprovedChange(ctx: ChangeDeps, approval: Approval): Promise<CarriedOut> {
  const { target } = approval
  // A creation and a role read no user; every other change is refused for an id that no user has.
  const user = target === null ? undefined : await findUser(ctx, target)
  if (target !== null && user === undefined) throw new Refusal('user.not_found')
  return CHANGES[approval.kind](ctx, approval, { id: user?.id ?? NaN })
}
