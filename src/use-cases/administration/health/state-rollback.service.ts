// Ends what must not count any longer when the database is older than the end of its log that was noted outside it.
import { recordEvent } from '../../../domain/audit/audit.service.ts'
import type { With } from '../../../foundation/context.ts'
import { forgetAll as forgetChallenges } from '../../../domain/factors/passkeys/challenge.service.ts'
import { consumeCurrentSteps } from '../../../domain/factors/totp/totp-check.service.ts'
import type { Instant } from '../../../foundation/kernel/time.ts'
import { endAllCarriers } from '../../../domain/users/state-rollback.service.ts'

/**
 * Ends what could be used a second time: sessions, sign-in attempts and links of users, passkey challenges, present codes.
 * Call it inside a transaction.
 * @param noted the event that the log lacks, and when it was noted
 */
export async function endWhatCouldReturn(
  ctx: With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal'>,
  noted: { readonly position: number; readonly at: Instant },
): Promise<void> {
  await endAllCarriers(ctx)
  await forgetChallenges(ctx)
  await consumeCurrentSteps(ctx)
  const details = { noted_event: noted.position, noted_at: noted.at }
  await recordEvent(ctx, { action: 'database.rolled_back', details })
}
