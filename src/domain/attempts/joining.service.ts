// Joining: an invitation, a registration or the set-up gets one mail, instead of a notice for each change inside it.
import type { FactorKind, SecondFactorKind } from '#domain/factors/factor-kind.ts'
import { isJoining, type NoticeDeps, notifyOfNewDevice, notifyUser } from '#domain/notices/notice.service.ts'
import { wasApproved } from '#domain/registrations/registration.ts'
import type { User } from '#domain/users/user.ts'
import type { InTransaction, With } from '#foundation/context.ts'
import type { Attempt } from './attempt.ts'

export interface Enrolment {
  readonly attempt: Pick<Attempt, 'purpose' | 'linkId'>
  /** As written, before the sign-in is finished. */
  readonly user: User
  readonly kind: Exclude<SecondFactorKind, 'recovery-code'>
  /** How many recovery codes came with it. */
  readonly codes: number
}

/** The credential epoch of a new user who has set up a factor. */
const ENROLLED_AT = 1

const ADDED = { totp: 'app-added', passkey: 'passkey-added' } as const

/**
 * Notifies the user of a factor that was set up in an attempt: as a part of joining, or as an added one where a policy, a reset by an admin
 * or a forgotten password has led to it.
 */
export async function notifyOfEnrolment(
  tx: InTransaction<NoticeDeps>,
  { attempt, user, kind, codes }: Enrolment,
): Promise<void> {
  if (await joinsBy(tx, attempt, user)) return notifyUser(tx, user, 'joined', { recovery_codes: String(codes) })
  return notifyUser(tx, user, ADDED[kind])
}

async function joinsBy(tx: With<'db'>, { purpose, linkId }: Enrolment['attempt'], user: User): Promise<boolean> {
  if (purpose !== 'sign-in') return isJoining(tx, user, ENROLLED_AT)
  return linkId === null && (await joinsBySignIn(tx, user, ENROLLED_AT))
}

export interface NotifiedSignIn {
  readonly user: User
  readonly methods: readonly FactorKind[]
  /** Whether the same transaction notifies the user of a change. */
  readonly isNotified?: boolean
}

/** Notifies the user of a sign-in: by a recovery code, as the end of joining, or from a new device. */
export async function notifyOfSignIn(
  tx: InTransaction<NoticeDeps>,
  { user, methods, isNotified = false }: NotifiedSignIn,
): Promise<void> {
  if (methods.includes('recovery-code')) return notifyUser(tx, user, 'recovery-code-used')
  if (isNotified) return
  if (await joinsBySignIn(tx, user)) return notifyUser(tx, user, 'joined')
  return notifyOfNewDevice(tx, user)
}

/** Whether a sign-in ends the joining of this user: the first one after a registration was approved. */
async function joinsBySignIn(tx: With<'db'>, user: User, epoch?: number): Promise<boolean> {
  return wasApproved(user) && (await isJoining(tx, user, epoch))
}
