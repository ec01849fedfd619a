// Notices: notifies users of changes to their account by mail, each time with a link "This wasn't me".
import { issueLink } from '#domain/links/link.service.ts'
import type { MailTemplate } from '#domain/mail/mail-template.ts'
import { isMailOn, queueMail } from '#domain/mail/mail.service.ts'
import { deviceWords } from '#domain/sessions/device.ts'
import { deviceCookieOwner } from '#domain/throttle/device-cookie.service.ts'
import { isLastAdmin } from '#domain/users/last-admin.service.ts'
import type { User } from '#domain/users/user.ts'
import type { InTransaction, With } from '#foundation/context.ts'
import { isAuthenticated } from '#foundation/kernel/principal.ts'
import { ANSWER_LIFETIME } from '#foundation/kernel/stated-limits.ts'
import { toRfc3339 } from '#foundation/kernel/time.ts'
import { commandOnPage } from '#foundation/platform/program-name.ts'
import {
  deleteEndedNotices,
  insertNotice,
  type NewNotice,
  selectChangesFrom,
  selectOthersSince,
} from './notice.queries.ts'
import { JOINING_PERIOD, type NoticeKind, onceADay, OPTIONAL_NOTICE } from './notice.ts'

export type NoticeDeps = With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'config' | 'principal'>

/** The fields of a user that a notice needs. */
export type Notified = Pick<
  User,
  | 'id'
  | 'subject'
  | 'username'
  | 'email'
  | 'role'
  | 'disabled'
  | 'secondFactorAt'
  | 'credentialEpoch'
  | 'locale'
  | 'timeZone'
>

/** The path of the page "This wasn't me". */
export const NOT_ME_PATH = '/not-me'

/**
 * Stores that an account was changed, and queues the mail that notifies its user. The user has been written. The mail goes to the user's
 * email, verified or not: the notice is stored also where there is none and where mail is off, because a review is evaluated by it.
 * @param more facts of this kind of notice alone
 */
export async function notifyUser(
  ctx: InTransaction<NoticeDeps>,
  user: Notified,
  kind: Exclude<NoticeKind, 'new-device' | 'email-changed'>,
  more: Readonly<Record<string, string>> = {},
): Promise<void> {
  const id = ctx.newId()
  await storeNotice(ctx, user, { id, kind, once: null })
  await mailNotice(ctx, user, { id, template: `notice-${kind}` }, more)
}

/**
 * Whether the user has not had a session yet, and no change of password or factors was made. What an admin's reset or a forgotten password
 * leads to is no joining, even before the first session and after the notice of it is deleted: each raises the credential epoch.
 * @param epoch the highest credential epoch of a user who is joining; by default that of a new user
 */
export async function isJoining(
  ctx: With<'db'>,
  { subject, lastSignInAt, credentialEpoch }: Pick<User, 'subject' | 'lastSignInAt' | 'credentialEpoch'>,
  epoch = 0,
): Promise<boolean> {
  if (lastSignInAt !== null || credentialEpoch > epoch) return false
  return (await selectChangesFrom(ctx.db, subject, 0)).length === 0
}

/** The fields of a user that decide whether the user is notified of a sign-in. */
export type SignedIn = Notified & Pick<User, 'newDeviceNoticesOffAt'>

/**
 * Notifies the user of a sign-in from a device without their device cookie: at most once for each network and day, so that a program that
 * signs in each minute sends one mail. The first one within a day of joining is notified of in calm words.
 */
export async function notifyOfNewDevice(ctx: InTransaction<NoticeDeps>, user: SignedIn): Promise<void> {
  if (!isMailOn(ctx.config) || user.email === null || user.newDeviceNoticesOffAt !== null) return
  if (deviceCookieOwner(ctx, user) !== null) return
  const notice = { id: ctx.newId(), kind: OPTIONAL_NOTICE, subject: user.subject } as const
  const once = onceADay(user.subject, ctx.principal.source.network, ctx.now)
  if (!(await storeNotice(ctx, user, { ...notice, once }))) return
  const isCalm = await isFirstAfterJoining(ctx, notice)
  await mailNotice(ctx, user, { id: notice.id, template: isCalm ? 'notice-first-device' : 'notice-new-device' })
}

/**
 * Notes that another notice covers a sign-in from this network, so that the notice of a new device does not repeat it today. The
 * transaction is that of the other notice, which names the network, where the sign-in ends in a later one.
 */
export async function noteNotifiedSignIn(ctx: InTransaction<NoticeDeps>, user: Pick<User, 'subject'>): Promise<void> {
  const once = onceADay(user.subject, ctx.principal.source.network, ctx.now)
  await storeNotice(ctx, user, { id: ctx.newId(), kind: OPTIONAL_NOTICE, once })
}

async function isFirstAfterJoining(
  { db, now }: With<'db' | 'now'>,
  notice: Pick<NewNotice, 'id' | 'subject'>,
): Promise<boolean> {
  const wanted = { kinds: ['joined', OPTIONAL_NOTICE], since: now - JOINING_PERIOD } as const
  const notices = await selectOthersSince(db, notice, wanted)
  return notices.includes('joined') && !notices.includes(OPTIONAL_NOTICE)
}

/** Stores a notice, by which reviews are evaluated; returns false if it was sent already. */
export function storeNotice(
  ctx: With<'db' | 'now'>,
  { subject }: Pick<User, 'subject'>,
  notice: Pick<NewNotice, 'id' | 'kind' | 'once'>,
): Promise<boolean> {
  const times = { createdAt: ctx.now, expiresAt: ctx.now + ANSWER_LIFETIME }
  return insertNotice(ctx.db, { ...notice, subject, ...times })
}

async function mailNotice(
  ctx: InTransaction<NoticeDeps>,
  user: Notified,
  { id, template }: { readonly id: string; readonly template: MailTemplate },
  more: Readonly<Record<string, string>> = {},
): Promise<void> {
  if (user.email === null || !isMailOn(ctx.config)) return
  const { subject, credentialEpoch: epoch, email: recipient, locale } = user
  const { link, token } = await issueLink(ctx, {
    purpose: 'not-me',
    subject,
    epoch,
    lifetime: ANSWER_LIFETIME,
    about: id,
  })
  await queueMail(ctx, {
    template,
    recipient,
    subject,
    locale,
    facts: { ...factsOf(ctx, user), ...(await commandFor(ctx, user)), ...more },
    link: { id: link.id, path: NOT_ME_PATH, token, expiresAt: link.expiresAt },
  })
}

/**
 * The facts of every mail about a change: when, and by which device. Of another user who made it only the name is shown, and of a command
 * on the server nothing.
 */
export function factsOf({ now, principal }: With<'now' | 'principal'>, user: Notified): Record<string, string> {
  const { ipAddress, userAgent } = principal.source
  const isOther = isAuthenticated(principal) && principal.user.subject !== user.subject
  return {
    name: user.username,
    happened_at: toRfc3339(now),
    ...(user.timeZone === null ? {} : { time_zone: user.timeZone }),
    ...(isOther && { admin: principal.user.username }),
    ...(!isOther && principal.kind !== 'operator' && { device: deviceWords(userAgent), address: ipAddress }),
  }
}

// No other admin could lift the review of the last active admin.
async function commandFor(ctx: With<'db' | 'config'>, user: Notified): Promise<Record<string, string>> {
  return (await isLastAdmin(ctx, user)) ? { command: liftCommand(ctx, user) } : {}
}

/** The command by which the operator lifts the review of this user. */
export function liftCommand({ config }: With<'config'>, { id }: Pick<User, 'id'>): string {
  return commandOnPage(config, `user lift-review ${id}`)
}

/** Deletes notices whose link has ended. */
export function deleteExpiredNotices(ctx: With<'db' | 'now'>): Promise<void> {
  return deleteEndedNotices(ctx.db, ctx.now)
}
