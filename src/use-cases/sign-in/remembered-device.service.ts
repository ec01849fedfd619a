// Finishes a sign-in in a browser that is remembered, without the second factor.
import { type FinishDeps, type FinishOutcome, finishSignIn } from '#domain/attempts/attempt.service.ts'
import { recordEvent } from '#domain/audit/audit.service.ts'
import { notifyUser } from '#domain/notices/notice.service.ts'
import { rememberPeriods } from '#domain/policies/evaluation/remembering.service.ts'
import {
  type DeviceSubmission,
  noteDeviceSession,
  useRememberedDevice,
} from '#domain/remembered-devices/remembered-device.service.ts'
import { endSession } from '#domain/sessions/session.service.ts'
import type { Guess } from '#domain/throttle/throttle.service.ts'
import { whyShutOut } from '#domain/users/account-expiry.service.ts'
import { lockUserById } from '#domain/users/user.service.ts'
import type { User } from '#domain/users/user.ts'
import { inTransaction } from '#foundation/context.ts'
import type { Transport } from '#foundation/kernel/principal.ts'

export interface PasswordSignIn {
  /** The user, once the password matched. */
  readonly user: User
  readonly guess: Guess
  readonly transport: Transport
  readonly remembered: DeviceSubmission | undefined
}

/**
 * Finishes the sign-in of a user who has a second factor by the remembered device of this browser, and replaces its secret. Returns
 * undefined where the second factor must be asked for: the device is not remembered, the policy in force does not allow it, or the user is
 * shut out or must review the account, which a password alone does not reveal. A repeated form ends the session of its first answer. A
 * replay ends the device, of which the user is notified by mail, once for each device.
 */
export async function skipSecondFactor(
  ctx: FinishDeps,
  { user, guess, transport, remembered }: PasswordSignIn,
): Promise<FinishOutcome | undefined> {
  if (remembered === undefined || transport !== 'cookie') return undefined
  return inTransaction(ctx, async (tx) => {
    // The user is read again under a lock: role, epoch and end may have changed while the password was hashed (TOCTOU). The row of the
    // user is locked before the device, in the order of a change of the user (deadlock).
    const current = await lockUserById(tx, user.id)
    if (current === undefined || current.credentialEpoch !== user.credentialEpoch) return undefined
    if (current.reviewRequiredAt !== null || (await whyShutOut(tx, current)) !== undefined) return undefined
    const periods = await rememberPeriods(tx, current)
    const use = await useRememberedDevice(tx, current, { ...remembered, periods })
    // The password was right, so a holder of a copy of the cookie may know it.
    if (use === 'replayed') await notifyUser(tx, current, 'device-replayed')
    if (use === undefined || use === 'replayed') return undefined
    if (use.replacedSession !== null) await endFirstSession(tx, current, use.replacedSession)
    const signIn = { user: current, guess, methods: ['password'], transport, attemptId: null } as const
    const outcome = await finishSignIn(tx, { ...signIn, remembered: use.grant })
    if (outcome.stage === 'complete') await noteDeviceSession(tx, use.grant, outcome.session.id)
    return outcome
  })
}

/** Ends the session of the first answer to a repeated form: of two browsers that hold the same form, one is left with a session. */
async function endFirstSession(ctx: FinishDeps, { subject }: User, id: string): Promise<void> {
  if (!(await endSession(ctx, { subject, id }))) return
  const details = { session: id, by: 'repeated form' }
  await recordEvent(ctx, { action: 'session.ended', target: subject, details, ending: { sessionId: id } })
}
