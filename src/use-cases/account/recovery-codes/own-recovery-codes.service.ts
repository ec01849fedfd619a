// Counts and replaces the user’s own recovery codes.
import { recordEvent } from '#domain/audit/audit.service.ts'
import {
  type MadeRecoveryCodes,
  makeRecoveryCodes,
  type RecoveryCodesLeft,
  recoveryCodesLeft,
  replaceRecoveryCodes,
} from '#domain/factors/recovery-codes/recovery-code.service.ts'
import { notifyUser } from '#domain/notices/notice.service.ts'
import { forgetRememberedDevices } from '#domain/remembered-devices/remembered-device.service.ts'
import { resetGuessesAt } from '#domain/throttle/throttle.service.ts'
import { updateUser } from '#domain/users/user.service.ts'
import type { InTransaction, With, WithSession } from '#foundation/context.ts'
import type { Secret } from '#foundation/kernel/secret.ts'
import { withOwnAccount } from '../own-account/own-account.service.ts'

type Recording = With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal'>

/** Returns how many codes are left, and when the set was made. */
export function ownRecoveryCodes(ctx: WithSession<'db'>): Promise<RecoveryCodesLeft> {
  return recoveryCodesLeft(ctx, ctx.principal.user.subject)
}

/** Makes a new set, which replaces the old one, and returns its codes. Throws `service.busy`. */
export async function renewRecoveryCodes(
  ctx: WithSession<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal' | 'config' | 'hasher'>,
): Promise<readonly Secret[]> {
  const made = await makeRecoveryCodes(ctx)
  return withOwnAccount(ctx, 'recovery_codes.made', async (tx, user) => {
    // Two concurrent renewals conflict on the user's row; without this write both sets could stay valid (write skew).
    await updateUser(tx, user, {}, { bumpEpoch: false })
    await storeSet(tx, user.subject, made)
    await forgetRememberedDevices(tx, user.subject)
    await notifyUser(tx, user, 'recovery-codes-made')
    return made.shown
  })
}

/**
 * Makes the set that comes with a user's first factor, for `storeFirstSet`; undefined for a user who has a set. It hashes, so it is
 * called before the transaction.
 */
export async function prepareFirstSet(
  ctx: With<'db' | 'random' | 'hasher' | 'newId'>,
  subject: string,
): Promise<MadeRecoveryCodes | undefined> {
  const { madeAt } = await recoveryCodesLeft(ctx, subject)
  return madeAt === null ? makeRecoveryCodes(ctx) : undefined
}

/**
 * Stores the first set and returns its codes; an empty list if the user has a set by now. It is called after the user was written, on
 * which concurrent requests conflict, so that only one set is shown.
 */
export async function storeFirstSet(
  tx: InTransaction<Recording>,
  subject: string,
  made: MadeRecoveryCodes | undefined,
): Promise<readonly Secret[]> {
  if (made === undefined || (await recoveryCodesLeft(tx, subject)).madeAt !== null) return []
  await storeSet(tx, subject, made)
  return made.shown
}

async function storeSet(tx: InTransaction<Recording>, subject: string, made: MadeRecoveryCodes): Promise<void> {
  await replaceRecoveryCodes(tx, subject, made)
  // Earlier wrong guesses were made at other codes, so they do not count against the new set.
  await resetGuessesAt(tx, subject, 'recovery')
  await recordEvent(tx, { action: 'recovery_codes.made', target: subject })
}
