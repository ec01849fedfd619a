// Completes a confirmed enrolment of any factor: writes its changes and finishes its sign-in in one transaction.
import { finishSignIn, type ReadAttempt, readAttempt, type SignInResult } from '#domain/attempts/attempt.service.ts'
import { type Attempt, createsUser } from '#domain/attempts/attempt.ts'
import { notifyOfEnrolment } from '#domain/attempts/joining.service.ts'
import { writeAnswers } from '#domain/attributes/attribute-values.service.ts'
import { recordEvent, recordRefusal } from '#domain/audit/audit.service.ts'
import type { EventAction } from '#domain/audit/event.ts'
import type { SecondFactorKind } from '#domain/factors/factor-kind.ts'
import { makeRecoveryCodes, replaceRecoveryCodes } from '#domain/factors/recovery-codes/recovery-code.service.ts'
import { consumeLink, emailMailedWith, withdrawLinks } from '#domain/links/link.service.ts'
import { withdrawMailedLinks } from '#domain/mail/mailed-links.service.ts'
import { secondFactorPolicy } from '#domain/policies/policy.service.ts'
import { joinRegistrationGroups } from '#domain/registrations/registration-groups.service.ts'
import { completeRequested } from '#domain/registrations/registration.service.ts'
import { throttleDetails } from '#domain/throttle/guess.service.ts'
import { type Guess, recordRefusedGuess, refundGuess, resetGuessesAt } from '#domain/throttle/throttle.service.ts'
import { actingAdminExists } from '#domain/users/acting-admins.service.ts'
import { insertUser, updateUser } from '#domain/users/user.service.ts'
import { foldName, type User } from '#domain/users/user.ts'
import { type InTransaction, inTransaction, type With } from '#foundation/context.ts'
import { meetsSignInAssurance } from '#foundation/kernel/assurance.ts'
import { isRouted } from '#foundation/kernel/mailable.ts'
import { retryOnConflict } from '#foundation/kernel/optimistic-locking.ts'
import type { Transport } from '#foundation/kernel/principal.ts'
import { Refusal, type RefusalCode } from '#foundation/kernel/refusal.ts'
import type { Secret } from '#foundation/kernel/secret.ts'
import { lockFor } from '#foundation/platform/database/lock.ts'
import { requireAllowed } from './allowed-factors.service.ts'

type Deps = With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'config' | 'principal' | 'hasher'>

/** A finished sign-in, with the recovery codes, which are shown once. */
export interface EnrolledSignIn extends SignInResult {
  readonly recoveryCodes: readonly Secret[]
  readonly nextSignIn: NextSignIn
}

/** How the user signs in the next time: with a passkey that verifies its user alone, or with the password and the new factor. */
export type NextSignIn = 'app' | 'passkey' | 'password-and-passkey'

/** Writes the factor, in the transaction of the completion. */
export type AddFactor = (tx: InTransaction<Deps>, attempt: Attempt, user: User) => Promise<void>

export interface ConfirmedEnrolment {
  readonly token: Secret
  readonly attempt: Attempt
  readonly kind: Exclude<SecondFactorKind, 'recovery-code'>
  readonly nextSignIn: NextSignIn
  readonly transport: Transport
  /** The guess that was consumed for the verification. */
  readonly guess: Guess
  readonly add: AddFactor
}

/** In one transaction, writes the factor, recovery codes and what the purpose of the attempt requires, and finishes the sign-in. */
export async function completeEnrolment(ctx: Deps, confirmed: ConfirmedEnrolment): Promise<EnrolledSignIn> {
  const { token, attempt, kind, nextSignIn, transport, guess, add } = confirmed
  const codes = await makeRecoveryCodes(ctx)
  const once = (): Promise<EnrolledSignIn> =>
    inTransaction(ctx, async (tx) => {
      const read = await readAttempt(tx, token, 'enrolment')
      await requireAllowed(tx, read, kind)
      const user = await COMPLETIONS[read.attempt.purpose](tx, read, FACTS[kind](tx.now))
      await add(tx, read.attempt, user)
      await replaceRecoveryCodes(tx, user.subject, codes)
      // Guesses at the former codes say nothing about the new ones.
      for (const factor of ['code', 'recovery'] as const) await resetGuessesAt(tx, user.subject, factor)
      await recordEvent(tx, { action: 'recovery_codes.made', actor: user.subject, target: user.subject })
      const methods = [...read.attempt.methods, kind]
      await notifyOfEnrolment(tx, { attempt: read.attempt, user, kind, codes: codes.shown.length })
      const complete = await finishSignIn(tx, {
        user,
        methods,
        transport,
        attemptId: attempt.id,
        guess,
        isNotified: true,
      })
      // The link of an invitation can be newer than the report. It stays valid until an admin has lifted the review.
      if (complete.stage === 'review') throw new Refusal('account.review_required')
      if (complete.stage === 'enrolment') throw new Refusal('factor.not_allowed')
      return { ...complete, recoveryCodes: codes.shown, nextSignIn }
    })
  return retryOnConflict(once).catch((error: unknown) => refuseConcurrentEnrolment(ctx, confirmed, error))
}

/** The fields of the user's row that each kind of factor sets. */
const FACTS = {
  totp: (now: number) => ({ secondFactorAt: now }),
  passkey: (now: number) => ({ secondFactorAt: now, passkeyAt: now }),
} satisfies Record<ConfirmedEnrolment['kind'], unknown>

type Facts = { readonly secondFactorAt: number; readonly passkeyAt?: number }

// The code was right, but another transaction has completed first, perhaps by a second click: the guess is refunded.
async function refuseConcurrentEnrolment(
  ctx: Deps,
  { attempt: { purpose, subject }, kind, guess }: ConfirmedEnrolment,
  error: unknown,
): Promise<never> {
  const target = createsUser(purpose) ? null : subject
  const action = purpose === 'sign-in' ? CONFIRMED[kind] : COMPLETED[purpose]
  const recorded = await recordRefusal(ctx, { action, target }, error)
  if (error instanceof Refusal && error.kind !== 'unavailable') await refundGuess(ctx, guess)
  throw recorded
}

type Wrong = Pick<ConfirmedEnrolment, 'attempt' | 'kind' | 'guess'> & { reason: string; refusal: RefusalCode }

/** Records the wrong code or passkey with its reason, counts the guess as a failure, then throws `refusal`. */
export async function refuseEnrolment(ctx: Deps, wrong: Wrong): Promise<never> {
  const { attempt, kind, guess, reason, refusal } = wrong
  const { purpose, subject } = attempt
  const target = createsUser(purpose) ? null : subject
  const details = { ...throttleDetails(secondFactorPolicy(ctx), guess), purpose, factor: kind }
  const event = { action: 'sign_in.second_step_refused', target, result: 'refused', reason, details } as const
  const id = await recordRefusedGuess(ctx, guess, event)
  throw new Refusal(refusal, {}, { id })
}

/** The event of a completed invitation, set-up or registration, or of its refusal. For a sign-in it is the event of the factor (`CONFIRMED`). */
const COMPLETED: Record<Exclude<Attempt['purpose'], 'sign-in'>, EventAction> = {
  invitation: 'invitation.accepted',
  'set-up': 'setup.completed',
  registration: 'registration.completed',
}

const CONFIRMED: Record<ConfirmedEnrolment['kind'], EventAction> = {
  totp: 'totp.confirmed',
  passkey: 'passkey.registered',
}

/** Writes what each purpose requires besides the factor; returns the user as written. */
const COMPLETIONS: Record<
  Attempt['purpose'],
  (tx: InTransaction<Deps>, read: ReadAttempt, facts: Facts) => Promise<User>
> = {
  'sign-in': completeSignIn,
  invitation: completeInvitation,
  'set-up': completeSetup,
  registration: completeRegistration,
}

// A second factor that was added since, such as an externally inserted secret, must be verified and not bypassed. One that was verified
// in this attempt leads here where the policies want another one.
async function completeSignIn(ctx: Deps, { attempt, user }: ReadAttempt, facts: Facts): Promise<User> {
  if (user === undefined || !meetsSignInAssurance(attempt.methods, user)) throw new Refusal('attempt.ended')
  if (attempt.linkId !== null && !(await consumeLink(ctx, attempt.linkId))) throw new Refusal('link.used')
  const { secondFactorAt, passkeyAt } = user
  const since = { ...(secondFactorAt !== null && { secondFactorAt }), ...(passkeyAt !== null && { passkeyAt }) }
  // Another factor beside the current one is a change of credentials too: links, other attempts and remembered devices end.
  const changed = await updateUser(ctx, user, { ...facts, ...since }, { bumpEpoch: true })
  await withdrawMailedLinks(ctx, user.subject, ['invitation', 'enrolment'])
  return changed
}

async function completeInvitation(ctx: Deps, { attempt, user }: ReadAttempt, facts: Facts): Promise<User> {
  if (user === undefined || user.secondFactorAt !== null) throw new Refusal('attempt.ended')
  if (attempt.linkId === null || !(await consumeLink(ctx, attempt.linkId))) throw new Refusal('link.used')
  const { hashedPassword, timeZone } = attempt.profile
  const kept = hashedPassword === null
  const password = kept ? {} : { hashedPassword, passwordChangeAskedAt: null }
  const zone = user.timeZone === null ? { timeZone } : {}
  const verified = (await hasProvenEmail(ctx, user, attempt.linkId)) ? { emailVerifiedAt: ctx.now } : {}
  const changed = await updateUser(ctx, user, { ...facts, ...password, ...zone, ...verified })
  await withdrawMailedLinks(ctx, user.subject, ['invitation'])
  if (!kept) await resetGuessesAt(ctx, user.subject, 'password')
  await writeAnswers(ctx, changed, attempt.profile.attributes)
  const details = { password: kept ? 'kept' : 'set', ...('emailVerifiedAt' in verified && { email: 'verified' }) }
  await recordEvent(ctx, {
    action: 'invitation.accepted',
    actor: user.subject,
    target: user.subject,
    details,
    ending: {},
  })
  return changed
}

// An invitation that left by mail alone shows that its recipient reads the mails of that email, unless the email was changed since. A
// stored email that mail servers route elsewhere says nothing about its domain, so it becomes no verified one.
async function hasProvenEmail(ctx: Deps, { email, emailVerifiedAt }: User, linkId: string): Promise<boolean> {
  if (email === null || emailVerifiedAt !== null || isRouted(email)) return false
  const mailedTo = await emailMailedWith(ctx, linkId)
  return mailedTo !== null && foldName(mailedTo) === foldName(email)
}

// The lock makes parallel set-ups wait for each other; the second one then finds an admin and is refused.
async function completeSetup(ctx: InTransaction<Deps>, { attempt }: ReadAttempt, facts: Facts): Promise<User> {
  await lockFor(ctx.db, 'set-up')
  if (await actingAdminExists(ctx)) throw new Refusal('setup.finished')
  if (attempt.linkId === null || !(await consumeLink(ctx, attempt.linkId))) throw new Refusal('link.used')
  const { profile, subject } = attempt
  const username = profile.username ?? ''
  const user = await insertUser(ctx, { ...profile, username, role: 'admin', subject, ...facts })
  await withdrawLinks(ctx, { purpose: 'set-up', subject: null })
  await recordEvent(ctx, { action: 'setup.completed', actor: subject, target: subject })
  return user
}

// The link proved the email. The setting is read again: the server may have been restarted since the attempt was opened.
async function completeRegistration(ctx: Deps, { attempt }: ReadAttempt, facts: Facts): Promise<User> {
  if (ctx.config.registration.mode !== 'open') throw new Refusal('registration.off')
  const { linkId, profile, subject } = attempt
  if (linkId === null || !(await consumeLink(ctx, linkId))) throw new Refusal('link.used')
  await completeRequested(ctx, linkId)
  const account = { ...profile, username: profile.username ?? '', emailVerifiedAt: ctx.now }
  const user = await insertUser(ctx, { ...account, role: 'user', subject, ...facts })
  const details = { username: user.username }
  await recordEvent(ctx, { action: 'registration.completed', actor: subject, target: subject, details })
  await joinRegistrationGroups(ctx, user)
  await writeAnswers(ctx, user, profile.attributes)
  return user
}
