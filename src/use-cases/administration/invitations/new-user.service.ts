import type { ApprovalWish } from '../../../domain/approvals/approval.ts'
import { inAuthorizedTransaction } from '../../../domain/authorization/authorization.service.ts'
import type { With } from '../../../foundation/context.ts'
import { fieldErrorsInNewPassword, newPasswordHash } from '../../../domain/factors/password/password.service.ts'
import type { Role } from '../../../foundation/kernel/principal.ts'
import { requireNoFieldErrors } from '../../../foundation/kernel/refusal.ts'
import type { FieldError } from '../../../foundation/kernel/refusal.ts'
import type { Secret } from '../../../foundation/kernel/secret.ts'
import { toRfc3339, toRfc3339OrNull } from '../../../foundation/kernel/time.ts'
import type { Duration, Instant } from '../../../foundation/kernel/time.ts'
import { isMailOn } from '../../../domain/mail/mail.service.ts'
import { passwordPolicy } from '../../../domain/policies/password-policy.service.ts'
import { fieldErrorsInExpiry } from '../../../domain/users/account-expiry.ts'
import { fieldErrorsInProfile } from '../../../domain/users/profile.ts'
import { insertUser, requireNamesAvailable } from '../../../domain/users/user.service.ts'
import type { User } from '../../../domain/users/user.ts'
import { fieldErrorsInDelivery } from './invitation.ts'
import type { Delivery, Invitation, MailedInvitation } from './invitation.ts'
import { issueInvitation, issueMailedInvitation } from './invitation.service.ts'
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
  /** Shown in the answer, or sent to the address of the user; shown if left out. */
  readonly delivery?: Delivery | undefined
  readonly locale?: string | null | undefined
  /** From this instant on the user cannot sign in; no end if left out. */
  readonly expiresAt?: Instant | null | undefined
}

/** The same with the hash of the password; null for none. */
export type HashedUserInput = Omit<NewUserInput, 'password'> & { readonly passwordHash: Secret | null }

export interface CreatedUser {
  readonly user: User
  /** Null without an invitation, and for one that was mailed. */
  readonly invitation: Invitation | null
  readonly mailed?: MailedInvitation
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
  const { locale = null, expiresAt = null, delivery } = input
  const add = async (tx: ChangeDeps): Promise<CreatedUser> => {
    // Judged again when a request is carried out: the end may have passed, and mail may be off by then.
    requireNoFieldErrors(fieldErrorsInJoining(tx, { expiresAt, delivery, email }))
    if (role === 'admin') {
      await requireNamesAvailable(tx, { username, email })
      await requireApproval(tx, creationApproval(input), null)
    }
    const invitedAt = invite ? tx.now : null
    const profile = { username, email, fullName, role, locale, expiresAt }
    const user = await insertUser(tx, { ...profile, hashedPassword: passwordHash, invitedAt })
    const end = user.expiresAt === null ? {} : { expires_at: toRfc3339(user.expiresAt) }
    await recordAbout(tx, user, 'user.created', { role: user.role, ...end })
    if (!invite) return { user, invitation: null }
    if (delivery !== 'mail') return { user, invitation: await issueInvitation(tx, user, input) }
    return { user, invitation: null, mailed: await issueMailedInvitation(tx, user, input) }
  }
  return openIfRequired(ctx, inAuthorizedTransaction(ctx, add, { lock: 'share' }))
}

function creationApproval({ username, passwordHash, ...input }: HashedUserInput): ApprovalWish {
  const { email = null, fullName = null, role = 'user', invite = true, lifetime = null } = input
  const { locale = null, expiresAt = null, delivery = null } = input
  const expiry = { expires_at: toRfc3339OrNull(expiresAt) }
  const parameters = { username, email, full_name: fullName, role, invite, lifetime, locale, delivery, ...expiry }
  return { kind: 'create-user', newName: username, parameters, passwordHash }
}

/** Throws `request.validation_failed` as `createUser` would, so that a prompt can reject a value before it asks for the next one. */
export async function requireValidUser(
  ctx: With<'db' | 'config' | 'knownPasswords' | 'now'>,
  input: NewUserInput,
): Promise<void> {
  const { username, email = null, fullName = null, password, locale, expiresAt, delivery } = input
  const user = { username, email, fullName }
  const weak =
    password === undefined
      ? []
      : await fieldErrorsInNewPassword(ctx, { policy: await passwordPolicy(ctx), password, user })
  requireNoFieldErrors([
    ...fieldErrorsInProfile({ ...user, locale }),
    ...fieldErrorsInJoining(ctx, { expiresAt, delivery, email }),
    ...weak,
  ])
}

function fieldErrorsInJoining(
  { now, config }: With<'now' | 'config'>,
  { expiresAt, delivery, email }: Pick<NewUserInput, 'expiresAt' | 'delivery' | 'email'>,
): FieldError[] {
  return [...fieldErrorsInExpiry(expiresAt, now), ...fieldErrorsInDelivery(delivery, { isOn: isMailOn(config), email })]
}
