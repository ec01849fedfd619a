import type { With } from '../../../foundation/context.ts'
import type { Secret } from '../../../foundation/kernel/secret.ts'
import type { Instant } from '../../../foundation/kernel/time.ts'
import { consumeOnce } from '../../../foundation/platform/database/consume-once.ts'
import { newRecoveryCodes, readRecoveryCode, shownCode } from './recovery-code.ts'
import {
  deleteRecoveryCodes,
  insertRecoveryCodes,
  selectRecoveryCode,
  selectRecoveryCodes,
} from './recovery-code.queries.ts'
import type { StoredRecoveryCode } from './recovery-code.queries.ts'

/** A set that nobody has yet. */
export interface MadeRecoveryCodes {
  /** For its owner, to be shown once. */
  readonly shown: readonly Secret[]
  readonly stored: readonly StoredRecoveryCode[]
}

/** Makes a set. Hashes, so it comes before the transaction that stores it; one after the other, to leave the queue to others. */
export async function makeRecoveryCodes(ctx: With<'random' | 'hasher' | 'newId'>): Promise<MadeRecoveryCodes> {
  const codes = newRecoveryCodes(ctx.random)
  const stored: StoredRecoveryCode[] = []
  for (const { selector, secret } of codes) {
    stored.push({ id: ctx.newId(), selector, codeHash: await ctx.hasher.hash(secret) })
  }
  return { shown: codes.map(shownCode), stored }
}

/** Gives a person a new set; what is left of the old one stops working. Call it inside a transaction. */
export async function replaceRecoveryCodes(
  ctx: With<'db' | 'now'>,
  subject: string,
  { stored }: MadeRecoveryCodes,
): Promise<void> {
  await deleteRecoveryCodes(ctx.db, subject)
  await insertRecoveryCodes(ctx.db, subject, stored, ctx.now)
}

export type RecoveryCodeCheck =
  | { readonly outcome: 'matched'; readonly codeId: string }
  | { readonly outcome: 'used' }
  | { readonly outcome: 'wrong' }

/** Compares with the person's own codes only, at the cost of one hash whatever was typed. Spends nothing. */
export async function checkRecoveryCode(
  ctx: With<'db' | 'hasher'>,
  subject: string,
  typed: string,
): Promise<RecoveryCodeCheck> {
  const code = readRecoveryCode(typed)
  if (code === undefined) return { outcome: 'wrong' }
  const stored = await selectRecoveryCode(ctx.db, subject, code.selector)
  const { matched } = await ctx.hasher.verify(code.secret, stored?.codeHash ?? null)
  if (!matched || stored === undefined) return { outcome: 'wrong' }
  return stored.consumedAt === null ? { outcome: 'matched', codeId: stored.id } : { outcome: 'used' }
}

/** Spends a code: true for one caller only, however many try at once. */
export function consumeRecoveryCode(ctx: With<'db' | 'now'>, codeId: string): Promise<boolean> {
  return consumeOnce(ctx.db, 'recovery_code', codeId, ctx.now)
}

export interface RecoveryCodesLeft {
  readonly left: number
  /** Null for somebody who has no set. */
  readonly madeAt: Instant | null
  /** When one of them was used last; null while all are left. */
  readonly usedAt: Instant | null
}

export async function recoveryCodesLeft(ctx: With<'db'>, subject: string): Promise<RecoveryCodesLeft> {
  const codes = await selectRecoveryCodes(ctx.db, subject)
  const used = codes.flatMap(({ consumedAt }) => consumedAt ?? [])
  return {
    left: codes.length - used.length,
    madeAt: codes[0]?.createdAt ?? null,
    usedAt: used.length === 0 ? null : Math.max(...used),
  }
}

/** Takes all codes away; how many would still have worked. */
export function dropRecoveryCodes(ctx: With<'db'>, subject: string): Promise<number> {
  return deleteRecoveryCodes(ctx.db, subject)
}
