import type { ApprovalWish } from '../../../domain/approvals/approval.ts'
import { inAuthorizedTransaction } from '../../../domain/authorization/authorization.service.ts'
import type { With } from '../../../foundation/context.ts'
import { fieldErrorsInNewPassword, newPasswordHash } from '../../../domain/factors/password/password.service.ts'
import type { Role } from '../../../foundation/kernel/principal.ts'
import { requireNoFieldErrors } from '../../../foundation/kernel/refusal.ts'
import type { Secret } from '../../../foundation/kernel/secret.ts'
import type { Duration } from '../../../foundation/kernel/time.ts'
import { passwordPolicy } from '../../../domain/policies/policy.service.ts'
import { fieldErrorsInProfile } from '../../../domain/users/profile.ts'
import { insertUser, requireNamesAvailable } from '../../../domain/users/user.service.ts'
import type { User } from '../../../domain/users/user.ts'
import type { Invitation } from './invitation.ts'
import { issueInvitation } from './invitation.service.ts'
import { recordAbout, requireFreshAuthenticationToGrant } from '../access/access.service.ts'
import { openIfRequired, requireApproval } from '../access/approval-gate.service.ts'
import type { ChangeDeps } from '../access/access.service.ts'

type Deps = ChangeDeps & With<'hasher' | 'knownPasswords'>

export interface NewUserInput {
  readonly username: string
  readonly email?: string | null | undefined
  readonly fullName?: string | null | undefined
  readonly role?: Role | undefined
  /** An initial password; with the invitation the user may choose another. */
  readonly password?: Secret | undefined
  /** Whether to make an invitation; true if left out. */
  readonly invite?: boolean | undefined
  /** The lifetime of the invitation in milliseconds; the configured one if left out. */
  readonly lifetime?: Duration | undefined
}

/** The same with the hash of the password; null for none. */
export type HashedUserInput = Omit<NewUserInput, 'password'> & { readonly passwordHash: Secret | null }

export interface CreatedUser {
  readonly user: User
  readonly invitation: Invitation | null
}

/**
 * Creates a user, who enrols a second factor through the invitation or at the first sign-in. Throws `request.validation_failed`,
 * `user.username_taken`, `user.email_taken`, and `access.reauthentication_required` for a new admin without recent authentication.
 */
export async function createUser(ctx: Deps, input: NewUserInput): Promise<CreatedUser> {
  requireFreshAuthenticationToGrant(ctx, input.role)
  await requireValidUser(ctx, input)
  // Hashing is slow and stays outside the transaction.
  const passwordHash = input.password === undefined ? null : await newPasswordHash(ctx, input.password)
  return createUserWithHash(ctx, { ...input, passwordHash })
}

/** Creates a user with the hash of a password. Throws what `createUser` throws. */
export function createUserWithHash(ctx: ChangeDeps, input: HashedUserInput): Promise<CreatedUser> {
  const { username, email = null, fullName = null, role = 'user', passwordHash, invite = true } = input
  const add = async (tx: ChangeDeps): Promise<CreatedUser> => {
    if (role === 'admin') {
      await requireNamesAvailable(tx, { username, email })
      await requireApproval(tx, creationApproval(input), null)
    }
    const invitedAt = invite ? tx.now : null
    const user = await insertUser(tx, { username, email, fullName, role, hashedPassword: passwordHash, invitedAt })
    await recordAbout(tx, user, 'user.created', { role: user.role })
    return { user, invitation: invite ? await issueInvitation(tx, user, input) : null }
  }
  return openIfRequired(ctx, inAuthorizedTransaction(ctx, add, { lock: 'share' }))
}

function creationApproval({ username, passwordHash, ...input }: HashedUserInput): ApprovalWish {
  const { email = null, fullName = null, role = 'user', invite = true, lifetime = null } = input
  const parameters = { username, email, full_name: fullName, role, invite, lifetime }
  return { kind: 'create-user', newName: username, parameters, passwordHash }
}

/** Throws `request.validation_failed` as `createUser` would, so that a prompt can reject a value before it asks for the next one. */
export async function requireValidUser(ctx: With<'config' | 'knownPasswords'>, input: NewUserInput): Promise<void> {
  const { username, email = null, fullName = null, password } = input
  const user = { username, email, fullName }
  const weak =
    password === undefined ? [] : await fieldErrorsInNewPassword(ctx, { policy: passwordPolicy(ctx), password, user })
  requireNoFieldErrors([...fieldErrorsInProfile(user), ...weak])
}
