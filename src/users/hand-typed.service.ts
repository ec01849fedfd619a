// Rows that were typed in by hand or brought by the origin app hold their code secret in plain text until first seen.
import type { With } from '../context.ts'
import { Secret } from '../kernel/secret.ts'
import {
  clearHandTypedSecret,
  countHandTypedSecrets,
  selectHandTypedSecret,
  selectHandTypedSecrets,
} from './hand-typed.queries.ts'
import type { HandTypedSecret } from './hand-typed.queries.ts'

const BATCH = 500

export interface PlainCodeSecret {
  readonly userId: number
  readonly subject: string
  /** As typed; base32 or a key URI, if it is anything. */
  readonly secret: Secret
}

/** All plain code secrets, in batches, so that a large table need not fit in memory. */
export async function* plainCodeSecrets(ctx: With<'db'>): AsyncGenerator<PlainCodeSecret> {
  let last = Number.MIN_SAFE_INTEGER
  for (;;) {
    const rows = await selectHandTypedSecrets(ctx.db, last, BATCH)
    yield* rows.map(toPlain)
    if (rows.length < BATCH) return
    last = rows.at(-1)?.id ?? last
  }
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
export function takePlainCodeSecret(
  ctx: With<'db' | 'now'>,
  { userId, subject, secret }: PlainCodeSecret,
): Promise<boolean> {
  return clearHandTypedSecret(ctx.db, { id: userId, subject, otpSecret: secret.reveal() }, ctx.now)
}
