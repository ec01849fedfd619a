// Externally inserted rows, and those of the origin app, hold their code secret in plain text until it is sealed.
import type { With } from '../../foundation/context.ts'
import { Secret } from '../../foundation/kernel/secret.ts'
import {
  clearHandTypedSecret,
  countHandTypedSecrets,
  selectHandTypedSecret,
  selectHandTypedSecrets,
} from './external-row.queries.ts'
import type { HandTypedSecret } from './external-row.queries.ts'

export interface PlainCodeSecret {
  readonly userId: number
  readonly subject: string
  /** As typed; base32 or a key URI, if it is anything. */
  readonly secret: Secret
}

/** The plain code secrets of the first users after an id who have one. */
export async function plaintextTotpSecrets(
  ctx: With<'db'>,
  afterId: number,
  limit: number,
): Promise<PlainCodeSecret[]> {
  return (await selectHandTypedSecrets(ctx.db, afterId, limit)).map(toPlain)
}

/** How many plain code secrets there are. */
export function countPlainCodeSecrets(ctx: With<'db'>): Promise<number> {
  return countHandTypedSecrets(ctx.db)
}

/** The plain code secret in one row, if there is one. */
export async function plainCodeSecretOf(ctx: With<'db'>, userId: number): Promise<PlainCodeSecret | undefined> {
  const row = await selectHandTypedSecret(ctx.db, userId)
  return row === undefined ? undefined : toPlain(row)
}

function toPlain({ id, subject, otpSecret }: HandTypedSecret): PlainCodeSecret {
  return { userId: id, subject, secret: Secret.of(otpSecret) }
}

/** Takes the plain secret out of the row and notes the second factor; true for one caller only. */
export function takePlaintextTotpSecret(
  ctx: With<'db' | 'now'>,
  { userId, subject, secret }: PlainCodeSecret,
): Promise<boolean> {
  return clearHandTypedSecret(ctx.db, { id: userId, subject, otpSecret: secret.reveal() }, ctx.now)
}
