// Revokes one-time values and sessions when the database went back to an earlier state: its log was removed, or a backup restored.
import { recordEvent } from '#domain/audit/audit.service.ts'
import { deleteAllChallenges as forgetChallenges } from '#domain/factors/passkeys/challenge.service.ts'
import { consumeCurrentSteps } from '#domain/factors/totp/totp-check.service.ts'
import { endAllGrants } from '#domain/grants/grant.service.ts'
import { endAllHostCodes } from '#domain/hosts/host-session.service.ts'
import { withdrawSigningKeys } from '#domain/signing-keys/rotation.service.ts'
import { raiseAllCredentialEpochs } from '#domain/users/user.service.ts'
import type { InTransaction, With } from '#foundation/context.ts'
import type { Instant } from '#foundation/kernel/time.ts'

/**
 * Ends everything that a restored database would accept a second time (replay): sessions, sign-in attempts and links of users, passkey
 * challenges, current TOTP steps, what apps got, and the keys that sign ID tokens. Records `database.rolled_back`.
 * @param missing the last checkpoint, if its event is missing in the audit log; undefined if only commits are missing
 */
export async function endWhatCouldReturn(
  ctx: InTransaction<With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal'>>,
  missing: { readonly position: number; readonly at: Instant } | undefined,
): Promise<void> {
  await raiseAllCredentialEpochs(ctx)
  await forgetChallenges(ctx)
  await consumeCurrentSteps(ctx)
  await endAllGrants(ctx)
  await endAllHostCodes(ctx)
  await withdrawSigningKeys(ctx)
  const details = missing && { noted_event: missing.position, noted_at: missing.at }
  await recordEvent(ctx, { action: 'database.rolled_back', ...(details && { details }) })
}
