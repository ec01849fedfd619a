import { moveGrantsToEpoch } from '#domain/grants/grant.service.ts'
import { heldFactors } from '#domain/policies/evaluation/second-factor-counts.service.ts'
import { isAllowed } from '#domain/policies/evaluation/sufficient-factors.ts'
import { userPolicy } from '#domain/policies/evaluation/user-policy.service.ts'
import type { AllowableFactor } from '#domain/policies/policy.ts'
import { renewForNewEpoch } from '#domain/sessions/renewal.service.ts'
import { moveSessionsToEpoch } from '#domain/sessions/session.service.ts'
import type { UserChanges } from '#domain/users/user-changes.ts'
import { updateUser } from '#domain/users/user.service.ts'
import type { User } from '#domain/users/user.ts'
import type { WithSession } from '#foundation/context.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import { endOtherSessions, type OnlySession } from './own-account.service.ts'

export interface Addition {
  readonly changes: UserChanges
  /** The wish of the user. */
  readonly signOutOthers: boolean
  /** Whether the added factor replaced another. */
  readonly isReplacement: boolean
}

export interface AfterAddition extends OnlySession {
  /** Whether every other session was ended. */
  readonly isAlone: boolean
}

/** Throws `factor.not_allowed` if the policies for the signed-in user do not allow this factor. */
export async function requireAddable(ctx: WithSession<'db' | 'now' | 'config'>, kind: AllowableFactor): Promise<void> {
  if (!isAllowed(await userPolicy(ctx, ctx.principal.user), kind)) throw new Refusal('factor.not_allowed')
}

/**
 * Updates the user after a factor was added in the same transaction. Attempts, links and copies of this session's token always end. Other
 * sessions end by choice; always if the factor replaces one, or is the first: a session that began with fewer factors must not outlive it.
 */
export async function cleanUpAfterAddition(
  tx: WithSession<'db' | 'now' | 'random'>,
  user: User,
  { changes, signOutOthers, isReplacement }: Addition,
): Promise<AfterAddition> {
  const { apps, passkeys } = await heldFactors(tx, user.subject)
  const isFirst = user.secondFactorAt === null || apps + passkeys === 1
  const changed = await updateUser(tx, user, changes, { bumpEpoch: true })
  if (isFirst || isReplacement || signOutOthers) return { ...(await endOtherSessions(tx, changed)), isAlone: true }
  const token = await renewForNewEpoch(tx, tx.principal.session, changed.credentialEpoch)
  const epochs = { from: user.credentialEpoch, to: changed.credentialEpoch }
  await moveSessionsToEpoch(tx, user.subject, epochs)
  await moveGrantsToEpoch(tx, user.subject, epochs)
  return { token, sessions: 0, isAlone: false }
}
