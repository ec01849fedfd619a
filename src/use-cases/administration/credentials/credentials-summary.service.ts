// All credentials of a user: second factors, sessions, API tokens, invitation; never a secret.
import { listApiTokens } from '#domain/api-tokens/api-token.service.ts'
import { listPasskeys, resetPasskeys } from '#domain/factors/passkeys/passkey.service.ts'
import { dropRecoveryCodes, recoveryCodesLeft } from '#domain/factors/recovery-codes/recovery-code.service.ts'
import { confirmedApps, resetTotp } from '#domain/factors/totp/totp.service.ts'
import { type ListedSession, listSessionsWithApps } from '#domain/grants/idle-session.service.ts'
import { sessionRulesOf } from '#domain/policies/evaluation/session-rules.service.ts'
import type { User } from '#domain/users/user.ts'
import type { InTransaction, With } from '#foundation/context.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import { lastInvitations } from '../invitations/invitation.service.ts'

export type EnrolledFactors = Awaited<ReturnType<typeof enrolledFactors>>
export type FactorCounts = ReturnType<typeof countsOf>
export type CredentialsSummary = Awaited<ReturnType<typeof summarizeCredentials>>

/** Returns the second factors of a user; pending apps are left out. */
export async function enrolledFactors(ctx: With<'db'>, subject: string) {
  return {
    apps: await confirmedApps(ctx, subject),
    passkeys: await listPasskeys(ctx, subject),
    recoveryCodes: await recoveryCodesLeft(ctx, subject),
  }
}

export function countsOf({ apps, passkeys, recoveryCodes }: EnrolledFactors) {
  return { apps: apps.length, passkeys: passkeys.length, recoveryCodes: recoveryCodes.left }
}

/** Deletes all second factors, pending apps included; returns how many valid ones there were. */
export async function dropFactors(ctx: InTransaction<With<'db'>>, subject: string): Promise<FactorCounts> {
  const counts = countsOf(await enrolledFactors(ctx, subject))
  await resetTotp(ctx, subject)
  await resetPasskeys(ctx, subject)
  await dropRecoveryCodes(ctx, subject)
  return counts
}

export async function summarizeCredentials(ctx: With<'db' | 'now' | 'config'>, user: User) {
  return {
    factors: await enrolledFactors(ctx, user.subject),
    sessions: await listSessionsOf(ctx, user),
    tokens: await listApiTokens(ctx, user.subject),
    /** When the last invitation expires, or expired; undefined if none was made or the user has enrolled. */
    invitationEnd: (await lastInvitations(ctx, [user])).get(user.subject)?.expiresAt,
  }
}

/** Returns a user's running sessions, the latest used first, with idle ones in which apps are signed in. */
export async function listSessionsOf(ctx: With<'db' | 'now' | 'config'>, user: User): Promise<ListedSession[]> {
  return listSessionsWithApps(ctx, user.subject, await sessionRulesOf(ctx, user))
}

/** Whether the user has an invitation that has not expired. */
export function isInvited({ invitationEnd }: CredentialsSummary, now: Instant): boolean {
  return invitationEnd !== undefined && invitationEnd > now
}
