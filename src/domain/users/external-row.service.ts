// Externally inserted rows: the batches that work on them, and the plaintext TOTP secrets that they, and rows of a legacy database, hold
// in `otp_secret` until they are sealed.
import type { With } from '../../foundation/context.ts'
import {
  clearPlaintextSecret,
  countPlaintextSecretRows,
  selectPlaintextSecretRow,
  selectPlaintextSecretRows,
} from './external-row.queries.ts'
import type { PlaintextTotpSecret } from './external-row.queries.ts'

export type { PlaintextTotpSecret } from './external-row.queries.ts'

/** The result of one short transaction that works on externally inserted rows. */
export interface ExternalBatch {
  /** How many rows were completed, or secrets sealed. */
  readonly done: number
  /** The id after which the next batch begins; undefined after the last batch. */
  readonly next: number | undefined
}

/** The start of a pass through all rows: less than every id. */
export const BEFORE_EVERY_ID = Number.MIN_SAFE_INTEGER

/** Returns the plaintext TOTP secrets of the first users after an id who have one. */
export function plaintextTotpSecrets(ctx: With<'db'>, afterId: number, limit: number): Promise<PlaintextTotpSecret[]> {
  return selectPlaintextSecretRows(ctx.db, afterId, limit)
}

/** Returns how many plaintext TOTP secrets there are. */
export function countPlaintextTotpSecrets(ctx: With<'db'>): Promise<number> {
  return countPlaintextSecretRows(ctx.db)
}

/** Returns the plaintext TOTP secret of one row; undefined if it has none. */
export function plaintextTotpSecretOf(ctx: With<'db'>, userId: number): Promise<PlaintextTotpSecret | undefined> {
  return selectPlaintextSecretRow(ctx.db, userId)
}

/** Removes the plaintext secret from the row and marks the user as having a second factor; returns true for one transaction only. */
export function takePlaintextTotpSecret(ctx: With<'db' | 'now'>, secret: PlaintextTotpSecret): Promise<boolean> {
  return clearPlaintextSecret(ctx.db, secret, ctx.now)
}
