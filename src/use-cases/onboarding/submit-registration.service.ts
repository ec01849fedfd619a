// Behind the mailed link: username, name and password. Then the second factor is set up, or the registration waits for an admin.
import { openAttempt, type OpenedAttempt } from '#domain/attempts/attempt.service.ts'
import { fieldErrorsInAnswers, type GivenValues } from '#domain/attributes/attribute-value.ts'
import { askedAttributes } from '#domain/attributes/attribute-values.service.ts'
import { recordEvent } from '#domain/audit/audit.service.ts'
import { fieldErrorsInNewPassword, newPasswordHash } from '#domain/factors/password/password.service.ts'
import { consumeLink } from '#domain/links/link.service.ts'
import { passwordPolicy } from '#domain/policies/password-policy.service.ts'
import {
  isUsernameClaimed,
  letWait,
  readRequested,
  type RequestedRegistration,
} from '#domain/registrations/registration.service.ts'
import { consumeGuess, recordFailure, refundGuess, refusing } from '#domain/throttle/throttle.service.ts'
import { fieldErrorsInProfile } from '#domain/users/profile.ts'
import { requireNamesAvailable } from '#domain/users/user.service.ts'
import { inTransaction, type With } from '#foundation/context.ts'
import { Refusal, requireNoFieldErrors } from '#foundation/kernel/refusal.ts'
import type { Secret } from '#foundation/kernel/secret.ts'
import { guessAtUsername, requireRegistration } from './request-registration.service.ts'

type Deps = With<
  'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal' | 'config' | 'hasher' | 'knownPasswords' | 'limits'
>

export interface NewAccount {
  readonly token: Secret
  readonly username: string
  readonly fullName: string | null
  readonly password: Secret
  /** That of the browser, if it sent one. */
  readonly timeZone?: string | null
  /** The answers to the attributes that are asked at joining. */
  readonly attributes?: GivenValues | undefined
}

/** The next step: setting up a second factor, or waiting for an admin. */
export type RegistrationStep = ({ readonly stage: 'enrolment' } & OpenedAttempt) | { readonly stage: 'waiting' }

/** Returns what the page of the link shows; consumes nothing. Throws `registration.off`, `link.unknown`, `link.expired`, `link.used`. */
export async function readRegistration(
  ctx: With<'db' | 'now' | 'config'>,
  token: Secret,
): Promise<RequestedRegistration> {
  requireRegistration(ctx)
  return readRequested(ctx, token)
}

/**
 * Takes what the person has chosen. Where no approval is needed only an attempt is written, and the confirmation of the enrolment creates
 * the user; otherwise the registration waits. A username that is taken is disclosed, and counts in the link and in the network. Throws the
 * codes of `readRegistration`, `request.validation_failed`, `user.username_taken`, `user.email_taken`, `throttle.blocked` and
 * `service.busy`.
 */
export async function submitRegistration(
  ctx: Deps,
  { token, password, ...typed }: NewAccount,
): Promise<RegistrationStep> {
  const registration = await readRegistration(ctx, token)
  const { email } = registration
  const { username, fullName, timeZone = null, attributes = {} } = typed
  const user = { username, email, fullName }
  requireNoFieldErrors([
    ...fieldErrorsInProfile(user),
    ...fieldErrorsInAnswers(await askedAttributes(ctx, null), attributes, '/attributes/'),
    ...(await fieldErrorsInNewPassword(ctx, { policy: await passwordPolicy(ctx), password, user })),
  ])
  await requireUsernameFree(ctx, registration, username)
  const account = { username, fullName, hashedPassword: await newPasswordHash(ctx, password), timeZone, attributes }
  if (ctx.config.registration.mode === 'approval') return submitForApproval(ctx, registration, account)
  const opened = await openAttempt(ctx, {
    purpose: 'registration',
    stage: 'enrolment',
    subject: Buffer.from(ctx.random(16)).toString('hex'),
    epoch: 0,
    methods: ['password'],
    profile: { ...account, email },
    linkId: registration.linkId,
  })
  return { stage: 'enrolment', ...opened }
}

/** Throws `user.username_taken` or `user.email_taken`, and counts the answer first: a guess that found nothing is refunded. */
async function requireUsernameFree(
  ctx: Deps,
  { linkId, email }: RequestedRegistration,
  username: string,
): Promise<void> {
  const guess = guessAtUsername(ctx, linkId)
  await consumeGuess(ctx, guess)
  try {
    await requireNamesAvailable(ctx, { username, email })
    if (await isUsernameClaimed(ctx, username)) throw new Refusal('user.username_taken')
  } catch (error) {
    await refusing(ctx, guess, (tx) => recordFailure(tx, guess))
    throw error
  }
  await refundGuess(ctx, guess)
}

function submitForApproval(
  ctx: Deps,
  registration: RequestedRegistration,
  account: Parameters<typeof letWait>[2],
): Promise<RegistrationStep> {
  return inTransaction(ctx, async (tx) => {
    if (!(await consumeLink(tx, registration.linkId))) throw new Refusal('link.used')
    await letWait(tx, registration, account)
    const details = { registration: registration.id, username: account.username }
    await recordEvent(tx, { action: 'registration.submitted', actor: null, details })
    return { stage: 'waiting' }
  })
}
