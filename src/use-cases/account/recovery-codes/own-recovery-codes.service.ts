import { recordEvent } from '../../../domain/audit/audit.service.ts'
import type { With, WithSession } from '../../../foundation/context.ts'
import {
  makeRecoveryCodes,
  recoveryCodesLeft,
  replaceRecoveryCodes,
} from '../../../domain/factors/recovery-codes/recovery-code.service.ts'
import type {
  MadeRecoveryCodes,
  RecoveryCodesLeft,
} from '../../../domain/factors/recovery-codes/recovery-code.service.ts'
import type { Secret } from '../../../foundation/kernel/secret.ts'
import { resetGuessesAt } from '../../../domain/throttle/throttle.service.ts'
import { updateUser } from '../../../domain/users/user.service.ts'
import { withOwnAccount } from '../own-account/own-account.service.ts'

type Recording = With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal'>

/** How many codes still work, and since when there are any. */
export function ownRecoveryCodes(ctx: WithSession<'db'>): Promise<RecoveryCodesLeft> {
  return recoveryCodesLeft(ctx, ctx.principal.user.subject)
}

/** A new set, shown this once; what is left of the old one stops working. */
export async function renewRecoveryCodes(
  ctx: WithSession<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal' | 'config' | 'hasher'>,
): Promise<readonly Secret[]> {
  const made = await makeRecoveryCodes(ctx)
  return withOwnAccount(ctx, 'recovery_codes.made', async (tx, user) => {
    // What two renewals at once collide on; without it both sets could stay.
    await updateUser(tx, user, {}, { bumpEpoch: false })
    await storeSet(tx, user.subject, made)
    return made.shown
  })
}

/**
 * The set that comes with somebody's first factor, for `storeFirstSet`; undefined for those who have one. Made before the
 * transaction, because it hashes.
 */
export async function prepareFirstSet(
  ctx: With<'db' | 'random' | 'hasher' | 'newId'>,
  subject: string,
): Promise<MadeRecoveryCodes | undefined> {
  const { madeAt } = await recoveryCodesLeft(ctx, subject)
  return madeAt === null ? makeRecoveryCodes(ctx) : undefined
}

/** Stores it, after the user was written, so that of two at once one set is shown; nothing where there is one by now. */
export async function storeFirstSet(
  tx: Recording,
  subject: string,
  made: MadeRecoveryCodes | undefined,
): Promise<readonly Secret[]> {
  if (made === undefined || (await recoveryCodesLeft(tx, subject)).madeAt !== null) return []
  await storeSet(tx, subject, made)
  return made.shown
}

async function storeSet(tx: Recording, subject: string, made: MadeRecoveryCodes): Promise<void> {
  await replaceRecoveryCodes(tx, subject, made)
  // What strangers guessed at before says nothing about the new ones.
  await resetGuessesAt(tx, subject, 'recovery')
  await recordEvent(tx, { action: 'recovery_codes.made', target: subject })
}
