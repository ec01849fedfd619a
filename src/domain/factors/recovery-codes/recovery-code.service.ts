// Recovery codes: generates a set, verifies and consumes a code, and deletes a set.
import type { InTransaction, With } from '#foundation/context.ts'
import type { Secret } from '#foundation/kernel/secret.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import { consumeOnce } from '#foundation/platform/database/consume-once.ts'
import {
  deleteRecoveryCodes,
  insertRecoveryCodes,
  selectRecoveryCode,
  selectRecoveryCodes,
  type StoredRecoveryCode,
} from './recovery-code.queries.ts'
import { newRecoveryCodes, readRecoveryCode, shownCode } from './recovery-code.ts'

/** A generated set that is not stored yet. */
export interface MadeRecoveryCodes {
  /** The codes to show to the user, once. */
  readonly shown: readonly Secret[]
  readonly stored: readonly StoredRecoveryCode[]
}

/**
 * Generates a set. Call it before the transaction that stores it, because hashing takes long. Hashes one code at a time, so that the queue
 * of the hash workers stays short for other requests.
 */
export async function makeRecoveryCodes(ctx: With<'random' | 'hasher' | 'newId'>): Promise<MadeRecoveryCodes> {
  const codes = newRecoveryCodes(ctx.random)
  const stored: StoredRecoveryCode[] = []
  for (const { selector, secret } of codes) {
    stored.push({ id: ctx.newId(), selector, codeHash: await ctx.hasher.hash(secret) })
  }
  return { shown: codes.map(shownCode), stored }
}

/** Replaces the user's set; codes of the former set stop working. */
export async function replaceRecoveryCodes(
  ctx: InTransaction<With<'db' | 'now'>>,
  subject: string,
  { stored }: MadeRecoveryCodes,
): Promise<void> {
  await deleteRecoveryCodes(ctx.db, subject)
  await insertRecoveryCodes(ctx.db, subject, stored, ctx.now)
}

/** Verifies a typed code. A well-formed one costs one hash, whether its selector exists or not (enumeration). Consumes nothing. */
export async function checkRecoveryCode(
  ctx: With<'db' | 'hasher'>,
  subject: string,
  typed: string,
): Promise<{ outcome: 'matched'; codeId: string } | { outcome: 'used' | 'wrong' }> {
  const code = readRecoveryCode(typed)
  if (code === undefined) return { outcome: 'wrong' }
  const stored = await selectRecoveryCode(ctx.db, subject, code.selector)
  const { matched } = await ctx.hasher.verify(code.secret, stored?.codeHash ?? null)
  if (!matched || stored === undefined) return { outcome: 'wrong' }
  return stored.consumedAt === null ? { outcome: 'matched', codeId: stored.id } : { outcome: 'used' }
}

/** Consumes a code; returns true for one of several parallel calls only (replay). */
export function consumeRecoveryCode(ctx: With<'db' | 'now'>, codeId: string): Promise<boolean> {
  return consumeOnce(ctx.db, 'recovery_code', codeId, ctx.now)
}

export interface RecoveryCodesLeft {
  readonly left: number
  /** Null for a user without a set. */
  readonly madeAt: Instant | null
  /** When a code was last used; null if all are left. */
  readonly usedAt: Instant | null
}

/** Returns how many of the user's codes are unused, and when the set was generated and last used. */
export async function recoveryCodesLeft(ctx: With<'db'>, subject: string): Promise<RecoveryCodesLeft> {
  const codes = await selectRecoveryCodes(ctx.db, subject)
  const used = codes.flatMap(({ consumedAt }) => consumedAt ?? [])
  return {
    left: codes.length - used.length,
    madeAt: codes[0]?.createdAt ?? null,
    usedAt: used.length === 0 ? null : Math.max(...used),
  }
}

/** Deletes all codes of the user; returns how many were unused. */
export function dropRecoveryCodes(ctx: With<'db'>, subject: string): Promise<number> {
  return deleteRecoveryCodes(ctx.db, subject)
}
