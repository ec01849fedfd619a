// All credentials of a user: factors, sessions, API tokens, invitation.
import { listApiTokens } from '../../../domain/api-tokens/api-token.service.ts'
import type { ApiToken } from '../../../domain/api-tokens/api-token.ts'
import type { With } from '../../../foundation/context.ts'
import type { Instant } from '../../../foundation/kernel/time.ts'
import type { Session } from '../../../domain/sessions/session.ts'
import type { User } from '../../../domain/users/user.ts'
import { invitationEnds } from '../invitations/invitation.service.ts'
import { enrolledFactors } from './enrolled-factors.service.ts'
import type { EnrolledFactors } from './enrolled-factors.service.ts'
import { listSessionsOf } from './sessions.service.ts'

export interface CredentialsSummary {
  readonly factors: EnrolledFactors
  readonly sessions: readonly Session[]
  readonly tokens: readonly ApiToken[]
  /** When the last invitation expires, or expired; undefined if none was made or the user has enrolled. */
  readonly invitationEnd: Instant | undefined
}

/** Returns the credentials of a user as they are now. */
export async function summarizeCredentials(
  ctx: With<'db' | 'now' | 'config'>,
  user: User,
): Promise<CredentialsSummary> {
  return {
    factors: await enrolledFactors(ctx, user.subject),
    sessions: await listSessionsOf(ctx, user),
    tokens: await listApiTokens(ctx, user.subject),
    invitationEnd: (await invitationEnds(ctx, [user])).get(user.subject),
  }
}

/** Whether the user has an invitation that has not expired. */
export function isInvited({ invitationEnd }: CredentialsSummary, now: Instant): boolean {
  return invitationEnd !== undefined && invitationEnd > now
}
