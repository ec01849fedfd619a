import { sql } from 'kysely'

import { Secret } from '#foundation/kernel/secret.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import { countRows } from '#foundation/platform/database/row-count.ts'
import { updatedOne } from '#foundation/platform/database/updated-one.ts'

export interface PlaintextTotpSecret {
  readonly userId: number
  readonly subject: string
  /** As stored: base32 or a key URI, or an unreadable text. */
  readonly secret: Secret
}

/** Returns rows after `afterId` with a plaintext TOTP secret, by id. The cast admits a start below the range of the column. */
export async function selectPlaintextSecretRows(
  db: Database,
  afterId: number,
  limit: number,
): Promise<PlaintextTotpSecret[]> {
  const rows = await db
    .selectFrom('users')
    .select(['id', 'subject', 'otp_secret as otpSecret'])
    .where('otp_secret', 'is not', null)
    .where('otp_secret', '!=', '')
    .where('id', '>', sql<number>`cast(${afterId} as bigint)`)
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map(({ id, subject, otpSecret }) => {
    return { userId: id, subject, secret: Secret.of(typeof otpSecret === 'string' ? otpSecret : '') }
  })
}

/** Returns how many rows have one. The condition is that of a partial index, which is almost always empty. */
export function countPlaintextSecretRows(db: Database): Promise<number> {
  return countRows(db.selectFrom('users').where('otp_secret', 'is not', null).where('otp_secret', '!=', ''))
}

/** Returns the row with this id; undefined if it has no plaintext TOTP secret. */
export async function selectPlaintextSecretRow(db: Database, id: number): Promise<PlaintextTotpSecret | undefined> {
  const [row] = await selectPlaintextSecretRows(db, id - 1, 1)
  return row?.userId === id ? row : undefined
}

/** Removes the plaintext secret from the row; returns false if another transaction has, so that it becomes one factor and not two. */
export function clearPlaintextSecret(db: Database, secret: PlaintextTotpSecret, now: Instant): Promise<boolean> {
  return updatedOne(
    db
      .updateTable('users')
      .set((eb) => ({ otp_secret: null, second_factor_at: eb.fn.coalesce('second_factor_at', eb.val(now)) }))
      .where('id', '=', secret.userId)
      .where('otp_secret', '=', secret.secret.reveal()),
  )
}
