// Limits the recovery mails of an account, and those that are asked for under a name without one.
import type { With } from '../../foundation/context.ts'
import { numberOf } from './guess.service.ts'
import { consumeFromBucket, failInBucket } from './throttle.queries.ts'
import { MAIL_PREFIX } from './throttle.ts'

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
