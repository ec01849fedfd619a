import type { Database } from '../platform/database/schema.ts'

/** Ends every session, sign-in attempt and link that belongs to a user. */
export async function raiseEveryEpoch(db: Database): Promise<void> {
  await db
    .updateTable('users')
    .set((eb) => ({ credential_epoch: eb('credential_epoch', '+', 1), revision: eb('revision', '+', 1) }))
    .execute()
}
