import type { With } from '../../../foundation/context.ts'
import type { FieldError } from '../../../foundation/kernel/field-error.ts'
import { Secret } from '../../../foundation/kernel/secret.ts'
import type { Peppers, Verification } from '../../../foundation/platform/passwords/password-hasher.ts'
import type { User } from '../../users/user.ts'
import { faultInPassword } from './password.ts'
import type { AboutUser, PasswordPolicy } from './password.ts'

/** Compares a password with the user's. Without a user, or for one without a password, it costs the same and never matches. */
export function verifyPassword(
  ctx: With<'hasher' | 'keyring' | 'config'>,
  user: User | undefined,
  password: Secret,
): Promise<Verification> {
  return ctx.hasher.verify(password, user?.hashedPassword?.reveal() ?? null, peppersOf(ctx))
}

/** The hash to store for a new password. */
export async function newPasswordHash(ctx: With<'hasher' | 'keyring' | 'config'>, password: Secret): Promise<Secret> {
  return Secret.of(await ctx.hasher.hash(password, peppersOf(ctx)))
}

/** Which field a new password stands in, and whom it is for. */
export interface NewPassword {
  readonly password: Secret
  readonly user: AboutUser
  readonly policy: PasswordPolicy
  /** JSON Pointer; `/password` when left out. */
  readonly pointer?: string
}

/**
 * What is wrong with a new password, wherever one is set. May ask the range service, so it belongs outside transactions;
 * nobody is asked about a password that is refused anyway.
 */
export async function faultsInNewPassword(
  ctx: With<'config' | 'knownPasswords'>,
  { password, user, policy, pointer = '/password' }: NewPassword,
): Promise<FieldError[]> {
  const { config, knownPasswords } = ctx
  const common = await knownPasswords.common()
  const standard = { policy, user, site: config, common }
  const fault = faultInPassword(password.reveal(), standard) ?? (await breach(ctx, password))
  return fault === undefined ? [] : [{ pointer, ...fault }]
}

async function breach(
  { knownPasswords }: With<'knownPasswords'>,
  password: Secret,
): Promise<Omit<FieldError, 'pointer'> | undefined> {
  const breached = await knownPasswords.isBreached(password.reveal().normalize('NFC'))
  return breached ? { code: 'password.breached' } : undefined
}

/** Switched off, a pepper still opens the hashes made with it; the next right sign-in makes them anew without. */
function peppersOf({ config, keyring }: With<'keyring' | 'config'>): Peppers {
  if (config.pepper && keyring.newestPepper === null) throw new Error('The keyring has no key for pepper')
  return { wanted: config.pepper ? keyring.newestPepper : null, mix: keyring.pepper }
}
