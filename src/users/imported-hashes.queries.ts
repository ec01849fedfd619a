import { sql } from 'kysely'

import type { Database } from '../platform/database/schema.ts'

/** Enough of a hash to tell scheme and cost, such as `$2b$12$`, and little of its salt, which would tell every row apart. */
const SCHEME_AND_COST = sql`substr(hashed_password, 1, case
  when hashed_password like '$2%' then 7
  when hashed_password like '$pbkdf2$%' then 14
  when hashed_password like 'scrypt%' then 16
  else 20 end)`
/** Where rows are told apart by their salts all the same; whatever is left out is measured when it is met. */
const MOST_KINDS = 1000

/** The first and the last of each kind: where a cost was cut off, one of them is of the highest. */
export async function selectImportedHashes(db: Database): Promise<string[]> {
  const rows = await db
    .selectFrom('users')
    .select((eb) => [eb.fn.min<string>('hashed_password').as('first'), eb.fn.max<string>('hashed_password').as('last')])
    // Written out, so that both engines see that the index of just these rows will do.
    .where(sql<boolean>`hashed_password not like '$argon2id$%'`)
    .groupBy(SCHEME_AND_COST)
    .limit(MOST_KINDS)
    .execute()
  return [...new Set(rows.flatMap(({ first, last }) => [first, last]))]
}
