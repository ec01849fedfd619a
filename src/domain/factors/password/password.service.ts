// Passwords: verifies them, hashes new ones, and checks new ones against the policy.
import type { User } from '#domain/users/user.ts'
import type { With } from '#foundation/context.ts'
import { type FieldError, Refusal } from '#foundation/kernel/refusal.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import type { Peppers, Verification } from '#foundation/platform/passwords/password-hasher.ts'
import { type PasswordStrength, passwordStrength } from './password-strength.ts'
import { type AboutUser, fieldErrorInPassword, type PasswordPolicy } from './password.ts'

/** Verifies a password. Without a user or a stored hash it never matches, after the work of a dummy hash (enumeration). */
export function verifyPassword(
  ctx: With<'hasher' | 'keyring' | 'config'>,
  user: User | undefined,
  password: Secret,
): Promise<Verification> {
  return ctx.hasher.verify(password, user?.hashedPassword?.reveal() ?? null, peppersOf(ctx))
}

/** Returns the hash of a new password, to be stored. */
export async function newPasswordHash(ctx: With<'hasher' | 'keyring' | 'config'>, password: Secret): Promise<Secret> {
  return Secret.of(await ctx.hasher.hash(password, peppersOf(ctx)))
}

/** A new password, its user, and the field that contains it. */
export interface NewPassword {
  readonly password: Secret
  readonly user: AboutUser
  readonly policy: PasswordPolicy
  /** JSON Pointer; `/password` when left out. */
  readonly pointer?: string
}

/**
 * Returns the field errors of a new password; each entry point that sets one calls this. May query the range service for breached
 * passwords, so call it outside transactions; a password that the rules reject is not queried.
 */
export async function fieldErrorsInNewPassword(
  { config, knownPasswords }: With<'config' | 'knownPasswords'>,
  { password, user, policy, pointer = '/password' }: NewPassword,
): Promise<FieldError[]> {
  const common = await knownPasswords.common()
  const fieldError = fieldErrorInPassword(password.reveal(), { policy, user, site: config, common })
  if (fieldError !== undefined) return [{ pointer, ...fieldError }]
  const isBreached = await knownPasswords.isBreached(password.reveal().normalize('NFC'))
  return isBreached ? [{ pointer, code: 'password.breached' }] : []
}

/**
 * Returns how strong a password would be, for the page that asks while it is typed. No range service is queried. Throws `throttle.blocked`
 * when `askedFrom`, the session or link of the page, has asked too often.
 */
export async function strengthWhileTyped(
  { config, knownPasswords, limits }: With<'config' | 'knownPasswords' | 'limits'>,
  { password, user, policy }: NewPassword,
  askedFrom: string,
): Promise<PasswordStrength> {
  if (!limits.strengthRequests.take(askedFrom)) throw new Refusal('throttle.blocked')
  return passwordStrength(password.reveal(), { policy, user, site: config, common: await knownPasswords.common() })
}

/** If the pepper is disabled, hashes with it are still verified; the next sign-in rehashes the password without it. */
function peppersOf({ config, keyring }: With<'keyring' | 'config'>): Peppers {
  if (config.pepper && keyring.newestPepper === null) throw new Error('The keyring has no key for pepper')
  return { wanted: config.pepper ? keyring.newestPepper : null, mix: keyring.pepper }
}
