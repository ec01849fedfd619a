import { openAttempt, type OpenedAttempt } from '#domain/attempts/attempt.service.ts'
import { NO_PROFILE } from '#domain/attempts/attempt.ts'
import { fieldErrorsInAnswers, type GivenValues, type ValuedAttribute } from '#domain/attributes/attribute-value.ts'
import { askedAttributes } from '#domain/attributes/attribute-values.service.ts'
import { fieldErrorsInNewPassword, newPasswordHash, verifyPassword } from '#domain/factors/password/password.service.ts'
import { findLink, readLink } from '#domain/links/link.service.ts'
import type { Link } from '#domain/links/link.ts'
import { passwordPolicy } from '#domain/policies/evaluation/password-policy.service.ts'
import { bucketsFor } from '#domain/throttle/guess.service.ts'
import {
  consumeGuess,
  type Guess,
  recordFailure,
  recordSuccess,
  refundOnBusy,
  refusing,
} from '#domain/throttle/throttle.service.ts'
import { whyShutOut } from '#domain/users/account-expiry.service.ts'
import { findUser } from '#domain/users/user.service.ts'
import type { User } from '#domain/users/user.ts'
import type { With } from '#foundation/context.ts'
import { foldName } from '#foundation/kernel/fold.ts'
import { Refusal, requireNoFieldErrors } from '#foundation/kernel/refusal.ts'
import type { Secret } from '#foundation/kernel/secret.ts'
import type { Instant } from '#foundation/kernel/time.ts'

type Deps = With<
  'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal' | 'hasher' | 'config' | 'knownPasswords' | 'limits'
>

// The invitation counts as used if the user's credentials changed after it was issued or the user enrolled a second factor elsewhere.
async function readInvited(ctx: With<'db' | 'now'>, token: Secret) {
  const link = await readLink(ctx, token, 'invitation')
  const user = link.subject === null ? undefined : await findUser(ctx, link.subject)
  if (user === undefined || (await whyShutOut(ctx, user)) !== undefined) throw new Refusal('link.unknown')
  if (user.credentialEpoch !== link.epoch || user.secondFactorAt !== null) throw new Refusal('link.used')
  // Another program has changed the email since the mail left: its reader may be a stranger.
  if (link.mailedTo !== null && foldName(link.mailedTo) !== foldName(user.email ?? ''))
    throw new Refusal('link.unknown')
  return { link, user }
}

export interface Invitation {
  readonly linkId: string
  /** Until when the link works. */
  readonly expiresAt: Instant
  readonly timeZone: string | null
  readonly username: string
  readonly email: string | null
  readonly fullName: string | null
  /** The username of the inviter; null for the operator or a deleted user. */
  readonly invitedBy: string | null
  /** Whether the user has a password, which they may keep. */
  readonly hasPassword: boolean
  /** Whether the user has signed in before: the invitation follows a reset. */
  readonly returning: boolean
  /** What the user is asked besides the password, with the values that there are. */
  readonly asked: readonly ValuedAttribute[]
}

/**
 * Returns what is known of an invitation that was refused with `link.expired` or `link.replaced`: its end, when a reminder replaced it, and
 * its inviter; undefined if there is no such link.
 */
export async function readEndedInvitation(ctx: With<'db'>, token: Secret) {
  const link = await findLink(ctx, token, 'invitation')
  return link && { expiredAt: link.expiresAt, replacedAt: link.replacedAt, invitedBy: await inviterOf(ctx, link) }
}

/** The username of the inviter; null for the operator or a deleted user. */
async function inviterOf(ctx: With<'db'>, { createdBy }: Link): Promise<string | null> {
  const inviter = createdBy === null ? undefined : await findUser(ctx, createdBy)
  return inviter?.username ?? null
}

/** Returns what the invited user sees; does not consume the link. Throws `link.unknown`, `link.expired`, `link.replaced`, `link.used`. */
export async function readInvitation(ctx: With<'db' | 'now'>, token: Secret): Promise<Invitation> {
  const { link, user } = await readInvited(ctx, token)
  const { username, email, fullName, timeZone, hashedPassword, lastSignInAt } = user
  const state = { hasPassword: hashedPassword !== null, returning: lastSignInAt !== null }
  const invitedBy = await inviterOf(ctx, link)
  const asked = await askedOf(ctx, user)
  return { linkId: link.id, expiresAt: link.expiresAt, username, email, fullName, timeZone, invitedBy, asked, ...state }
}

/** A user who has signed in before has joined already, and is asked nothing. */
function askedOf(ctx: With<'db'>, { subject, lastSignInAt }: User): Promise<ValuedAttribute[]> {
  return lastSignInAt === null ? askedAttributes(ctx, subject) : Promise.resolve([])
}

export interface AcceptedInvitation {
  readonly token: Secret
  readonly password: Secret
  /** That of the browser; stored if the user has none. */
  readonly timeZone?: string | null
  /** The answers to the attributes that are asked at joining. */
  readonly attributes?: GivenValues | undefined
}

/**
 * Accepts an invitation: the invited user sets a password, or keeps the initial one by typing it. Only an attempt is written; password
 * and second factor are stored together when the enrolment is confirmed, which also consumes the link. Throws the codes of
 * `readInvitation`, `request.validation_failed` and `service.busy`.
 */
export async function acceptInvitation(
  ctx: Deps,
  { token, password, timeZone = null, attributes = {} }: AcceptedInvitation,
): Promise<OpenedAttempt> {
  const { link, user } = await readInvited(ctx, token)
  const kept = user.hashedPassword !== null && (await guessCurrentPassword(ctx, user, password))
  // A kept password costs the same work, so that neither the answer nor the response time reveals that the guess was right.
  const fieldErrors = await fieldErrorsInNewPassword(ctx, { policy: await passwordPolicy(ctx), password, user })
  const wrong = fieldErrorsInAnswers(await askedOf(ctx, user), attributes, '/attributes/')
  requireNoFieldErrors([...(kept ? [] : fieldErrors), ...wrong])
  const hash = await newPasswordHash(ctx, password)
  return openAttempt(ctx, {
    purpose: 'invitation',
    stage: 'enrolment',
    subject: user.subject,
    epoch: user.credentialEpoch,
    methods: ['password'],
    profile: { ...NO_PROFILE, hashedPassword: kept ? null : hash, timeZone, attributes },
    linkId: link.id,
  })
}

/**
 * Verifies the password that the user was given, and records the guess; true for a match. While the limiter blocks guesses, nothing is
 * compared: the input becomes a new password.
 */
async function guessCurrentPassword(ctx: Deps, user: User, password: Secret): Promise<boolean> {
  const guess = bucketsFor(ctx, user, ['password'])
  if (!(await consumeUnlessBlocked(ctx, guess))) return false
  const { matched } = await refundOnBusy(ctx, guess, () => verifyPassword(ctx, user, password))
  await refusing(ctx, guess, (tx) => (matched ? recordSuccess : recordFailure)(tx, guess))
  return matched
}

async function consumeUnlessBlocked(ctx: Deps, guess: Guess): Promise<boolean> {
  try {
    await consumeGuess(ctx, guess)
    return true
  } catch (error) {
    if (error instanceof Refusal && error.code === 'throttle.blocked') return false
    throw error
  }
}
