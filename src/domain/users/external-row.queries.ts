import { sql } from 'kysely'

import type { Instant } from '../../foundation/kernel/time.ts'
import type { Database } from '../../foundation/platform/database/database.ts'
import { updatedOne } from '../../foundation/platform/database/updated-one.ts'

export interface PlaintextSecretRow {
  readonly id: number
  readonly subject: string
  readonly otpSecret: string
}

/** Returns rows after `afterId` with a plaintext TOTP secret, by id. The cast admits a start below the range of the column. */
export async function selectPlaintextSecretRows(
  db: Database,
  afterId: number,
  limit: number,
): Promise<PlaintextSecretRow[]> {
  const rows = await db
    .selectFrom('users')
    .select(['id', 'subject', 'otp_secret as otpSecret'])
    .where('otp_secret', 'is not', null)
    .where('otp_secret', '!=', '')
    .where('id', '>', sql<number>`cast(${afterId} as bigint)`)
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map((row) => ({ ...row, otpSecret: typeof row.otpSecret === 'string' ? row.otpSecret : '' }))
}

/** Returns how many rows have one. The condition is that of a partial index, which is almost always empty. */
export async function countPlaintextSecretRows(db: Database): Promise<number> {
  const { count } = await db
    .selectFrom('users')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('otp_secret', 'is not', null)
    .where('otp_secret', '!=', '')
    .executeTakeFirstOrThrow()
  return count
}

/** Returns the row with this id; undefined if it has no plaintext TOTP secret. */
export async function selectPlaintextSecretRow(db: Database, id: number): Promise<PlaintextSecretRow | undefined> {
  const [row] = await selectPlaintextSecretRows(db, id - 1, 1)
  return row?.id === id ? row : undefined
}

/** Removes the plaintext secret from the row; returns false if another transaction has, so that it becomes one factor and not two. */
export function clearPlaintextSecret(db: Database, secret: PlaintextSecretRow, now: Instant): Promise<boolean> {
  return updatedOne(
    db
      .updateTable('users')
      .set((eb) => ({ otp_secret: null, second_factor_at: eb.fn.coalesce('second_factor_at', eb.val(now)) }))
      .where('id', '=', secret.id)
      .where('otp_secret', '=', secret.otpSecret),
  )
}
