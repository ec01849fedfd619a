// Plaintext TOTP secrets: rows of a legacy database and externally inserted rows hold them in `otp_secret` until they are sealed.
import type { With } from '../../foundation/context.ts'
import { Secret } from '../../foundation/kernel/secret.ts'
import {
  clearPlaintextSecret,
  countPlaintextSecretRows,
  selectPlaintextSecretRow,
  selectPlaintextSecretRows,
} from './external-row.queries.ts'
import type { PlaintextSecretRow } from './external-row.queries.ts'

export interface PlaintextTotpSecret {
  readonly userId: number
  readonly subject: string
  /** As stored: base32 or a key URI, or an unreadable text. */
  readonly secret: Secret
}

/** Returns the plaintext TOTP secrets of the first users after an id who have one. */
export async function plaintextTotpSecrets(
  ctx: With<'db'>,
  afterId: number,
  limit: number,
): Promise<PlaintextTotpSecret[]> {
  return (await selectPlaintextSecretRows(ctx.db, afterId, limit)).map(plaintextSecret)
}

/** Returns how many plaintext TOTP secrets there are. */
export function countPlaintextTotpSecrets(ctx: With<'db'>): Promise<number> {
  return countPlaintextSecretRows(ctx.db)
}

/** Returns the plaintext TOTP secret of one row; undefined if it has none. */
export async function plaintextTotpSecretOf(ctx: With<'db'>, userId: number): Promise<PlaintextTotpSecret | undefined> {
  const row = await selectPlaintextSecretRow(ctx.db, userId)
  return row === undefined ? undefined : plaintextSecret(row)
}

function plaintextSecret({ id, subject, otpSecret }: PlaintextSecretRow): PlaintextTotpSecret {
  return { userId: id, subject, secret: Secret.of(otpSecret) }
}

/** Removes the plaintext secret from the row and marks the user as having a second factor; returns true for one transaction only. */
export function takePlaintextTotpSecret(
  ctx: With<'db' | 'now'>,
  { userId, subject, secret }: PlaintextTotpSecret,
): Promise<boolean> {
  return clearPlaintextSecret(ctx.db, { id: userId, subject, otpSecret: secret.reveal() }, ctx.now)
}
