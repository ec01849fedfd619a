// Removes the secrets that a lost key of the keyring makes unusable.
import { recordEvent } from '#domain/audit/audit.service.ts'
import { countPasskeys } from '#domain/factors/passkeys/passkey.service.ts'
import { confirmedApps, countAppsSealedBy, dropTotpSealedBy } from '#domain/factors/totp/totp.service.ts'
import { forgetSuccessorsSealedBy } from '#domain/grants/token.service.ts'
import { dropUnopenableMails } from '#domain/mail/outbox.service.ts'
import { withdrawSigningKeysSealedBy } from '#domain/signing-keys/rotation.service.ts'
import { usersPepperedWith } from '#domain/users/external-rows/imported-hashes.service.ts'
import { findUser, updateUser } from '#domain/users/user.service.ts'
import type { User } from '#domain/users/user.ts'
import type { InTransaction, With } from '#foundation/context.ts'

type Deps = With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal'>

/** How many users have to enrol a second factor again, and how many need a new password. */
export interface KeyLossImpact {
  readonly withoutFactor: number
  readonly withoutPassword: number
}

export const NO_IMPACT: KeyLossImpact = { withoutFactor: 0, withoutPassword: 0 }

/** Counts the authenticator apps and the passwords that depend on these keys. */
export async function countAffectedUsers(
  ctx: With<'db'>,
  keyIds: readonly string[],
): Promise<{ apps: number; passwords: number }> {
  let passwords = 0
  for (const keyId of keyIds) passwords += (await usersPepperedWith(ctx, keyId)).length
  return { apps: await countAppsSealedBy(ctx, keyIds), passwords }
}

/**
 * Deletes every authenticator app sealed with these keys; a user without app and passkey is signed out and enrols again at the next
 * sign-in. Deletes every password hash peppered with them; those users are signed out and need a new password. Drops every queued mail with
 * a link that was sealed with these keys, every successor of a refresh token and every signing key; new ones are made. Records `key.forgotten`. The transaction is the one that removes the keys.
 */
export async function revokeSecretsOf(ctx: InTransaction<Deps>, keyIds: readonly string[]): Promise<KeyLossImpact> {
  const subjects = new Set(await dropTotpSealedBy(ctx, keyIds))
  await dropUnopenableMails(ctx, keyIds)
  await forgetSuccessorsSealedBy(ctx, keyIds)
  await withdrawSigningKeysSealedBy(ctx, keyIds)
  let withoutFactor = 0
  for (const subject of subjects) if (await requireNewFactor(ctx, subject)) withoutFactor += 1
  let withoutPassword = 0
  for (const keyId of keyIds) withoutPassword += await dropPasswords(ctx, await usersPepperedWith(ctx, keyId))
  await recordEvent(ctx, {
    action: 'key.forgotten',
    details: { keys: keyIds.join(' '), users: withoutFactor, passwords: withoutPassword },
  })
  return { withoutFactor, withoutPassword }
}

async function dropPasswords(ctx: Deps, users: readonly User[]): Promise<number> {
  for (const user of users) {
    await updateUser(ctx, user, { hashedPassword: null })
    await recordEvent(ctx, {
      action: 'password.dropped',
      target: user.subject,
      reason: 'pepper_forgotten',
      details: { username: user.username },
    })
  }
  return users.length
}

async function requireNewFactor(ctx: Deps, subject: string): Promise<boolean> {
  const apps = await confirmedApps(ctx, subject)
  const user = await findUser(ctx, subject)
  if (user === undefined || user.secondFactorAt === null || apps.length > 0) return false
  // Passkeys are not sealed and stay valid, so the user still has a second factor, which the password must not replace.
  if ((await countPasskeys(ctx, subject)) > 0) return false
  await updateUser(ctx, user, { secondFactorAt: null })
  await recordEvent(ctx, {
    action: 'totp.reset',
    target: subject,
    reason: 'key_forgotten',
    details: { username: user.username },
  })
  return true
}
