import type { Given } from '#domain/approvals/approval-change.ts'
import type { ApprovalRequest } from '#domain/approvals/approval.ts'
import { changesIn } from '#domain/attributes/attribute-value.ts'
import { valuedAttributes, writeValues } from '#domain/attributes/attribute-values.service.ts'
import { auditedChange, type ChangeDeps } from '#domain/authorization/audited-change.service.ts'
import { fieldErrorsInNewPassword, newPasswordHash } from '#domain/factors/password/password.service.ts'
import { isMailOn } from '#domain/mail/mail.service.ts'
import { passwordPolicy } from '#domain/policies/password-policy.service.ts'
import { fieldErrorsInExpiry } from '#domain/users/account-expiry.ts'
import { fieldErrorsInProfile } from '#domain/users/profile.ts'
import { insertUser, requireNamesAvailable } from '#domain/users/user.service.ts'
import type { User } from '#domain/users/user.ts'
import type { With } from '#foundation/context.ts'
import { type FieldError, Refusal, requireNoFieldErrors } from '#foundation/kernel/refusal.ts'
import type { Secret } from '#foundation/kernel/secret.ts'
import { toRfc3339 } from '#foundation/kernel/time.ts'
import { recordAbout } from '../access/access.service.ts'
import { requireApproval } from '../access/approval-gate.service.ts'
import { requireFreshAuthenticationToGrant, requireGrantableRole } from '../access/role-grant.service.ts'
import { groupsNamed, joinGroups } from '../groups/groups.service.ts'
import { issueInvitation, issueMailedInvitation } from './invitation.service.ts'
import { fieldErrorsInDelivery, type Invitation, type MailedInvitation } from './invitation.ts'

type Deps = ChangeDeps & With<'hasher' | 'knownPasswords'>

export interface NewUserInput extends Given<'create-user'> {
  readonly username: string
  /** An initial password; with the invitation the user may choose another. */
  readonly password?: Secret | undefined
}

/** An admin gives the values, and their errors are at the keys below the field `attributes`. */
const BY_ADMIN = { audience: 'admin', prefix: '/attributes/' } as const

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
 * `user.username_taken`, `user.email_taken`, `role.grant_forbidden`, `role.beyond_own`, and `access.reauthentication_required` for a role with
 * permissions without recent authentication.
 */
export async function createUser(ctx: Deps, input: NewUserInput): Promise<CreatedUser> {
  requireFreshAuthenticationToGrant(ctx, await requireGrantableRole(ctx, input.role ?? 'user'))
  await requireValidUser(ctx, input)
  // Hashing is slow and stays outside the transaction.
  const passwordHash = input.password === undefined ? null : await newPasswordHash(ctx, input.password)
  return createUserWithHash(ctx, { ...input, passwordHash })
}

/** Creates a user with the hash of a password. Throws what `createUser` throws. */
export function createUserWithHash(ctx: ChangeDeps, input: HashedUserInput): Promise<CreatedUser> {
  const { username, email = null, fullName = null, role = 'user', passwordHash, invite = true } = input
  const { locale = null, expiresAt = null, delivery, groups = [] } = input
  return auditedChange(ctx, {}, async (tx) => {
    // Checked again when a request is carried out: the end may have passed, and mail may be off by then.
    requireNoFieldErrors(fieldErrorsInJoining(tx, { expiresAt, delivery, email }))
    const given = await requireGrantableRole(tx, role)
    const joined = await groupsNamed(tx, groups)
    if (given.length > 0) {
      await requireNamesAvailable(tx, { username, email })
      await requireApproval(tx, creationRequest(input), null)
    }
    const invitedAt = invite ? tx.now : null
    const profile = { username, email, fullName, role, locale, expiresAt }
    const user = await insertUser(tx, { ...profile, hashedPassword: passwordHash, invitedAt })
    const end = user.expiresAt === null ? {} : { expires_at: toRfc3339(user.expiresAt) }
    await recordAbout(tx, user, 'user.created', { role: user.role, ...end })
    await joinGroups(tx, joined, user)
    await writeValues(tx, user, input.attributes ?? {}, BY_ADMIN)
    if (!invite) return { user, invitation: null }
    if (delivery !== 'mail') return { user, invitation: await issueInvitation(tx, user, input) }
    return { user, invitation: null, mailed: await issueMailedInvitation(tx, user, input) }
  })
}

function creationRequest({ passwordHash, ...input }: HashedUserInput): ApprovalRequest {
  const { username, email = null, fullName = null, role = 'user', invite = true, lifetime = null } = input
  const { locale = null, expiresAt = null, delivery = null, groups = [] } = input
  const attributes = Object.keys(input.attributes ?? {}).length > 0 ? input.attributes : null
  const profile = { username, email, fullName, role, locale, expiresAt, attributes }
  const joining = { invite, lifetime, delivery, groups: groups.length > 0 ? groups : undefined }
  return { kind: 'create-user', newName: username, values: { ...profile, ...joining }, passwordHash }
}

/** Throws `request.validation_failed` as `createUser` would, so that a prompt can reject a value before it asks for the next one. */
export async function requireValidUser(
  ctx: With<'db' | 'config' | 'knownPasswords' | 'now' | 'principal'>,
  input: NewUserInput,
): Promise<void> {
  const { username, email = null, fullName = null, password, locale, expiresAt, delivery, attributes } = input
  const unknown = await fieldErrorsOf(groupsNamed(ctx, input.groups ?? []))
  const user = { username, email, fullName }
  const weak =
    password === undefined
      ? []
      : await fieldErrorsInNewPassword(ctx, { policy: await passwordPolicy(ctx), password, user })
  requireNoFieldErrors([
    ...fieldErrorsInProfile({ ...user, locale }),
    ...fieldErrorsInJoining(ctx, { expiresAt, delivery, email }),
    ...changesIn(await valuedAttributes(ctx, null, 'admin'), attributes ?? {}, BY_ADMIN).errors,
    ...unknown,
    ...weak,
  ])
}

/** The field errors with which a check ends; none if it succeeds. Throws every other refusal. */
async function fieldErrorsOf(check: Promise<unknown>): Promise<readonly FieldError[]> {
  try {
    await check
    return []
  } catch (error) {
    if (error instanceof Refusal && error.facts.fieldErrors !== undefined) return error.facts.fieldErrors
    throw error
  }
}

function fieldErrorsInJoining(
  { now, config }: With<'now' | 'config'>,
  { expiresAt, delivery, email }: Pick<NewUserInput, 'expiresAt' | 'delivery' | 'email'>,
): FieldError[] {
  return [...fieldErrorsInExpiry(expiresAt, now), ...fieldErrorsInDelivery(delivery, { isOn: isMailOn(config), email })]
}
