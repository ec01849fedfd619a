// What admins decide on people who have registered and wait: approve, which creates the user, or decline with a reason.
import { writeAnswers } from '#domain/attributes/attribute-values.service.ts'
import { recordEvent } from '#domain/audit/audit.service.ts'
import { auditedChange, type ChangeDeps } from '#domain/authorization/audited-change.service.ts'
import { queueMail } from '#domain/mail/mail.service.ts'
import { joinRegistrationGroups } from '#domain/registrations/registration-groups.service.ts'
import { endWaitingRegistration, readWaiting } from '#domain/registrations/registration.service.ts'
import type { WaitingRegistration } from '#domain/registrations/registration.ts'
import { insertUser } from '#domain/users/user.service.ts'
import type { User } from '#domain/users/user.ts'
import type { InTransaction } from '#foundation/context.ts'
import { requireNoFieldErrors } from '#foundation/kernel/refusal.ts'
import { groupsNamed, joinGroups, requireGroupsPermission } from '../groups/groups.service.ts'

const REASON_MAXIMUM = 500

export interface ApprovalOfRegistration {
  /** The names of the groups that the user joins, which needs `groups:write`; those of the setting `registration_groups` if left out. */
  readonly groups?: readonly string[] | undefined
}

/**
 * Approves a registration: creates its user, with the role of a user and a verified email, and queues the mail that says so. The user
 * sets up the second factor at the first sign-in. Throws `registration.not_found`, also after a concurrent decision; `user.username_taken`
 * and `user.email_taken` if another user has got the name or the email since; for chosen groups `access.insufficient_permissions` without
 * `groups:write`, and `request.validation_failed` for a name that no group has.
 */
export async function approveRegistration(
  ctx: ChangeDeps,
  id: string,
  { groups }: ApprovalOfRegistration = {},
): Promise<User> {
  return auditedChange(ctx, { action: 'registration.approved', details: { registration: id } }, async (tx) => {
    const registration = await readWaiting(tx, id)
    const chosen = groups && (await groupsChosen(tx, groups))
    await endWaitingRegistration(tx, id)
    const { email, username, fullName, hashedPassword, timeZone, submittedAt } = registration
    const names = { username, email, fullName, timeZone }
    const user = await insertUser(tx, { ...names, role: 'user', hashedPassword, emailVerifiedAt: submittedAt })
    const details = { registration: id, username }
    await recordEvent(tx, { action: 'registration.approved', target: user.subject, details })
    await (chosen ? joinGroups(tx, chosen, user) : joinRegistrationGroups(tx, user))
    await writeAnswers(tx, user, registration.attributes)
    await notifyPerson(tx, registration, { template: 'registration-approved', subject: user.subject, facts: {} })
    return user
  })
}

/** An admin who chooses groups needs the permission, also for none: that would leave out those of the setting. */
function groupsChosen(tx: ChangeDeps, names: readonly string[]): ReturnType<typeof groupsNamed> {
  requireGroupsPermission(tx.principal)
  return groupsNamed(tx, names)
}

/**
 * Declines a registration and queues the mail with the reason. Its email and username are free again. Throws
 * `registration.not_found`, also after a concurrent decision, and `request.validation_failed` for an empty or too long reason.
 */
export function declineRegistration(
  ctx: ChangeDeps,
  { id, reason }: { readonly id: string; readonly reason: string },
): Promise<WaitingRegistration> {
  return auditedChange(ctx, {}, async (tx) => {
    const registration = await readWaiting(tx, id)
    requireReason(reason)
    await endWaitingRegistration(tx, id)
    const details = { registration: id, username: registration.username, declined_because: reason.trim() }
    await recordEvent(tx, { action: 'registration.declined', details })
    const facts = { reason: reason.trim() }
    await notifyPerson(tx, registration, { template: 'registration-declined', subject: null, facts })
    return registration
  })
}

function requireReason(reason: string): void {
  const length = Array.from(reason.trim()).length
  const pointer = '/reason'
  if (length === 0) requireNoFieldErrors([{ pointer, code: 'field.missing' }])
  if (length > REASON_MAXIMUM)
    requireNoFieldErrors([{ pointer, code: 'field.too_long', facts: { maximum: REASON_MAXIMUM } }])
}

interface DecisionMail {
  readonly template: 'registration-approved' | 'registration-declined'
  readonly subject: string | null
  readonly facts: Readonly<Record<string, string>>
}

async function notifyPerson(
  tx: InTransaction<ChangeDeps>,
  { email, fullName, username, locale }: WaitingRegistration,
  { template, subject, facts }: DecisionMail,
): Promise<void> {
  const name = fullName?.trim() || username
  await queueMail(tx, { template, subject, recipient: email, locale, facts: { ...facts, username, name } })
}
