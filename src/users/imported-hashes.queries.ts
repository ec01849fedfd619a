import { sql } from 'kysely'

import type { Database } from '../platform/database/schema.ts'

/** Enough of a modular-crypt hash to tell scheme and cost, such as `$2b$12$`. */
const SCHEME_AND_COST = 7

export async function selectImportedHashes(db: Database): Promise<string[]> {
  const rows = await db
    .selectFrom('users')
    .select((eb) => eb.fn.min<string>('hashed_password').as('sample'))
    // Written out, so that both engines see that the index of just these rows will do.
    .where(sql<boolean>`hashed_password not like '$argon2id$%'`)
    .groupBy(sql`substr(hashed_password, 1, ${sql.lit(SCHEME_AND_COST)})`)
    .execute()
  return rows.map(({ sample }) => sample)
}
