// Self-registration: stores who asked for an account, lets registrations wait for an admin, and ends them.
import { answersText, type GivenValues } from '#domain/attributes/attribute-value.ts'
import { issueLink, readLink } from '#domain/links/link.service.ts'
import { isMailOn, queueMail } from '#domain/mail/mail.service.ts'
import { numberOf } from '#domain/throttle/guess.service.ts'
import { countMail } from '#domain/throttle/mail-limit.service.ts'
import { MAIL_PREFIX } from '#domain/throttle/throttle.ts'
import { isEmailTaken } from '#domain/users/name-claim.service.ts'
import { foldName } from '#domain/users/user.ts'
import type { InTransaction, With } from '#foundation/context.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import type { Secret } from '#foundation/kernel/secret.ts'
import { NOTIFIED_EVERY, REGISTRATION_LINK_LIFETIME, WAITING_LIFETIME } from '#foundation/kernel/stated-limits.ts'
import { isUniqueViolation } from '#foundation/platform/database/errors.ts'
import { renameAnswersInRegistrations } from './registration-answers.queries.ts'
import * as queries from './registration.queries.ts'
import { limitKeyOf, type WaitingRegistration } from './registration.ts'

/** The page of the mailed link. */
export const REGISTRATION_PATH = '/registration'

/** Whether people may ask for an account here. */
export function isRegistrationOn({ config }: With<'config'>): boolean {
  return config.registration.mode !== 'off' && isMailOn(config)
}

type Deps = With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal' | 'config'>

/**
 * Stores that a person asked for an account, and queues one mail: with a link, or with the sentence that the email has an account. Both
 * run the same statements up to that mail; the link of a known email is never sent (enumeration). Returns the id of the registration;
 * undefined if the email has had its three mails of the hour, whether it is known or not.
 */
export async function recordRequest(
  tx: InTransaction<Deps>,
  { email, locale }: { readonly email: string; readonly locale: string | null },
): Promise<string | undefined> {
  const isWithinLimit = await countMail(tx, `${MAIL_PREFIX}registration-${numberOf(tx, limitKeyOf(email))}`)
  const isTaken = await isEmailTaken(tx, email)
  const isWaiting = await queries.waitsWithEmail(tx.db, foldName(email))
  if (!isWithinLimit) return undefined
  const isKnown = isTaken || isWaiting
  const id = tx.newId()
  const { link, token } = await issueLink(tx, {
    purpose: 'registration',
    subject: null,
    epoch: 0,
    lifetime: REGISTRATION_LINK_LIFETIME,
    about: id,
  })
  const times = { createdAt: tx.now, expiresAt: link.expiresAt }
  const state = isKnown ? 'known' : 'requested'
  await queries.insertRegistration(tx.db, {
    id,
    state,
    email: email.normalize('NFC'),
    locale,
    linkId: link.id,
    ...times,
  })
  await queueMail(tx, {
    template: isKnown ? 'registration-known' : 'registration',
    recipient: email.normalize('NFC'),
    subject: null,
    locale,
    facts: {},
    ...(!isKnown && { link: { id: link.id, path: REGISTRATION_PATH, token, expiresAt: link.expiresAt } }),
  })
  return id
}

export interface RequestedRegistration {
  readonly id: string
  readonly linkId: string
  readonly email: string
  readonly locale: string | null
}

/** Returns the registration of a mailed link, without consuming it. Throws `link.unknown`, `link.expired`, `link.used`. */
export async function readRequested(ctx: With<'db' | 'now'>, token: Secret): Promise<RequestedRegistration> {
  const { id: linkId } = await readLink(ctx, token, 'registration')
  const found = await queries.selectRequested(ctx.db, linkId)
  if (found === undefined) throw new Refusal('link.used')
  return { ...found, linkId }
}

/** Whether a registration that waits has this username. */
export function isUsernameClaimed({ db }: With<'db'>, username: string): Promise<boolean> {
  return queries.waitsWithUsername(db, foldName(username))
}

export interface SubmittedRegistration {
  readonly username: string
  readonly fullName: string | null
  readonly hashedPassword: Secret
  readonly timeZone: string | null
  readonly attributes: GivenValues
}

/**
 * Lets a requested registration wait for an admin; it claims its email and its username until it ends. Throws `link.used` if another
 * transaction was first, `user.username_taken` and `user.email_taken` if another registration that waits has claimed them.
 */
export async function letWait(
  tx: With<'db' | 'now'>,
  { id, email }: RequestedRegistration,
  { username, fullName, hashedPassword, timeZone, attributes }: SubmittedRegistration,
): Promise<void> {
  const name = username.normalize('NFC')
  const row = {
    email_key: foldName(email),
    username: name,
    username_key: foldName(name),
    full_name: fullName?.normalize('NFC') ?? null,
    hashed_password: hashedPassword.reveal(),
    time_zone: timeZone,
    attributes: answersText(attributes),
  }
  const times = { now: tx.now, expiresAt: tx.now + WAITING_LIFETIME }
  const done = await queries.updateToWaiting(tx.db, id, row, times).catch(refuseClaimed)
  if (!done) throw new Refusal('link.used')
}

function refuseClaimed(error: unknown): never {
  if (isUniqueViolation(error, 'username_key')) throw new Refusal('user.username_taken', {}, { cause: error })
  if (isUniqueViolation(error, 'claimed_email_key')) throw new Refusal('user.email_taken', {}, { cause: error })
  throw error
}

/** Ends the registration of a link whose user was created. Throws `link.used` if another transaction was first. */
export async function completeRequested(tx: With<'db' | 'now'>, linkId: string): Promise<void> {
  const found = await queries.selectRequested(tx.db, linkId)
  const done =
    found !== undefined &&
    (await queries.updateToEnded(tx.db, found.id, 'requested', tx.now + REGISTRATION_LINK_LIFETIME))
  if (!done) throw new Refusal('link.used')
}

/** Returns the registrations that wait, oldest first, after the one with that id. */
export function listWaiting(
  { db, now }: With<'db' | 'now'>,
  { after, limit }: { readonly after: string; readonly limit: number },
): Promise<WaitingRegistration[]> {
  return queries.selectWaiting(db, { now, after, limit })
}

/** Returns how many registrations wait. */
export function countWaitingRegistrations({ db, now }: With<'db' | 'now'>): Promise<number> {
  return queries.selectWaitingCount(db, now)
}

/** Returns the registration with this id. Throws `registration.not_found` unless it waits. */
export async function readWaiting({ db, now }: With<'db' | 'now'>, id: string): Promise<WaitingRegistration> {
  const found = await queries.selectWaitingById(db, id, now)
  if (found === undefined) throw new Refusal('registration.not_found')
  return found
}

/** Returns the registration that waits with this id, username or email. Throws `registration.not_found`. */
export async function findWaiting({ db, now }: With<'db' | 'now'>, word: string): Promise<WaitingRegistration> {
  const found = await queries.selectWaitingNamed(db, { word, key: foldName(word), now })
  if (found === undefined) throw new Refusal('registration.not_found')
  return found
}

/** Ends a registration that waits, and erases what was typed. Throws `registration.not_found` if another transaction was first. */
export async function endWaitingRegistration({ db, now }: With<'db' | 'now'>, id: string): Promise<void> {
  // Kept as long as `told_at` limits the mails to admins.
  const done = await queries.updateToEnded(db, id, 'waiting', now + NOTIFIED_EVERY)
  if (!done) throw new Refusal('registration.not_found')
}

/** Gives what people who registered have answered to one attribute another key. */
export function renameRegisteredAnswers({ db }: With<'db'>, key: string, renamed: string): Promise<void> {
  return renameAnswersInRegistrations(db, key, renamed)
}
