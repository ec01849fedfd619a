// Limits the mails that others can have sent to an email: recovery mails, and what admins and the help desk send to a user.
import type { With } from '#foundation/context.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import { numberOf } from './guess.service.ts'
import { countsIn } from './throttle-state.service.ts'
import { consumeFromBucket, failInBucket } from './throttle.queries.ts'
import { MAIL_PREFIX, retryAfter } from './throttle.ts'

/**
 * Returns the bucket of the recovery mails of this user, or of the typed name where there is none (`subject` undefined). Both are computed
 * in each case, so that the time does not reveal whether the user exists (enumeration).
 */
export function mailBucket(ctx: With<'keyring'>, name: string, subject: string | undefined): string {
  const ofName = `${MAIL_PREFIX}name-${numberOf(ctx, name)}`
  return subject === undefined ? ofName : `${MAIL_PREFIX}${subject}`
}

/**
 * Counts one mail in the bucket, inside the transaction that queues it; false if the hour has had its three. Parallel requests wait for
 * each other on the row of the bucket, so none is missed (lost update).
 */
export async function countMail({ db, now }: With<'db' | 'now'>, bucket: string): Promise<boolean> {
  const [allowed] = await consumeFromBucket(db, bucket, now)
  if (allowed === undefined) return false
  await failInBucket(db, bucket, now)
  return true
}

/** The bucket of the mails of one kind that admins and the help desk have sent to a user. */
export function sentMailBucket(kind: 'invitation' | 'unlocked' | 'reset', subject: string): string {
  return `${MAIL_PREFIX}${kind}-${subject}`
}

/**
 * Counts one mail in the bucket as `countMail` does. Throws `help.mail_limit`, with the seconds until the next one, if the hour has had its
 * three.
 */
export async function requireMailWithinLimit(ctx: With<'db' | 'now'>, bucket: string): Promise<void> {
  if (await countMail(ctx, bucket)) return
  const until = (await countsIn(ctx, [bucket])).get(bucket)?.blockedUntil ?? ctx.now
  throw new Refusal('help.mail_limit', { retryAfter: retryAfter(until, ctx.now) })
}
