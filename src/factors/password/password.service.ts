import type { With } from '../../context.ts'
import { Secret } from '../../kernel/secret.ts'
import type { Verification } from '../../platform/password-hasher.ts'
import type { User } from '../../users/user.ts'

/** Compares a password with the user's; for nobody, or for a user without one, costs the same and never matches. */
export function checkPassword(ctx: With<'hasher'>, user: User | undefined, password: Secret): Promise<Verification> {
  return ctx.hasher.verify(password, user?.hashedPassword?.reveal() ?? null)
}

/** The hash to store for a new password. */
export async function newPasswordHash(ctx: With<'hasher'>, password: Secret): Promise<Secret> {
  return Secret.of(await ctx.hasher.hash(password))
}
